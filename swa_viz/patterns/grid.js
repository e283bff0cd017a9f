// A text that is a picture, for the browser: the same as grid.py.  Its tokens are the places of a grid, row by
// row, and a longer text is one picture after the other.

/** @import { Pattern } from "../web/core/types.d.ts" */
/** @import { KeyRange, Stated } from "./pattern.js" */

/**
 * What a pattern of pictures reads along one side of so many places: the first place that a query reads, and how
 * many.  `step` leads from each of them to the next one.
 * @typedef {object} Side
 * @property {(p: Pattern, query: number, length: number) => [first: number, count: number]} stretch
 * @property {(p: Pattern) => number} step
 */

/**
 * Where a token stands: the first token of its picture, and its row and column there.
 * @param {Pattern} grid - A pattern with a height and a width.
 * @param {number} position
 * @returns {{picture: number, row: number, column: number}}
 */
export function placeOf({ height, width }, position) {
  const place = position % (height * width);
  return { picture: position - place, row: Math.floor(place / width), column: place % width };
}

/**
 * Do two tokens stand in different pictures?
 * @param {Pattern} p
 * @param {number} query
 * @param {number} key
 * @returns {boolean}
 */
export const inOtherPicture = (p, query, key) => placeOf(p, query).picture !== placeOf(p, key).picture;

/**
 * The rule of a pattern of pictures, which reads some rows and in each of them the same columns.
 * @param {Side} side
 * @returns {Pick<Stated, "visible" | "ranges" | "looksAhead">}
 */
export function gridRule({ stretch, step }) {
  /** @param {Pattern} p @param {number} query @param {number} key @param {number} length */
  function isNear(p, query, key, length) {
    const [first, count] = stretch(p, query, length);
    const steps = (key - first) / step(p);
    return Number.isInteger(steps) && steps >= 0 && steps < count;
  }
  /** @param {Pattern} p @param {number} age @param {number} query @param {number} key */
  function visible(p, age, query, key) {
    const [from, to] = [placeOf(p, query), placeOf(p, key)];
    if (from.picture !== to.picture) return false;
    return isNear(p, from.row, to.row, p.height) && isNear(p, from.column, to.column, p.width);
  }
  /**
   * One range for each row that is read.
   * @param {Pattern} p
   * @param {number} query
   * @param {number} n
   */
  function ranges(p, query, n) {
    const { picture, row, column } = placeOf(p, query);
    const [[top, nRows], [left, nColumns]] = [stretch(p, row, p.height), stretch(p, column, p.width)];
    const [by, length] = [step(p), (nColumns - 1) * step(p) + 1];
    /** @type {KeyRange[]} */
    const found = [];
    for (let each = 0; each < nRows; each++) {
      const start = picture + (top + each * by) * p.width + left;
      if (start >= n) break;
      found.push([start, Math.min(start + length, n), by]);
    }
    return found;
  }
  return { visible, ranges, looksAhead: () => true };
}
