// The model itself, in this browser: the graphs beside its weights, run by ONNX Runtime (WebAssembly, one
// thread).  A schedule enters the graphs as masks, so any pattern runs.

/** @import { Model, Run } from "../answers/answer.js" */
/** @import { Schedule } from "../web/core/types.d.ts" */

import * as ort from "onnxruntime-web/wasm";

import { looksAhead, visible } from "../patterns/pattern.js";
import { openGraph, runGraph, startRuntime } from "./runtime.js";
import { wideWeights } from "./wide_weights.js";

/**
 * The files of a model, unpacked.
 * @typedef {Record<"wasm" | "weights" | "forward" | "influence", Uint8Array>} ModelFiles
 */

/**
 * A model, and what opens its other graphs: each when it is first needed, because that takes longer than a run.
 * @typedef {Model & {openMeasurer: () => Promise<unknown>, openStepper: () => Promise<unknown>}} OpenModel
 */

/**
 * What one layer holds of the tokens that were read: slot after slot, in any order.
 * @typedef {object} Held
 * @property {readonly number[]} positions - The position in each slot.
 * @property {Float32Array} key
 * @property {Float32Array} value
 */

/**
 * What some new tokens give: their logits, and their keys and values, layer after layer.
 * @typedef {{logits: Float32Array, keys: Float32Array, values: Float32Array}} Stepped
 */

/**
 * Open a model.
 * @param {string} name
 * @param {ModelFiles} files
 * @param {() => Promise<Uint8Array>} fetchStep - The graph that goes on, which few pages need.
 * @returns {Promise<OpenModel>}
 */
export async function openModel(name, files, fetchStep) {
  startRuntime(files.wasm);
  const { influence: measuring } = files; // all that is used later: the narrow weights may go
  const weights = wideWeights(files.weights);
  const runner = await openGraph(files.forward, weights);
  const nLayers = layersOf(runner);
  /** @type {Promise<ort.InferenceSession> | null} */
  let measurer = null;
  const openMeasurer = () => (measurer ??= openGraph(measuring, weights));
  /** @type {Promise<ort.InferenceSession> | null} */
  let stepper = null;
  const openStepper = () => (stepper ??= openFetched(fetchStep, weights).catch(forget));
  /**
   * The next time it is fetched again.
   * @param {unknown} error
   * @returns {never}
   */
  function forget(error) {
    stepper = null;
    throw error;
  }
  return {
    name,
    nLayers,
    openMeasurer,
    openStepper,
    forward: (ids, schedule, sinkLogit = null) => forward(runner, ids, schedule, sinkLogit),
    influence: async (ids, schedule, query) => influence(await openMeasurer(), nLayers, ids, schedule, query),
    step: async (ids, first, schedule, held) => step(await openStepper(), ids, first, schedule, held),
  };
}

/**
 * @param {() => Promise<Uint8Array>} fetchGraph
 * @param {Uint8Array} weights
 */
const openFetched = async (fetchGraph, weights) => openGraph(await fetchGraph(), weights);

/**
 * How many layers a graph has: the first axis of its masks.
 * @param {ort.InferenceSession} runner
 */
function layersOf({ inputMetadata: [, masksInput] }) {
  if (!masksInput.isTensor) throw new TypeError("the graph has no masks");
  return Number(masksInput.shape[0]);
}

/**
 * One mask per layer, [n_layers, n, n]; equal patterns are laid out once.
 * @param {Schedule} schedule
 * @param {number} n
 */
function masks(schedule, n) {
  const laid = new Uint8Array(schedule.length * n * n);
  /** @type {Map<string, number>} */
  const known = new Map();
  schedule.forEach((pattern, layer) => {
    const key = JSON.stringify(pattern);
    const start = layer * n * n;
    const same = known.get(key);
    known.set(key, start);
    if (same !== undefined) laid.copyWithin(start, same, same + n * n);
    else
      for (let query = 0; query < n; query++)
        for (let other = 0; other < n; other++)
          laid[start + query * n + other] = Number(visible(pattern, query, other));
  });
  return new ort.Tensor("bool", laid, [schedule.length, n, n]);
}

/**
 * Tokens as a graph takes them.
 * @param {number[]} ids
 * @returns {ort.Tensor}
 */
export const idsTensor = (ids) => new ort.Tensor("int64", BigInt64Array.from(ids, BigInt), [ids.length]);

/**
 * The numbers of a tensor.
 * @param {ort.Tensor} tensor
 * @returns {Float32Array}
 */
export const floats = ({ data }) => /** @type {Float32Array} */ (data);

/**
 * @param {ort.InferenceSession} runner
 * @param {number[]} ids
 * @param {Schedule} schedule
 * @param {number | null} sinkLogit - Of every head; null for none.
 * @returns {Promise<Run>}
 */
async function forward(runner, ids, schedule, sinkLogit) {
  const found = await runGraph(runner, {
    token_ids: idsTensor(ids),
    visible: masks(schedule, ids.length),
    sink_logit: new ort.Tensor("float32", [sinkLogit ?? -Infinity], [1]),
  });
  const [logits, likeliest, shares, weights, scores, valueStarts] = runner.outputNames.map((name) => found[name]);
  return {
    logits: floats(logits),
    likeliest: Array.from(/** @type {BigInt64Array} */ (likeliest.data), Number),
    shares: floats(shares),
    weights: floats(weights),
    scores: floats(scores),
    valueStarts: floats(valueStarts),
    nHeads: found.weights.dims[1],
  };
}

/**
 * How strongly the last state of `query` reacts to each state below it.  The model may be cut off
 * early: the layers above the schedule are not used.  What stands after the query matters only if a
 * pattern looks ahead, so else it is not computed.
 * @param {ort.InferenceSession} measurer
 * @param {number} nLayers
 * @param {number[]} ids
 * @param {Schedule} schedule
 * @param {number} query
 * @returns {Promise<number[][]>} A row of n numbers after each of 0 .. L layers of the schedule.
 */
async function influence(measurer, nLayers, ids, schedule, query) {
  const n = schedule.some(looksAhead) ? ids.length : query + 1;
  const unused = Array(nLayers - schedule.length).fill({ kind: "causal" });
  const top = new Float32Array((nLayers + 1) * n);
  top[schedule.length * n + query] = 1;
  const found = await runGraph(measurer, {
    token_ids: idsTensor(ids.slice(0, n)),
    visible: masks([...schedule, ...unused], n),
    top: new ort.Tensor("float32", top, [nLayers + 1, n]),
  });
  const numbers = floats(found.influence);
  const later = Array(ids.length - n).fill(0);
  return Array.from({ length: schedule.length + 1 }, (_, level) => [
    ...numbers.subarray(level * n, (level + 1) * n),
    ...later,
  ]);
}

/**
 * The rule of each layer, as far as new tokens read some others: [count, others].
 * @param {Schedule[number]} pattern
 * @param {readonly number[]} queries
 * @param {readonly number[]} keys
 */
const ruleFor = (pattern, queries, keys) =>
  Uint8Array.from(queries.flatMap((query) => keys.map((key) => Number(visible(pattern, query, key)))));

/**
 * Some more tokens, after those that each layer holds.
 * @param {ort.InferenceSession} stepper
 * @param {number[]} ids
 * @param {number} first - The position of the first one.
 * @param {Schedule} schedule
 * @param {Held[]} held
 * @returns {Promise<Stepped>}
 */
async function step(stepper, ids, first, schedule, held) {
  const positions = ids.map((_, i) => first + i);
  const n = ids.length;
  /** @type {Record<string, ort.Tensor>} */
  const fed = { token_ids: idsTensor(ids), positions: idsTensor(positions) };
  const among = schedule.flatMap((pattern) => [...ruleFor(pattern, positions, positions)]);
  fed.visible = new ort.Tensor("bool", Uint8Array.from(among), [schedule.length, n, n]);
  const row = rowOf(stepper);
  held.forEach(({ positions: slots, key, value }, layer) => {
    const mask = ruleFor(schedule[layer], positions, slots);
    fed[`past_visible_${layer}`] = new ort.Tensor("bool", mask, [n, slots.length]);
    fed[`past_key_${layer}`] = new ort.Tensor("float32", key, [slots.length, ...row]);
    fed[`past_value_${layer}`] = new ort.Tensor("float32", value, [slots.length, ...row]);
  });
  const { logits, keys, values } = await runGraph(stepper, fed);
  return { logits: floats(logits), keys: floats(keys), values: floats(values) };
}

/**
 * The axes of one token's key: heads, and numbers of each.
 * @param {ort.InferenceSession} stepper
 */
function rowOf({ inputMetadata }) {
  const past = inputMetadata.find(({ name }) => name === "past_key_0");
  if (!past?.isTensor) throw new TypeError("the graph has no past");
  return past.shape.slice(1).map(Number);
}
