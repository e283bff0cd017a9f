// A picture cut into square chunks, for the browser: the same as chunked_2d.py.

import { placeOf } from "./grid.js";
import { definePattern } from "./pattern.js";

/** @import { Pattern } from "../web/core/types.d.ts" */
/** @import { KeyRange } from "./pattern.js" */

/**
 * Along one side of the picture: where the chunk of a place begins, before the picture for some.
 * @param {Pattern} p
 * @param {number} place
 */
const chunkStart = (p, place) => p.shift + Math.floor((place - p.shift) / p.chunk_size) * p.chunk_size;

/**
 * One range for each row of the chunk.
 * @param {Pattern} p
 * @param {number} query
 * @param {number} n
 * @returns {KeyRange[]}
 */
function ranges(p, query, n) {
  const { picture, row, column } = placeOf(p, query);
  const [top, left] = [chunkStart(p, row), chunkStart(p, column)];
  const [first, after] = [Math.max(left, 0), Math.min(left + p.chunk_size, p.width)];
  /** @type {KeyRange[]} */
  const found = [];
  for (let each = Math.max(top, 0); each < Math.min(top + p.chunk_size, p.height); each++) {
    const start = picture + each * p.width + first;
    if (start >= n) break;
    found.push([start, Math.min(start + after - first, n), 1]);
  }
  return found;
}

/** @param {Pattern} p */
const square = (p) => `${p.chunk_size} × ${p.chunk_size}`;

/** @param {Pattern} p */
const shifted = (p) => (p.shift % p.chunk_size ? `, shifted by ${p.shift}` : "");

/** @param {Pattern} p */
const named = (p) => `2-D chunks of ${square(p)}${shifted(p)}, in pictures of ${p.height} × ${p.width}`;

definePattern("chunked_2d", {
  label: "2-D chunks",
  word: "2-D chunks",
  visible: (p, age, query, key) => {
    const [from, to] = [placeOf(p, query), placeOf(p, key)];
    if (from.picture !== to.picture || chunkStart(p, from.row) !== chunkStart(p, to.row)) return false;
    return chunkStart(p, from.column) === chunkStart(p, to.column);
  },
  rule: (p) => `row and column in the same ${square(p)} chunk${shifted(p)}, of the ${p.height} × ${p.width} grid`,
  name: named,
  run: named,
  ranges,
  formula: () => "query by query: the rows of its chunk",
  looksAhead: () => true,
  hiddenWords: "in another chunk, read in full attention",
  whyRead: () => "in the same chunk",
  whyHidden: (p, age, query, key) =>
    placeOf(p, query).picture === placeOf(p, key).picture ? "in another chunk: cut off" : "in another picture",
});
