// The words in the cone view: the names of its rows, the tokens below it, and the token on top.

/** @import { Scene } from "./cone_scene.js" */

import { isUniform, patternLabel } from "../../patterns/schedule.js";
import { sinksOf } from "../../reach.js";
import { shortened } from "../../wording/text.js";
import { rgb } from "../core/theme.js";
import { BOX } from "./cone_scene.js";

const LABEL_ROOM = 14;

/**
 * The names of the rows, how many tokens each holds within reach, and what a layer reads where the
 * layers differ.
 * @param {Scene} scene
 * @returns {void}
 */
export function drawRows(scene) {
  const { pen, nRows, schedule } = scene;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  for (let row = 0; row <= nRows; row++) {
    if (row > schedule.length) drawUnused(scene, row);
    else drawUsed(scene, row);
  }
}

/**
 * Words at the left of a row.
 * @param {Scene} scene
 * @param {number} row
 * @param {number} lower - How far below the middle of the row.
 * @param {string} words
 * @param {string} colour
 * @param {string} [letters] - Their weight and size; else as the words before.
 */
function write({ pen, place, font }, row, lower, words, colour, letters) {
  if (letters) pen.font = `${letters}px ${font}`;
  pen.fillStyle = colour;
  pen.fillText(words, 0, place.top(row) + BOX / 2 + lower);
}

/** @param {number} row */
const rowName = (row) => (row ? `layer ${row}` : "text");

/**
 * @param {Scene} scene
 * @param {number} row
 */
function drawUnused(scene, row) {
  const { place, colours } = scene;
  write(scene, row, -7, rowName(row), rgb(colours.ink, 0.4), `450 ${place.narrow ? 11 : 13}`);
  write(scene, row, 8, "not used", rgb(colours.outside, 0.8), `${place.narrow ? 10.5 : 12}`);
}

/**
 * @param {Scene} scene
 * @param {number} row
 */
function drawUsed(scene, row) {
  const { place, schedule, reached, colours } = scene;
  const heard = reached[row].reduce((a, b) => a + b, 0);
  const words = heard === 1 ? "1 token" : `${heard} ${place.narrow ? "tok." : "tokens"}`;
  const weight = row === schedule.length ? 650 : 450;
  write(scene, row, -7, rowName(row), rgb(colours.ink, 0.9), `${weight} ${place.narrow ? 11 : 13}`);
  write(scene, row, 8, words, rgb(colours.ink, 0.72), `${place.narrow ? 10.5 : 12}`);
  if (row && !isUniform(schedule)) write(scene, row, 23, patternLabel(schedule[row - 1]), rgb(colours.ink, 0.9));
}

/**
 * The words below the lowest row, thinned where they would overlap, and the query's word on top.
 * @param {Scene} scene
 * @returns {void}
 */
export function drawWords(scene) {
  const { place, tokens, query, cell } = scene;
  const step = Math.ceil(LABEL_ROOM / place.pitch);
  const marked = cell?.position ?? query;
  tokens.forEach((_, position) => {
    const crowded = Math.abs(position - marked) < step;
    if (position === marked || (position % step === 0 && !crowded)) drawWord(scene, position, position === marked);
  });
  drawTopWord(scene);
}

/**
 * @param {Scene} scene
 * @param {number} position
 * @param {boolean} isMarked
 */
function drawWord(scene, position, isMarked) {
  const { pen, place, tokens, query, schedule, font } = scene;
  const pinned = position < sinksOf(schedule) && position !== query;
  pen.save();
  pen.translate(place.middle(position), place.top(0) + BOX + 7);
  pen.rotate(-Math.PI / 3.2);
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  pen.font = `${isMarked ? 700 : 450} ${place.pitch > 16 ? 13 : 12}px ${font}`;
  pen.fillStyle = wordColour(scene, position, pinned);
  pen.fillText(`${pinned ? "★ " : ""}${shortened(tokens[position])}`, 0, 3);
  pen.restore();
}

/**
 * @param {Scene} scene
 * @param {number} position
 * @param {boolean} pinned
 */
function wordColour({ query, reached, colours }, position, pinned) {
  if (position === query) return rgb(colours.query);
  if (!reached[0][position]) return rgb(colours.outside, 0.85);
  return rgb(pinned ? colours.pinned : colours.ink, 0.9);
}

/** @param {Scene} scene */
function drawTopWord({ pen, place, tokens, query, schedule, font, colours }) {
  const atTheEdge = place.middle(query) > place.width - 50;
  pen.font = `700 14px ${font}`;
  pen.fillStyle = rgb(colours.query);
  pen.textBaseline = "alphabetic";
  pen.textAlign = atTheEdge ? "right" : "center";
  const x = atTheEdge ? place.left(query + 1) : place.middle(query);
  pen.fillText(shortened(tokens[query]), x, place.top(schedule.length) - 8);
}
