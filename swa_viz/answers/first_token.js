// How far another first token moves every prediction of a text: the same as first_token.py.

/** @import { FirstTokenPayload, Request } from "../web/core/types.d.ts" */
/** @import { Tools } from "./answer.js" */

import { movedBits } from "./changes.js";
import { prepareText } from "./text_input.js";

/**
 * How far each prediction moves when the last token takes the place of the first one.
 * @param {Tools} tools
 * @param {Request} request
 * @returns {Promise<FirstTokenPayload | {tokens: never[], empty: string}>}
 */
export async function firstToken({ model, vocabulary, limits }, { text, schedule }) {
  const { ids, notice } = prepareText(text, vocabulary, limits);
  if (!ids.length) return { tokens: [], empty: limits.empty };
  const { logits: before } = await model.forward(ids, schedule);
  const size = before.length / ids.length;
  const last = ids[ids.length - 1];
  const other = last === ids[0] ? (last + 1) % size : last;
  const { logits: after } = await model.forward([other, ...ids.slice(1)], schedule);
  const rows = ids.map((_, at) => [before, after].map((logits) => logits.subarray(at * size, (at + 1) * size)));
  return {
    tokens: vocabulary.pieces(ids),
    moved: rows.map(([one, two]) => movedBits(one, two)),
    last: rows.findLastIndex(([one, two]) => one.some((logit, i) => logit !== two[i])),
    notice,
  };
}
