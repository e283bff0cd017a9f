// The rule once more, as ranges: which keys one query reads, as a few stretches of positions
// [start, stop, step], disjoint, empty where stop <= start.  Pictures fill and counts add up whole
// stretches, so that nothing walks over every cell while the hand moves.  Python has the same
// (Pattern.key_ranges); a test holds both to the predicate.

import { statedBy } from "./pattern.js";

/** @import { Pattern } from "../web/core/types.d.ts" */
/** @import { KeyRange } from "./pattern.js" */

/**
 * The keys that `query` reads in a text of n tokens.
 * @param {Pattern} pattern
 * @param {number} query
 * @param {number} n
 * @returns {KeyRange[]}
 */
export function keyRanges(pattern, query, n) {
  return statedBy(pattern).ranges(pattern, query, n);
}

/**
 * How many keys `query` reads.
 * @param {Pattern} pattern
 * @param {number} query
 * @param {number} n
 * @returns {number}
 */
export function keysRead(pattern, query, n) {
  const size = (/** @type {KeyRange} */ [start, stop, step]) => Math.max(Math.ceil((stop - start) / step), 0);
  return keyRanges(pattern, query, n).reduce((sum, range) => sum + size(range), 0);
}
