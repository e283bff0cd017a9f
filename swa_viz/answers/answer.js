// Answer what a lab asks, as this package does in Python, with the model in this browser.  A request
// that asks for the impossible is answered with the sentence why.

/** @import { InfluencePayload, Limits, Payload, Request, Schedule, TracePayload } from "../web/core/types.d.ts" */
/** @import { SentRequest } from "./request.js" */
/** @import { Vocabulary } from "./text_input.js" */
/** @import { Generation } from "./generate.js" */
/** @import { Held, Stepped } from "../browser_model/model.js" */

import { alignedChanges } from "./changes.js";
import { choices } from "./choices.js";
import { firstToken } from "./first_token.js";
import { generate } from "./generate.js";
import { Refusal, fill } from "./limits.js";
import { perplexity, windows } from "./perplexity.js";
import { prefill } from "./prefill.js";
import { fullRequest } from "./request.js";
import { applyEdit, prepareText } from "./text_input.js";

/**
 * What one run of the model gives for a text of n tokens, each as one flat array.
 * @typedef {object} Run
 * @property {Float32Array} logits - [n, vocab_size]
 * @property {number[]} likeliest - [n, 10] token ids
 * @property {Float32Array} shares - [n, 10] their probabilities
 * @property {Float32Array} weights - [n_layers, n_heads, n, n]
 * @property {Float32Array} scores - [n_layers, n_heads, n, n]
 * @property {Float32Array} valueStarts - [n_layers, n_heads, n, 3] the first numbers of each value vector
 * @property {number} nHeads
 */

/**
 * A model that runs here.
 * @typedef {object} Model
 * @property {string} name
 * @property {number} nLayers
 * @property {(ids: number[], schedule: Schedule, sinkLogit?: number | null) => Promise<Run>} forward
 * @property {(ids: number[], schedule: Schedule, query: number) => Promise<number[][]>} influence - How
 *   strongly the last state of the query reacts to each state after 0 .. L layers.
 * @property {(ids: number[], first: number, schedule: Schedule, held: Held[]) => Promise<Stepped>} step - Reads
 *   some more tokens, of which one stands at position `first`, after those that each layer holds.
 */

/**
 * With what requests are answered.
 * @typedef {object} Tools
 * @property {Model} model
 * @property {Vocabulary} vocabulary
 * @property {Limits} limits
 * @property {Map<string, Float32Array>} logitsOf - The logits of texts before their edit.
 * @property {Map<string, Generation>} generations - The texts that were last written.
 */

const REMEMBERED = 4;

/** @type {Partial<Record<Request["kind"], (tools: Tools, request: Request) => Promise<Payload>>>} */
const ANSWERS = { trace, influence, perplexity, windows, first_token: firstToken, choices, generate, prefill };

/**
 * Make answers with a model.
 * @param {Model} model
 * @param {Vocabulary} vocabulary
 * @param {Limits} limits
 * @returns {(sent: SentRequest) => Promise<Payload>}
 */
export function openAnswers(model, vocabulary, limits) {
  /** @type {Tools} */
  const tools = { model, vocabulary, limits, logitsOf: new Map(), generations: new Map() };
  return async (sent) => {
    const request = fullRequest(sent);
    try {
      check(tools, request);
      const answer = ANSWERS[request.kind];
      if (!answer) throw new Refusal(limits.not_here);
      return await answer(tools, request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { tokens: [], empty: fill(limits.refused, { reason: error.message }) };
    }
  };
}

/**
 * Throw a Refusal unless this model can answer; an influence may use fewer layers than there are.
 * @param {Tools} tools
 * @param {Request} request
 */
function check({ model, limits }, { model: asked, kind, schedule }) {
  if (asked !== model.name) throw new Refusal(fill(limits.unknown_model, { model: asked, known: model.name }));
  const [found, layers] = [schedule.length, model.nLayers];
  const least = kind === "influence" ? 1 : layers;
  if (found < least || found > layers)
    throw new Refusal(fill(limits.wrong_layers, { model: model.name, layers, found }));
}

/**
 * @param {Tools} tools
 * @param {Request} request
 * @returns {Promise<Payload>} One run; the numbers of its stage come whole, as `dense`.
 */
async function trace(tools, { text, edit, schedule, stage, sink_logit: sinkLogit }) {
  const { model, vocabulary, limits } = tools;
  const { ids, notice } = prepareText(text, vocabulary, limits);
  const newIds = applyEdit(ids, edit, vocabulary, limits);
  if (!newIds.length) return { tokens: [], empty: limits.empty };
  const run = await model.forward(newIds, schedule, sinkLogit);
  /** @type {TracePayload} */
  const answer = {
    tokens: vocabulary.pieces(newIds),
    stage,
    n_heads: run.nHeads,
    schedule,
    notice,
    dense: stage === "weights" ? run.weights : run.scores,
    ...(stage === "scores" && { value_starts: run.valueStarts }),
    next: likeliest(vocabulary, run, newIds.length),
  };
  if (!edit || String(newIds) === String(ids)) return answer;
  const before = { logits: await originalLogits(tools, ids, schedule, sinkLogit), length: ids.length };
  const after = { logits: run.logits, length: newIds.length };
  return { ...answer, changes: alignedChanges(before, after, edit, limits.rounding_bits) };
}

/**
 * The logits of the text before its edit: the same for every step of an edit, so kept for a while.
 * @param {Tools} tools
 * @param {number[]} ids
 * @param {Schedule} schedule
 * @param {number | null} sinkLogit
 */
async function originalLogits({ model, logitsOf }, ids, schedule, sinkLogit) {
  const key = JSON.stringify([ids, schedule, sinkLogit]);
  const logits = logitsOf.get(key) ?? (await model.forward(ids, schedule, sinkLogit)).logits;
  logitsOf.set(key, logits);
  if (logitsOf.size > REMEMBERED) logitsOf.delete([...logitsOf.keys()][0]);
  return logits;
}

/**
 * For every position the likeliest next tokens.
 * @param {Vocabulary} vocabulary
 * @param {Run} run
 * @param {number} n
 * @returns {TracePayload["next"]}
 */
function likeliest(vocabulary, { likeliest: ids, shares }, n) {
  const pieces = vocabulary.pieces(ids);
  const count = ids.length / n;
  const places = Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: n }, (_, at) =>
    places.map((i) => at * count + i).map((place) => [ids[place], pieces[place], shares[place]]),
  );
}

/**
 * @param {Tools} tools
 * @param {Request} request
 * @returns {Promise<Payload>}
 */
async function influence({ model, vocabulary, limits }, { text, schedule, token }) {
  const { ids, notice } = prepareText(text, vocabulary, limits);
  if (!ids.length) return { tokens: [], empty: limits.empty };
  const last = ids.length - 1;
  const query = token === null ? last : Math.min(token, last);
  const rows = await model.influence(ids, schedule, query);
  const shares = rows.map((row) => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((size) => size / sum);
  });
  /** @type {InfluencePayload} */
  const answer = { tokens: vocabulary.pieces(ids), token: query, shares, notice };
  return answer;
}
