// The window of pictures, for the browser: the same as window_2d.py.

import { gridRule, inOtherPicture, placeOf } from "./grid.js";
import { definePattern } from "./pattern.js";
import { counted } from "../wording/numbers.js";

/** @import { Pattern } from "../web/core/types.d.ts" */

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

/** @param {Pattern} p */
const spaced = (p) => (p.dilation === 1 ? "" : `, every ${p.dilation === 2 ? "second" : `${p.dilation}th`} place`);

/** @param {Pattern} p */
const square = (p) => `${p.window} × ${p.window}`;

/** @param {Pattern} p */
const named = (p) => `2-D window of ${square(p)}${spaced(p)}, in pictures of ${p.height} × ${p.width}`;

/**
 * How far it is to a key along one side: "2 rows above".
 * @param {number} steps
 * @param {string} noun
 * @param {[before: string, after: string]} sides
 */
const away = (steps, noun, [before, after]) =>
  steps === 0 ? `in the same ${noun}` : `${counted(Math.abs(steps), noun)} ${steps < 0 ? before : after}`;

definePattern("window_2d", {
  ...gridRule({ stretch, step: (p) => p.dilation }),
  label: "2-D window",
  word: "2-D",
  rule: (p) => {
    const near = `row and column in the ${square(p)} square around the query${spaced(p)}`;
    return `${near}, moved inside the ${p.height} × ${p.width} grid`;
  },
  name: named,
  run: named,
  formula: () => "query by query: the rows of its square",
  limit: (p) => (Math.min(p.height, p.width) >= p.window * p.dilation ? ["N/k²", p.window * p.window] : null),
  hiddenWords: "outside the square, read in full attention",
  whyRead: (p, age, query, key) => {
    const [from, to] = [placeOf(p, query), placeOf(p, key)];
    const down = away(to.row - from.row, "row", ["above", "below"]);
    return `${down}, ${away(to.column - from.column, "column", ["to the left", "to the right"])}: inside the square`;
  },
  whyHidden: (p, age, query, key) =>
    inOtherPicture(p, query, key) ? "in another picture" : "outside the square around the query",
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
