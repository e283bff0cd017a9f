// How probable each of some texts is as what follows a text: the same as choices.py.

/** @import { ChoicesPayload, Request } from "../web/core/types.d.ts" */
/** @import { Tools } from "./answer.js" */

import { logSum } from "./changes.js";
import { prepareText } from "./text_input.js";

/**
 * How probable each choice is, all its tokens together.
 * @param {Tools} tools
 * @param {Request} request
 * @returns {Promise<ChoicesPayload | {tokens: never[], empty: string}>}
 */
export async function choices({ model, vocabulary, limits }, { text, schedule, choices: asked }) {
  const { ids, notice } = prepareText(text, vocabulary, limits);
  if (!ids.length) return { tokens: [], empty: limits.empty };
  /** @type {Map<string, Float32Array>} */
  const known = new Map();
  /** @param {number[]} read */
  async function logitsAfter(read) {
    const logits = known.get(`${read}`) ?? (await model.forward([...ids, ...read], schedule)).logits;
    known.set(`${read}`, logits);
    return logits;
  }
  const probabilities = [];
  for (const choice of asked ?? []) {
    const following = vocabulary.encode(choice);
    const logits = await logitsAfter(following.slice(0, -1));
    probabilities.push(probabilityOf(following, logits, ids.length));
  }
  return { tokens: vocabulary.pieces(ids), choices: asked ?? [], probabilities, notice };
}

/**
 * @param {readonly number[]} following
 * @param {Float32Array} logits - Of the prompt, and of what follows but for its last token.
 * @param {number} length - Of the prompt.
 */
function probabilityOf(following, logits, length) {
  const size = logits.length / (length + following.length - 1);
  return following.reduce((product, id, i) => {
    const at = (length - 1 + i) * size;
    const row = logits.subarray(at, at + size);
    return product * Math.exp(row[id] - logSum(row));
  }, 1);
}
