// What the limits lab says of a text and its costs, in words computed from them.

/** @import { PerplexityPayload, Schedule } from "../../web/core/types.d.ts" */
/** @import { Part } from "../../web/questions/verdict.js" */

import { runAfterWith } from "../../patterns/schedule.js";
import { wordAt } from "../../wording/whole_words.js";

/** What costs less than this, in bits, is not said of a word. */
const LEAST = 0.5;
/** Means that differ by less are the same in print. */
const SAME = 0.05;

/**
 * A word, and what its predicted tokens cost together, in full attention and under the schedule.
 * @typedef {{piece: string, position: number, before: number, after: number}} WordCost
 */

/** @typedef {Pick<PerplexityPayload, "tokens" | "bits">} Costs */

/**
 * @param {readonly (number | null)[]} bits
 * @returns {number}
 */
const sum = (bits) => bits.reduce((/** @type {number} */ total, each) => total + (each ?? 0), 0);

/**
 * The mean of the predicted tokens, in bits.
 * @param {readonly (number | null)[]} bits
 * @returns {number}
 */
export const meanBits = (bits) => sum(bits) / bits.filter((each) => each !== null).length;

/**
 * Every word of a text with its costs.
 * @param {Costs} full
 * @param {Costs} windowed
 * @returns {WordCost[]}
 */
function wordsOf({ tokens, bits }, windowed) {
  /** @type {WordCost[]} */
  const words = [];
  for (let at = 0; at < tokens.length;) {
    const { n_tokens: count } = wordAt(tokens, at);
    const [piece, before, after] = [tokens, bits, windowed.bits].map((all) => all.slice(at, at + count));
    words.push({
      piece: piece.join(""),
      position: at,
      before: sum(/** @type {(number | null)[]} */ (before)),
      after: sum(/** @type {(number | null)[]} */ (after)),
    });
    at += count;
  }
  return words;
}

/**
 * The word that costs most more under the schedule; null where none costs half a bit more.
 * @param {Costs} full
 * @param {Costs} windowed
 * @returns {WordCost | null}
 */
function worstWord(full, windowed) {
  const [worst] = wordsOf(full, windowed).sort((one, other) => other.after - other.before - (one.after - one.before));
  return worst && worst.after - worst.before >= LEAST ? worst : null;
}

/**
 * The token that costs most more; the last one where none costs more.
 * @param {Costs} full
 * @param {Costs | null} windowed
 * @returns {number}
 */
export function worstToken({ tokens, bits }, windowed) {
  const more = bits.map((before, i) => (windowed?.bits[i] ?? 0) - (before ?? 0));
  const most = Math.max(...more);
  return windowed && most > 0 ? more.indexOf(most) : tokens.length - 1;
}

/**
 * What the schedule costs, and which word suffers most.
 * @param {Schedule} schedule
 * @param {Costs} full
 * @param {Costs} windowed
 * @returns {Part[]} The sentences in parts.
 */
export function verdict(schedule, full, windowed) {
  const how = runAfterWith(schedule);
  const [before, after] = [full, windowed].map(({ bits }) => meanBits(bits));
  const change = after - before;
  const worst = worstWord(full, windowed);
  const size =
    Math.abs(change) < SAME
      ? "as much as in full attention"
      : `${Math.abs(change).toFixed(1)} ${change > 0 ? "more" : "less"} than in full attention`;
  const mean = `With ${how} a token costs ${after.toFixed(1)} bits on average, ${size}. `;
  if (!worst) return [mean, "No word costs half a bit more."];
  const costs = ` suffers most: it costs ${worst.after.toFixed(1)} bits instead of ${worst.before.toFixed(1)}.`;
  return [mean, { piece: worst.piece }, costs];
}
