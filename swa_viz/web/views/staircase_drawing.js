// How the staircase is drawn: each function gives one kind of shape.

/** @import { Child } from "../core/dom.js" */
/** @import { SpanData } from "./staircase.js" */

import { exactReach, roundReach } from "../../reach.js";
import { svg } from "../core/dom.js";
import { thousands } from "../../wording/numbers.js";

/** The height of the picture, in CSS pixels. */
export const HEIGHT = 244;
const TOP = 34;
const FOOT = 52;
const EDGE = 14;
const TICK_ROOM = 110;
const SAME_PLACE = 120;
const LABEL_ROOM = 40;
const [THINNEST_BAR, THICKEST_BAR] = [1.5, 16];

/**
 * All that is drawn in one pass.
 * @typedef {object} Scene
 * @property {SpanData} data
 * @property {number} exact - The exact reach, in tokens.
 * @property {number} round - The rule of thumb, in tokens.
 * @property {number} room - Where the query stands, in CSS pixels from the left.
 * @property {(back: number) => number} x - Where a token stands that is so far back.
 */

/**
 * All shapes of the staircase, the lowest first.
 * @param {SpanData} data
 * @param {number} width - Of the picture, in CSS pixels.
 * @returns {SVGElement[]}
 */
export function shapesOf(data, width) {
  const { windowSize, layers } = data;
  const [exact, round] = [exactReach(windowSize, layers), roundReach(windowSize, layers)];
  const room = width - EDGE;
  /** @param {number} back */
  const x = (back) => room - (back * (room - EDGE)) / round;
  /** @type {Scene} */
  const scene = { data, exact, round, room, x };
  return [axis, stairs, limits, notes].flatMap((shapes) => shapes(scene));
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} looks
 * @param {Child} words
 */
const text = (x, y, looks, words) => svg("text", { x, y, class: looks }, words);

/**
 * @param {string} looks
 * @param {string} d
 */
const path = (looks, d) => svg("path", { class: looks, d });

/**
 * 1, 2, 5, 10, 20, 50, ...: the first that leaves room for its label.
 * @param {number} most - Tokens.
 * @param {number} width - For that many, in CSS pixels.
 */
function tickStep(most, width) {
  const least = (most * TICK_ROOM) / width;
  const ten = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return [1, 2, 5, 10].map((size) => size * ten).find((size) => size >= least) ?? 10 * ten;
}

/** @param {Scene} scene */
function axis({ x, round, room }) {
  const step = tickStep(round, room - EDGE);
  const shapes = [];
  for (let back = 0; back <= round; back += step) {
    const inside = x(back) < LABEL_ROOM ? "" : "middle";
    const anchor = back === 0 ? "right" : inside;
    shapes.push(path("rule", `M${x(back)} ${TOP}V${HEIGHT - FOOT + 8}`));
    shapes.push(text(x(back), HEIGHT - FOOT + 23, anchor, thousands(back)));
  }
  return [...shapes, text(EDGE, HEIGHT - 6, "axis", "tokens back, 0 = the query")];
}

/**
 * The bars, and behind each everything that its layer and those above it have reached.
 * @param {Scene} scene
 */
function stairs({ data: { windowSize, layers }, x }) {
  const height = (HEIGHT - TOP - FOOT) / layers;
  const thick = Math.max(Math.min(height * 0.6, THICKEST_BAR), THINNEST_BAR);
  const rows = Array.from({ length: layers }, (_, i) => {
    const [near, far] = [x(i * (windowSize - 1)), x(i * (windowSize - 1) + windowSize)];
    const top = TOP + i * height;
    const y = top + (height - thick) / 2;
    return { bar: `M${near} ${y}H${far}v${thick}H${near}Z`, light: `M${x(0)} ${top}H${far}v${height}H${x(0)}Z` };
  });
  return [path("light", rows.map(({ light }) => light).join("")), path("stairs", rows.map(({ bar }) => bar).join(""))];
}

/** @param {Scene} scene */
function limits({ exact, round, x }) {
  /**
   * @param {string} looks
   * @param {number} back
   */
  const line = (looks, back) => path(looks, `M${x(back)} ${TOP - 12}V${HEIGHT - FOOT}`);
  return [line("ceiling", exact), line("round", round)];
}

/**
 * The words at the limits, as far as they have room beside each other.
 * @param {Scene} scene
 */
function notes({ data: { windowSize, layers }, exact, round, x }) {
  const isNear = x(exact) > x(0) - SAME_PLACE;
  const shift = isNear ? -6 : 6;
  const shapes = [text(x(exact) + shift, 16, isNear ? "right note" : "note", `exact ${thousands(exact)}`)];
  if (x(exact) - x(round) > SAME_PLACE) shapes.push(text(x(round), 16, "", `round ${thousands(round)}`));
  if (isNear) return shapes;
  shapes.push(text(x(0), 16, "right", `layer ${layers}, on top`));
  const bar = `W = ${thousands(windowSize)} per bar`;
  if (layers > 2) shapes.push(text(x(0) - 6, HEIGHT - FOOT - 8, "right note", bar));
  return shapes;
}
