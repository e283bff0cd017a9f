// How the cone view draws: each function puts one kind of thing on the canvas.
//
// scene: the view's data, and {context, place, reached, cell, way, font, colours}.

import { keysOf } from "./patterns.js";
import { readable } from "./text.js";
import { rgb } from "./theme.js";

const LABEL_ROOM = 14;
const LONGEST_WORD = 11;
const MOST_LINES = 24;

// The squares of one row are a little narrower than their columns.
function square({ place }, row, position) {
  const gap = place.pitch > 8 ? Math.min(3, place.pitch * 0.14) : place.pitch > 3 ? 1 : 0;
  return [place.left(position) + gap / 2, place.top(row), place.pitch - gap, place.box];
}

// Neighbouring keys as [first, last] stretches.
function stretches(keys) {
  const found = [];
  for (const key of keys) {
    const open = found[found.length - 1];
    if (open && key === open[1] + 1) open[1] = key;
    else found.push([key, key]);
  }
  return found;
}

// The light between the rows: from every reached token to the keys that it reads.
export function drawLight({ context, place, schedule, reached, tokens, colours }) {
  schedule.forEach((pattern, index) => {
    context.beginPath();
    reached[index + 1].forEach((seen, at) => {
      if (!seen) return;
      const [high, low] = [place.top(index + 1) + place.box, place.top(index)];
      for (const [first, last] of stretches(keysOf(pattern, at, tokens.length))) {
        context.moveTo(place.left(at), high);
        context.lineTo(place.left(at + 1), high);
        context.lineTo(place.left(last + 1), low);
        context.lineTo(place.left(first), low);
        context.closePath();
      }
    });
    context.fillStyle = rgb(colours.reach, 0.1);
    context.fill();
  });
}

// The names of the rows, and how many tokens each holds within reach.
export function drawRows({ context, place, nRows, schedule, reached, font, colours }) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (let row = 0; row <= nRows; row++) {
    const counts = row <= schedule.length;
    const name = row ? `layer ${row}` : "text";
    const middle = place.top(row) + place.box / 2;
    context.font = `${row === schedule.length ? 650 : 450} ${place.narrow ? 11 : 13}px ${font}`;
    context.fillStyle = rgb(colours.ink, counts ? 0.9 : 0.4);
    context.fillText(name, 0, middle - 7);
    const heard = counts ? reached[row].reduce((a, b) => a + b, 0) : 0;
    const words = heard === 1 ? "1 token" : `${heard} ${place.narrow ? "tok." : "tokens"}`;
    context.font = `${place.narrow ? 10.5 : 12}px ${font}`;
    context.fillStyle = rgb(counts ? colours.ink : colours.outside, counts ? 0.72 : 0.8);
    context.fillText(counts ? words : "not used", 0, middle + 8);
  }
}

// Every square: dimmed out of reach, outlined in reach, filled by influence or hatched without.
export function drawCells(scene) {
  const { context, place, nRows, schedule, reached, shares, query, colours, tokens } = scene;
  const hatch = hatching(context, colours);
  for (let row = 0; row <= nRows; row++) {
    const most = shares && row <= schedule.length ? Math.max(...shares[row]) : 1;
    tokens.forEach((_, position) => {
      context.beginPath();
      context.roundRect(...square(scene, row, position), place.pitch > 10 ? 4 : 0);
      if (row > schedule.length || !reached[row][position]) return dim(scene, row <= schedule.length);
      context.fillStyle = rgb(colours.paper);
      context.fill();
      if (row === schedule.length && position === query) context.fillStyle = rgb(colours.query);
      else context.fillStyle = shares ? rgb(colours.reach, Math.sqrt(shares[row][position] / most)) : hatch;
      context.fill();
      context.strokeStyle = rgb(row === schedule.length ? colours.query : colours.reach);
      context.lineWidth = place.pitch > 6 ? 1.5 : 0.8;
      context.stroke();
    });
  }
}

function dim({ context, place, colours }, counts) {
  context.strokeStyle = rgb(colours.outside, counts ? 0.4 : 0.16);
  context.lineWidth = place.pitch > 6 ? 1 : 0.5;
  context.stroke();
}

function hatching(context, colours) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const pen = tile.getContext("2d");
  pen.strokeStyle = rgb(colours.pending);
  pen.lineWidth = 1.6;
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(shift, 6);
    pen.lineTo(shift + 6, 0);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat");
}

// One window per layer, at the front of the cone: the oldest reached token reads its keys.
export function drawWindows({ context, place, schedule, reached, tokens, font, colours }) {
  schedule.forEach((pattern, index) => {
    const front = reached[index + 1].indexOf(1);
    const keys = keysOf(pattern, front, tokens.length);
    if (!keys.some((key) => key < front)) return;
    const [high, low] = [place.top(index + 1) + place.box, place.top(index) - 6];
    const step = Math.ceil(keys.length / MOST_LINES);
    context.strokeStyle = rgb(colours.key, 0.75);
    context.lineWidth = 1;
    context.beginPath();
    keys.forEach((key, i) => {
      if (i % step && i !== keys.length - 1) return;
      context.moveTo(place.middle(front), high);
      context.lineTo(place.middle(key), low);
    });
    context.stroke();
    context.fillStyle = rgb(colours.key);
    for (const [first, last] of stretches(keys)) {
      context.beginPath();
      context.roundRect(place.left(first) + 1, low - 2, (last - first + 1) * place.pitch - 2, 4, 2);
      context.fill();
    }
    if (index !== schedule.length - 1) return;
    context.font = `650 12.5px ${font}`;
    context.textAlign = "right";
    const words = `reads ${keys.length} ${keys.length === 1 ? "key" : "keys"}`;
    const room = place.left(keys[0]) - 8 - place.gutter;
    if (context.measureText(words).width < room) context.fillText(words, place.left(keys[0]) - 8, low);
  });
}

// One way from the top to the cell that the visitor points at.
export function drawRoute(scene) {
  const { context, place, schedule, cell, way, colours } = scene;
  if (!cell) return;
  context.strokeStyle = rgb(colours.ink);
  context.lineWidth = 2;
  context.strokeRect(...square(scene, cell.row, cell.position));
  if (!way) return;
  context.lineWidth = 4;
  context.lineCap = "round";
  context.strokeStyle = rgb(colours.key);
  way.forEach((position, i) => {
    if (!i) return;
    context.beginPath();
    context.moveTo(place.middle(way[i - 1]), place.top(schedule.length - i + 1) + place.box - 4);
    context.lineTo(place.middle(position), place.top(schedule.length - i) + 4);
    context.stroke();
  });
}

const shortened = (piece) => {
  const letters = [...readable(piece)];
  return letters.length > LONGEST_WORD ? `${letters.slice(0, LONGEST_WORD - 1).join("")}…` : letters.join("");
};

// The words below the lowest row, thinned where they would overlap, and the query's word on top.
export function drawWords(scene) {
  const { context, place, tokens, reached, query, cell, schedule, font, colours } = scene;
  const step = Math.ceil(LABEL_ROOM / place.pitch);
  const marked = cell?.position ?? query;
  const size = place.pitch > 16 ? 13 : 12;
  tokens.forEach((piece, position) => {
    const crowded = Math.abs(position - marked) < step && position !== marked;
    if (position !== marked && (position % step || crowded)) return;
    context.save();
    context.translate(place.middle(position), place.top(0) + place.box + 7);
    context.rotate(-Math.PI / 3.2);
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.font = `${position === marked ? 700 : 450} ${size}px ${font}`;
    const inReach = reached[0][position];
    context.fillStyle = position === query ? rgb(colours.query) : rgb(inReach ? colours.ink : colours.outside, inReach ? 0.9 : 0.85);
    context.fillText(shortened(piece), 0, 3);
    context.restore();
  });
  context.font = `700 14px ${font}`;
  context.fillStyle = rgb(colours.query);
  context.textBaseline = "alphabetic";
  context.textAlign = place.middle(query) > place.width - 50 ? "right" : "center";
  const x = context.textAlign === "right" ? place.left(query + 1) : place.middle(query);
  context.fillText(shortened(tokens[query]), x, place.top(schedule.length) - 8);
}
