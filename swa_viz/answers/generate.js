// How a text goes on, a few tokens at a time: the same as generate.py, which says what the answer holds.

/** @import { GeneratePayload, Request, Schedule, Writing, WritingStep } from "../web/core/types.d.ts" */
/** @import { RollingCache } from "../models/cache.js" */
/** @import { Writer } from "../models/writing.js" */
/** @import { Tools } from "./answer.js" */

import { extend, rollingCache } from "../models/cache.js";
import { openWriter } from "../models/writing.js";
import { checkCausal } from "./limits.js";
import { DEFAULT_WRITING } from "./request.js";
import { prepareText } from "./text_input.js";

/**
 * A text that is being written.  `turn` settles when nobody writes on it.
 * @typedef {object} Generation
 * @property {Writer} writer
 * @property {RollingCache} cache
 * @property {WritingStep[]} steps
 * @property {Promise<unknown>} turn
 */

// So many texts are kept, and their caches may hold so many bytes together.
const [MOST_KEPT, MOST_BYTES] = [32, 32 * 2 ** 20];

/**
 * The text, and its first `n_steps` new tokens.
 * @param {Tools} tools
 * @param {Request} request
 * @returns {Promise<GeneratePayload | {tokens: never[], empty: string}>}
 */
export async function generate(tools, { text, schedule, writing: asked }) {
  const { vocabulary, limits, generations } = tools;
  const { ids, notice } = prepareText(text, vocabulary, limits);
  if (!ids.length) return { tokens: [], empty: limits.empty };
  checkCausal(schedule, limits);
  const writing = asked ?? DEFAULT_WRITING;
  const key = JSON.stringify([ids, schedule, { ...writing, n_steps: 0 }]);
  const generation = generations.get(key) ?? begin(tools, ids, schedule, writing);
  keep(generations, key, generation);
  const turn = generation.turn.then(() => goOn(tools, generation, writing.n_steps));
  generation.turn = turn.catch(() => generations.delete(key));
  await turn;
  const steps = generation.steps.slice(0, writing.n_steps);
  const isLast = steps.length === generation.steps.length;
  return { tokens: vocabulary.pieces(ids), steps, ended: isLast ? generation.writer.ended : "", notice };
}

/**
 * @param {Tools} tools
 * @param {number[]} ids
 * @param {Schedule} schedule
 * @param {Writing} writing
 * @returns {Generation}
 */
function begin({ model, vocabulary }, ids, schedule, writing) {
  const cache = rollingCache(schedule);
  /** @param {number[]} unread */
  async function read(unread) {
    const logits = await extend(model, unread, schedule, cache);
    return logits.subarray((logits.length / unread.length) * (unread.length - 1));
  }
  return { cache, writer: openWriter(ids, cache, writing, read, vocabulary.bytes), steps: [], turn: Promise.resolve() };
}

/**
 * @param {Tools} tools
 * @param {Generation} generation
 * @param {number} wanted - How many steps there should be.
 */
async function goOn({ vocabulary }, { writer, cache, steps }, wanted) {
  while (!writer.ended && steps.length < wanted) {
    const start = performance.now();
    const { id, text, position } = await writer.step();
    steps.push({
      ...{ id, text, piece: vocabulary.pieces([id])[0], position },
      ...{ slots: cache.slots(position), evicted: cache.evicted(position) },
      ...{ bytes_rolling: cache.bytes(), bytes_full: cache.fullBytes(), seconds: (performance.now() - start) / 1000 },
    });
  }
}

/**
 * Keep a text as the newest; the oldest leave when all together hold too much.
 * @param {Map<string, Generation>} generations
 * @param {string} key
 * @param {Generation} generation
 */
function keep(generations, key, generation) {
  generations.delete(key);
  generations.set(key, generation);
  let total = [...generations.values()].reduce((sum, { cache }) => sum + cache.bytes(), 0);
  for (const [oldest, { cache }] of generations) {
    if ((total <= MOST_BYTES && generations.size <= MOST_KEPT) || oldest === key) return;
    total -= cache.bytes();
    generations.delete(oldest);
  }
}
