// Sentences that are often used to explain sliding windows, each as what it really shows.

/** @import { Value } from "../../web/core/types.d.ts" */

/**
 * A sentence, and where the knobs stand to show it.
 * @typedef {object} Example
 * @property {string[] | null} words - Null: tokens have only their numbers.
 * @property {Record<string, Value>} values
 * @property {string} [lead] - What there is to see.
 */

const CAT = ["The", "cat", "sat", "on", "the"];
const FOX = ["The", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog"];

/** @type {Record<string, Example>} */
export const EXAMPLES = {
  numbers: { words: null, values: { tokens: 24, window: 6, token: 0 } },
  cat: {
    words: CAT,
    values: { pattern: "sliding", tokens: CAT.length, window: 3, token: 5 },
    lead:
      "With W = 3 the last “the” reads only “sat”, “on” and itself, and “on” cannot read “The”. " +
      "Point at a row to see the others.",
  },
  fox: {
    words: FOX,
    values: { pattern: "centred", tokens: FOX.length, radius: 2, token: 3 },
    lead:
      "“Focusing on brown, the window includes The quick brown fox jumps”: true of a centred window of radius 2, " +
      "as encoders have it. A causal model cannot read “fox” or “jumps” from “brown”.",
  },
};
