// The window of pictures, for the browser: the same as window_2d.py.

import { placeOf } from "./grid.js";
import { definePattern } from "./pattern.js";

/** @import { Pattern } from "../web/core/types.d.ts" */
/** @import { KeyRange } from "./pattern.js" */

/**
 * Along one side of the grid: the first place that a query reads, and how many.
 * @param {Pattern} p
 * @param {number} query
 * @param {number} length
 * @returns {[first: number, count: number]}
 */
function stretch(p, query, length) {
  const offset = query % p.dilation;
  const nPlaces = Math.floor((length - 1 - offset) / p.dilation) + 1;
  const count = Math.min(p.window, nPlaces);
  const wanted = Math.floor(query / p.dilation) - (p.window - 1) / 2;
  return [Math.min(Math.max(wanted, 0), nPlaces - count) * p.dilation + offset, count];
}

/**
 * Is a key in the stretch of the query along one side?
 * @param {Pattern} p
 * @param {number} query
 * @param {number} key
 * @param {number} length
 */
function isNear(p, query, key, length) {
  const [first, count] = stretch(p, query, length);
  const steps = (key - first) / p.dilation;
  return Number.isInteger(steps) && steps >= 0 && steps < count;
}

/**
 * One range for each row of the square.
 * @param {Pattern} p
 * @param {number} query
 * @param {number} n
 * @returns {KeyRange[]}
 */
function ranges(p, query, n) {
  const { picture, row, column } = placeOf(p, query);
  const [[top, nRows], [left, nColumns]] = [stretch(p, row, p.height), stretch(p, column, p.width)];
  /** @type {KeyRange[]} */
  const found = [];
  for (let each = 0; each < nRows; each++) {
    const start = picture + (top + each * p.dilation) * p.width + left;
    if (start >= n) break;
    found.push([start, Math.min(start + (nColumns - 1) * p.dilation + 1, n), p.dilation]);
  }
  return found;
}

/** @param {Pattern} p */
const spaced = (p) => (p.dilation === 1 ? "" : `, every ${p.dilation === 2 ? "second" : `${p.dilation}th`} place`);

/** @param {Pattern} p */
const square = (p) => `${p.window} × ${p.window}`;

/** @param {Pattern} p */
const named = (p) => `2-D window of ${square(p)}${spaced(p)}, in pictures of ${p.height} × ${p.width}`;

definePattern("window_2d", {
  label: "2-D window",
  word: "2-D",
  visible: (p, age, query, key) => {
    const [from, to] = [placeOf(p, query), placeOf(p, key)];
    if (from.picture !== to.picture) return false;
    return isNear(p, from.row, to.row, p.height) && isNear(p, from.column, to.column, p.width);
  },
  rule: (p) => {
    const near = `row and column in the ${square(p)} square around the query${spaced(p)}`;
    return `${near}, moved inside the ${p.height} × ${p.width} grid`;
  },
  name: named,
  run: named,
  ranges,
  formula: () => "query by query: the rows of its square",
  limit: (p) => (Math.min(p.height, p.width) >= p.window * p.dilation ? ["N/k²", p.window * p.window] : null),
  looksAhead: () => true,
  hiddenWords: "outside the square, read in full attention",
  whyRead: (p, age, query, key) => {
    const [from, to] = [placeOf(p, query), placeOf(p, key)];
    return `${to.row - from.row} rows down and ${to.column - from.column} columns to the right, inside the square`;
  },
  whyHidden: (p, age, query, key) => {
    if (placeOf(p, query).picture !== placeOf(p, key).picture) return "in another picture";
    return "outside the square around the query";
  },
  say: {
    around: (r) => `${2 * r + 1} × ${2 * r + 1}`,
    spacing: (d) => (d === 1 ? "1: no gaps" : `every ${d}`),
  },
  fromControls: (values) => ({
    kind: "window_2d",
    height: values.height,
    width: values.width,
    window: 2 * values.around + 1,
    dilation: values.spacing,
  }),
});
