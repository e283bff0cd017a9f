// The lines of the cone view: one window for each layer, and one way that information can take.

/** @import { Scene } from "./cone_scene.js" */

import { runs } from "../../patterns/sentences.js";
import { keyTable, sinksOf } from "../../reach.js";
import { counted } from "../../wording/numbers.js";
import { rgb } from "../core/theme.js";
import { BOX, square } from "./cone_scene.js";

const MOST_LINES = 24;
const ABOVE_THE_KEYS = 6;

/**
 * One window per layer, at the front of the cone: the oldest reached token, sinks aside, reads its
 * keys.
 * @param {Scene} scene
 * @returns {void}
 */
export function drawWindows(scene) {
  const { pen, schedule, reached, tokens, query, colours } = scene;
  const first = Math.min(sinksOf(schedule), query);
  schedule.forEach((pattern, index) => {
    const front = reached[index + 1].findIndex((seen, at) => seen === 1 && at >= first);
    /** @type {number[]} */
    const keys = keyTable(pattern, tokens.length)[front];
    if (!keys.some((key) => key < front)) return;
    pen.strokeStyle = rgb(colours.key, 0.75);
    pen.lineWidth = 1;
    drawFan(scene, index, front, keys);
    pen.fillStyle = rgb(colours.key);
    underline(scene, index, keys);
    if (index === schedule.length - 1) drawCount(scene, index, keys);
  });
}

/**
 * Lines from a query to its keys, as many as can be told apart.
 * @param {Scene} scene
 * @param {number} index - Of the layer, from 0.
 * @param {number} query
 * @param {number[]} keys
 */
function drawFan({ pen, place }, index, query, keys) {
  const [high, low] = [place.top(index + 1) + BOX, place.top(index) - ABOVE_THE_KEYS];
  const step = Math.ceil(keys.length / MOST_LINES);
  pen.beginPath();
  keys.forEach((key, i) => {
    if (i % step && i !== keys.length - 1) return;
    pen.moveTo(place.middle(query), high);
    pen.lineTo(place.middle(key), low);
  });
  pen.stroke();
}

/**
 * @param {Scene} scene
 * @param {number} index - Of the layer, from 0.
 * @param {number[]} keys
 */
function underline({ pen, place }, index, keys) {
  const low = place.top(index) - ABOVE_THE_KEYS;
  for (const [first, last] of runs(keys)) {
    pen.beginPath();
    pen.roundRect(place.left(first) + 1, low - 2, (last - first + 1) * place.pitch - 2, 4, 2);
    pen.fill();
  }
}

/**
 * How many keys the top layer's window has, where there is room for it.
 * @param {Scene} scene
 * @param {number} index - Of the layer, from 0.
 * @param {number[]} keys
 */
function drawCount({ pen, place, font }, index, keys) {
  pen.font = `650 12.5px ${font}`;
  pen.textAlign = "right";
  const words = `reads ${counted(keys.length, "key")}`;
  const end = place.left(keys[0]) - 8;
  if (pen.measureText(words).width < end - place.gutter) pen.fillText(words, end, place.top(index) - ABOVE_THE_KEYS);
}

/**
 * One way from the top to the cell that the visitor points at.
 * @param {Scene} scene
 * @returns {void}
 */
export function drawRoute(scene) {
  const { pen, place, schedule, cell, way, colours } = scene;
  if (!cell) return;
  pen.strokeStyle = rgb(colours.ink);
  pen.lineWidth = 2;
  pen.strokeRect(...square(scene, cell.row, cell.position));
  if (!way) return;
  pen.lineWidth = 4;
  pen.lineCap = "round";
  pen.strokeStyle = rgb(colours.key);
  way.forEach((position, i) => {
    if (!i) return;
    pen.beginPath();
    pen.moveTo(place.middle(way[i - 1]), place.top(schedule.length - i + 1) + BOX - 4);
    pen.lineTo(place.middle(position), place.top(schedule.length - i) + 4);
    pen.stroke();
  });
}
