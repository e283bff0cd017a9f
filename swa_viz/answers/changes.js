// How far an edit of the text moved the model's predictions: the same as `aligned_changes` in
// trace.py.

/** @import { Edit } from "../web/core/types.d.ts" */

/**
 * The logits of a text, row after row, and how many tokens it has.
 * @typedef {{logits: Float32Array, length: number}} Logits
 */

/**
 * The logarithm of the sum of exponentials of one row, in float64.
 * @param {Float32Array} row
 * @returns {number}
 */
export function logSum(row) {
  let most = -Infinity;
  for (const logit of row) if (logit > most) most = logit;
  let sum = 0;
  for (const logit of row) sum += Math.exp(logit - most);
  return most + Math.log(sum);
}

/**
 * KL(before || after) in bits, of two rows of logits.
 * @param {Float32Array} before
 * @param {Float32Array} after
 * @returns {number}
 */
export function movedBits(before, after) {
  const [normBefore, normAfter] = [logSum(before), logSum(after)];
  let nats = 0;
  for (let i = 0; i < before.length; i++) {
    const log = before[i] - normBefore;
    nats += Math.exp(log) * (log - (after[i] - normAfter));
  }
  return Math.max(nats, 0) / Math.LN2;
}

/**
 * How far each prediction of the edited text moved.  What follows the edit is compared with the same
 * words of the original.
 * @param {Logits} before - The original text.
 * @param {Logits} after - The edited one.
 * @param {Edit} edit
 * @param {number} rounding - Moves below this many bits count as none.
 * @returns {(number | null)[]} Bits; null at the edit itself.
 */
export function alignedChanges(before, after, { position, n_tokens: count }, rounding) {
  const size = before.logits.length / before.length;
  const resume = after.length - (before.length - position - count);
  /**
   * @param {Logits} text
   * @param {number} at
   */
  const row = ({ logits }, at) => logits.subarray(at * size, (at + 1) * size);
  return Array.from({ length: after.length }, (_, at) => {
    if (at >= position && at < resume) return null;
    const from = at < position ? at : at - resume + position + count;
    const bits = movedBits(row(before, from), row(after, at));
    return bits > rounding ? bits : 0;
  });
}
