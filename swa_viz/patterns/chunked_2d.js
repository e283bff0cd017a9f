// A picture cut into square chunks, for the browser: the same as chunked_2d.py.

import { gridRule, inOtherPicture } from "./grid.js";
import { definePattern } from "./pattern.js";

/** @import { Pattern } from "../web/core/types.d.ts" */

/**
 * Along one side of the picture: where the chunk of a place begins inside it, and how many places it has there.
 * @param {Pattern} p
 * @param {number} query
 * @param {number} length
 * @returns {[first: number, count: number]}
 */
function stretch(p, query, length) {
  const start = p.shift + Math.floor((query - p.shift) / p.chunk_size) * p.chunk_size;
  const first = Math.max(start, 0);
  return [first, Math.min(start + p.chunk_size, length) - first];
}

/** @param {Pattern} p */
const square = (p) => `${p.chunk_size} × ${p.chunk_size}`;

/** @param {Pattern} p */
const shifted = (p) => (p.shift % p.chunk_size ? `, shifted by ${p.shift}` : "");

/** @param {Pattern} p */
const named = (p) => `2-D chunks of ${square(p)}${shifted(p)}, in pictures of ${p.height} × ${p.width}`;

definePattern("chunked_2d", {
  ...gridRule({ stretch, step: () => 1 }),
  label: "2-D chunks",
  word: "2-D chunks",
  rule: (p) => `row and column in the same ${square(p)} chunk${shifted(p)}, of the ${p.height} × ${p.width} grid`,
  name: named,
  run: named,
  formula: () => "query by query: the rows of its chunk",
  hiddenWords: "in another chunk, read in full attention",
  whyRead: () => "in the same chunk",
  whyHidden: (p, age, query, key) =>
    inOtherPicture(p, query, key) ? "in another picture" : "in another chunk: cut off",
});
