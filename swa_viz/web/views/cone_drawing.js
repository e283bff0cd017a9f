// How the cone view draws: each function puts one kind of thing on the canvas.
//
// scene: the view's data, and {context, place, reached, cell, way, font, colours}.

import { keyTable, sinksOf } from "../../reach.js";
import { runs } from "../../patterns/rule.js";
import { isUniform, patternWord } from "../../patterns/schedule.js";
import { readable } from "../../wording/text.js";
import { rgb } from "../core/theme.js";

const LABEL_ROOM = 14;
const LONGEST_WORD = 11;
const MOST_LINES = 24;

// The squares of one row are a little narrower than their columns.
function square({ place }, row, position) {
  const gap = place.pitch > 8 ? Math.min(3, place.pitch * 0.14) : place.pitch > 3 ? 1 : 0;
  return [place.left(position) + gap / 2, place.top(row), place.pitch - gap, place.box];
}

// Neighbouring queries whose keys hang together, as one shape: {from, to} above, {first, last} below.
function beams(pattern, row) {
  const table = keyTable(pattern, row.length);
  const found = [];
  row.forEach((seen, at) => {
    if (!seen) return;
    for (const [first, last] of runs(table[at])) {
      const open = found.find((beam) => beam.to === at - 1 && first <= beam.last + 1 && last >= beam.first - 1);
      if (!open) found.push({ from: at, to: at, first, last });
      else Object.assign(open, { to: at, first: Math.min(open.first, first), last: Math.max(open.last, last) });
    }
  });
  return found;
}

// The light between the rows: from every reached token to the keys that it reads.
export function drawLight({ context, place, schedule, reached, colours }) {
  schedule.forEach((pattern, index) => {
    const [high, low] = [place.top(index + 1) + place.box, place.top(index)];
    context.beginPath();
    for (const { from, to, first, last } of beams(pattern, reached[index + 1])) {
      context.moveTo(place.left(from), high);
      context.lineTo(place.left(to + 1), high);
      context.lineTo(place.left(last + 1), low);
      context.lineTo(place.left(first), low);
      context.closePath();
    }
    context.fillStyle = rgb(colours.reach, 0.1);
    context.fill();
  });
}

// The names of the rows, how many tokens each holds within reach, and what a layer reads where the
// layers differ.
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
    if (!counts || !row || isUniform(schedule)) continue;
    context.fillStyle = rgb(colours.ink, 0.9);
    context.fillText(patternWord(schedule[row - 1]), 0, middle + 23);
  }
}

// Every square: dimmed out of reach, outlined in reach, filled by influence or hatched without.
export function drawCells(scene) {
  const { context, nRows, schedule, reached, shares, colours } = scene;
  const hatch = shares ? null : hatching(context, colours);
  for (let row = 0; row <= nRows; row++) {
    const counts = row <= schedule.length;
    const [inside, outside] = [[], []];
    scene.tokens.forEach((_, position) => (counts && reached[row][position] ? inside : outside).push(position));
    outline(scene, row, outside, rgb(colours.outside, counts ? 0.4 : 0.16), 1);
    fillRow(scene, row, inside, hatch);
    outline(scene, row, inside, rgb(row === schedule.length ? colours.query : colours.reach), 1.5);
  }
}

// All squares of a row that look alike, in one path.
function outline(scene, row, positions, colour, width) {
  const { context, place } = scene;
  const path = new Path2D();
  positions.forEach((position) => path.roundRect(...square(scene, row, position), place.pitch > 10 ? 4 : 0));
  context.strokeStyle = colour;
  context.lineWidth = place.pitch > 6 ? width : width / 2;
  context.stroke(path);
}

function fillRow(scene, row, positions, hatch) {
  const { context, schedule, shares, query, colours } = scene;
  const most = shares && positions.length ? Math.max(...shares[row]) : 1;
  for (const position of positions) {
    const [left, top, width, height] = square(scene, row, position);
    const box = [left + 0.5, top + 0.5, width - 1, height - 1];
    context.fillStyle = rgb(colours.paper);
    context.fillRect(...box);
    if (row === schedule.length && position === query) context.fillStyle = rgb(colours.query);
    else context.fillStyle = hatch ?? rgb(colours.reach, Math.sqrt(shares[row][position] / most));
    context.fillRect(...box);
  }
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

// One window per layer, at the front of the cone: the oldest reached token, sinks aside, reads its
// keys.
export function drawWindows({ context, place, schedule, reached, tokens, query, font, colours }) {
  const first = Math.min(sinksOf(schedule), query);
  schedule.forEach((pattern, index) => {
    const front = reached[index + 1].findIndex((seen, at) => seen && at >= first);
    const keys = keyTable(pattern, tokens.length)[front];
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
    for (const [first, last] of runs(keys)) {
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
  const sinks = sinksOf(schedule);
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
    const pinned = position < sinks && position !== query;
    context.fillStyle =
      position === query
        ? rgb(colours.query)
        : rgb(inReach ? (pinned ? colours.pinned : colours.ink) : colours.outside, inReach ? 0.9 : 0.85);
    context.fillText(pinned ? `★ ${shortened(piece)}` : shortened(piece), 0, 3);
    context.restore();
  });
  context.font = `700 14px ${font}`;
  context.fillStyle = rgb(colours.query);
  context.textBaseline = "alphabetic";
  context.textAlign = place.middle(query) > place.width - 50 ? "right" : "center";
  const x = context.textAlign === "right" ? place.left(query + 1) : place.middle(query);
  context.fillText(shortened(tokens[query]), x, place.top(schedule.length) - 8);
}
