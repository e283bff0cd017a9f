// Whether a text that is read in chunks gives the same logits: the same as prefill.py.

/** @import { PrefillPayload, Request, Schedule } from "../web/core/types.d.ts" */
/** @import { Tools } from "./answer.js" */

import { extend, rollingCache } from "../models/cache.js";
import { checkCausal } from "./limits.js";
import { prepareText } from "./text_input.js";

const DEFAULT_CHUNK = 16;

/**
 * The logits of a text, chunk after chunk, and the seconds that they took.
 * @param {Tools} tools
 * @param {number[]} ids
 * @param {Schedule} schedule
 * @param {number} chunk
 */
async function inChunks({ model }, ids, schedule, chunk) {
  const cache = rollingCache(schedule);
  const start = performance.now();
  const parts = [];
  for (let at = 0; at < ids.length; at += chunk)
    parts.push(await extend(model, ids.slice(at, at + chunk), schedule, cache));
  return { parts, seconds: (performance.now() - start) / 1000 };
}

/**
 * The largest difference of any logit.
 * @param {Float32Array} whole
 * @param {Float32Array[]} parts - The same, cut.
 */
function distance(whole, parts) {
  let most = 0;
  let at = 0;
  for (const part of parts) for (const logit of part) most = Math.max(most, Math.abs(logit - whole[at++]));
  return most;
}

/**
 * Read a text at once, in chunks and one by one.
 * @param {Tools} tools
 * @param {Request} request
 * @returns {Promise<PrefillPayload | {tokens: never[], empty: string}>}
 */
export async function prefill(tools, { text, schedule, chunk }) {
  const { vocabulary, limits } = tools;
  const { ids, notice } = prepareText(text, vocabulary, limits);
  if (!ids.length) return { tokens: [], empty: limits.empty };
  checkCausal(schedule, limits);
  const size = chunk ?? DEFAULT_CHUNK;
  await inChunks(tools, ids, schedule, ids.length);
  const atOnce = await inChunks(tools, ids, schedule, ids.length);
  const [chunked, oneByOne] = [await inChunks(tools, ids, schedule, size), await inChunks(tools, ids, schedule, 1)];
  const [whole] = atOnce.parts;
  return {
    tokens: vocabulary.pieces(ids),
    chunk: size,
    differences: { chunked: distance(whole, chunked.parts), one_by_one: distance(whole, oneByOne.parts) },
    largest: distance(new Float32Array(whole.length), [whole]),
    seconds: { one_shot: atOnce.seconds, chunked: chunked.seconds, one_by_one: oneByOne.seconds },
    notice,
  };
}
