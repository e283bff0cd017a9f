// Counting: how many score pairs a whole text costs, and what that saves.  Closed forms, so that
// nothing is counted cell by cell while the hand moves; a test holds them equal to counting.

import { keptBy, looksAhead, statedBy } from "./patterns/pattern.js";
import { keysRead } from "./patterns/ranges.js";
import { countKept } from "./slots.js";
import { thousands } from "./wording/numbers.js";

/** @import { Pattern, Schedule } from "./web/core/types.d.ts" */

/**
 * Score pairs of a whole text of n tokens: the cells of the matrix that are read.
 * @param {Pattern} pattern
 * @param {number} n
 * @returns {number}
 */
export function pairsOf(pattern, n) {
  return n ? statedBy(pattern).pairs(pattern, n) : 0;
}

/**
 * Score pairs of the queries up to one of them: its row of the matrix and those above.
 * @param {Pattern} pattern
 * @param {number} query
 * @param {number} n
 * @returns {number}
 */
export function pairsUpTo(pattern, query, n) {
  let pairs = 0;
  for (let row = 0; row <= query; row++) pairs += keysRead(pattern, row, n);
  return pairs;
}

/**
 * The tokens that a layer keeps after a text.
 * @param {Pattern} pattern
 * @param {number} seqLen
 */
function keptTokens(pattern, seqLen) {
  if (looksAhead(pattern)) throw new RangeError(`there is no cache for “${pattern.kind}”: it reads later tokens`);
  return countKept(keptBy(pattern), seqLen);
}

/**
 * The keys and values that all layers hold after so many tokens, in bytes: a lower bound.
 * @param {Schedule} schedule
 * @param {number} seqLen
 * @param {number} nKvHeads
 * @param {number} headDim
 * @param {number} [bytesPerElement] - Two in bfloat16.
 * @returns {number}
 * @throws {RangeError} If a layer looks ahead.
 */
export function kvCacheBytes(schedule, seqLen, nKvHeads, headDim, bytesPerElement = 2) {
  const tokens = schedule.reduce((sum, pattern) => sum + keptTokens(pattern, seqLen), 0);
  return 2 * bytesPerElement * tokens * nKvHeads * headDim;
}

/**
 * The closed form with this text's numbers in it, or how it was counted where there is none.
 * @param {Pattern} pattern
 * @param {number} n
 * @returns {string}
 */
export function formulaText(pattern, n) {
  return statedBy(pattern).formula(pattern, n);
}

/**
 * What the saving grows to for a text much longer than the window: "N/(2W), here N/12".
 * @param {Pattern} pattern
 * @returns {string} Empty where it does not grow.
 */
export function limitText(pattern) {
  const limit = statedBy(pattern).limit(pattern);
  return limit ? `${limit[0]}, here N/${thousands(limit[1])}` : "";
}
