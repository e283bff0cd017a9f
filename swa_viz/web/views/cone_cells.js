// The cells of the cone view, and the light that falls between its rows.

/** @import { Pattern } from "../core/types.d.ts" */
/** @import { Scene } from "./cone_scene.js" */

import { runs } from "../../patterns/sentences.js";
import { keyTable } from "../../reach.js";
import { hatching } from "../core/hatching.js";
import { rgb } from "../core/theme.js";
import { BOX, square } from "./cone_scene.js";

/**
 * Neighbouring queries, `from` to `to`, whose keys, `first` to `last`, hang together.
 * @typedef {{from: number, to: number, first: number, last: number}} Beam
 */

/**
 * The beams below one row: the queries that are reached, and what they read.
 * @param {Pattern} pattern
 * @param {Float64Array} row - 1 where a query is reached.
 */
function beams(pattern, row) {
  const table = keyTable(pattern, row.length);
  /** @type {Beam[]} */
  const found = [];
  for (let at = 0; at < row.length; at++) {
    if (!row[at]) continue;
    for (const [first, last] of runs(table[at])) {
      const open = found.find((beam) => beam.to === at - 1 && first <= beam.last + 1 && last >= beam.first - 1);
      if (!open) found.push({ from: at, to: at, first, last });
      else Object.assign(open, { to: at, first: Math.min(open.first, first), last: Math.max(open.last, last) });
    }
  }
  return found;
}

/**
 * The light between the rows: from every reached token to the keys that it reads.
 * @param {Scene} scene
 * @returns {void}
 */
export function drawLight({ pen, place, schedule, reached, colours }) {
  schedule.forEach((pattern, index) => {
    const [high, low] = [place.top(index + 1) + BOX, place.top(index)];
    pen.beginPath();
    for (const { from, to, first, last } of beams(pattern, reached[index + 1])) {
      pen.moveTo(place.left(from), high);
      pen.lineTo(place.left(to + 1), high);
      pen.lineTo(place.left(last + 1), low);
      pen.lineTo(place.left(first), low);
      pen.closePath();
    }
    pen.fillStyle = rgb(colours.reach, 0.1);
    pen.fill();
  });
}

/**
 * Every square: dimmed out of reach, outlined in reach, filled by influence or hatched without.
 * @param {Scene} scene
 * @returns {void}
 */
export function drawCells(scene) {
  const { pen, nRows, schedule, reached, shares, colours } = scene;
  const hatch = shares ? null : hatching(pen, rgb(colours.pending), 1);
  for (let row = 0; row <= nRows; row++) {
    const counts = row <= schedule.length;
    /** @type {number[][]} */
    const [inside, outside] = [[], []];
    scene.tokens.forEach((_, position) => (counts && reached[row][position] ? inside : outside).push(position));
    outline(scene, row, outside, rgb(colours.outside, counts ? 0.4 : 0.16), 1);
    fillRow(scene, row, inside, hatch);
    outline(scene, row, inside, rgb(row === schedule.length ? colours.query : colours.reach), 1.5);
  }
}

/**
 * All squares of a row that look alike, in one path.
 * @param {Scene} scene
 * @param {number} row
 * @param {number[]} positions
 * @param {string} colour
 * @param {number} width
 */
function outline(scene, row, positions, colour, width) {
  const { pen, place } = scene;
  pen.beginPath();
  positions.forEach((position) => pen.roundRect(...square(scene, row, position), place.pitch > 10 ? 4 : 0));
  pen.strokeStyle = colour;
  pen.lineWidth = place.pitch > 6 ? width : width / 2;
  pen.stroke();
}

/**
 * @param {Scene} scene
 * @param {number} row
 * @param {number[]} positions
 * @param {CanvasPattern | null} hatch - What fills the squares while nothing is measured.
 */
function fillRow(scene, row, positions, hatch) {
  const { pen, schedule, shares, query, colours } = scene;
  const levels = shares?.[row] ?? [];
  const most = positions.length ? Math.max(...levels) : 1;
  for (const position of positions) {
    const [left, top, width, height] = square(scene, row, position);
    pen.fillStyle = rgb(colours.paper);
    pen.fillRect(left + 0.5, top + 0.5, width - 1, height - 1);
    if (row === schedule.length && position === query) pen.fillStyle = rgb(colours.query);
    else pen.fillStyle = hatch ?? rgb(colours.reach, Math.sqrt(levels[position] / most));
    pen.fillRect(left + 0.5, top + 0.5, width - 1, height - 1);
  }
}
