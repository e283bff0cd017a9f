// What every token of a text costs under a schedule, and what a text costs window by window: the same
// as perplexity.py, which says what the answers hold.

/** @import { Next, PerplexityPayload, Request, Schedule, WindowsPayload } from "../web/core/types.d.ts" */
/** @import { Run, Tools } from "./answer.js" */

import { logSum } from "./changes.js";
import { prepareText } from "./text_input.js";

const SHOWN = 5;

/**
 * What each token costs, and what the model expected in its place.
 * @param {Tools} tools
 * @param {Request} request
 * @returns {Promise<PerplexityPayload | {tokens: never[], empty: string}>}
 */
export async function perplexity({ model, vocabulary, limits }, { text, schedule }) {
  const { ids, notice } = prepareText(text, vocabulary, limits);
  if (ids.length < 2) return { tokens: [], empty: ids.length ? limits.alone : limits.empty };
  const run = await model.forward(ids.slice(0, -1), schedule);
  const listed = run.likeliest.length / (ids.length - 1);
  const pieces = vocabulary.pieces(run.likeliest);
  /** @param {number} at */
  const likeliest = (at) =>
    Array.from({ length: SHOWN }, (_, i) => at * listed + i).map(
      (place) => /** @type {Next} */ ([run.likeliest[place], pieces[place], run.shares[place]]),
    );
  const bits = bitsOf(run, ids);
  return {
    tokens: vocabulary.pieces(ids),
    ids,
    bits: [null, ...bits],
    expected: [[], ...bits.map((_, at) => likeliest(at))],
    notice,
  };
}

/**
 * What each token after the first one costs: -log2 of its probability.
 * @param {Run} run - Of all tokens but the last.
 * @param {readonly number[]} ids
 */
function bitsOf({ logits }, ids) {
  const size = logits.length / (ids.length - 1);
  return ids.slice(1).map((id, at) => {
    const row = logits.subarray(at * size, (at + 1) * size);
    return (logSum(row) - row[id]) / Math.LN2;
  });
}

/**
 * What the text costs for windows from one key to the whole text.
 * @param {Tools} tools
 * @param {Request} request
 * @returns {Promise<WindowsPayload | {tokens: never[], empty: string}>}
 */
export async function windows({ model, vocabulary, limits }, { text, schedule, layers }) {
  const { ids, notice } = prepareText(text, vocabulary, limits);
  if (ids.length < 2) return { tokens: [], empty: ids.length ? limits.alone : limits.empty };
  const sizes = doublingTo(ids.length);
  /** @type {number[]} */
  const bits = [];
  for (const size of sizes) {
    const found = bitsOf(await model.forward(ids.slice(0, -1), widened(schedule, size, layers)), ids);
    bits.push(found.reduce((sum, each) => sum + each, 0) / found.length);
  }
  return { tokens: vocabulary.pieces(ids), windows: sizes, bits, notice };
}

/**
 * The schedule with windows of this size, in these layers or in all.
 * @param {Schedule} schedule
 * @param {number} size
 * @param {readonly number[] | null} layers
 */
function widened(schedule, size, layers) {
  const isMeant = (/** @type {number} */ layer) => !layers || layers.includes(layer);
  return schedule.map((pattern, layer) =>
    "window_size" in pattern && isMeant(layer) ? { ...pattern, window_size: size } : pattern,
  );
}

/**
 * 1, 2, 4 and so on below `last`, and `last` itself.
 * @param {number} last
 */
function doublingTo(last) {
  const sizes = [];
  for (let size = 1; size < last; size *= 2) sizes.push(size);
  return [...sizes, last];
}
