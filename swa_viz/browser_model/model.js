// The model itself, in this browser: the two graphs beside its weights, run by ONNX Runtime
// (WebAssembly, one thread).  A schedule enters the graphs as masks, so any pattern runs.

/** @import { Model, Run } from "../answers/answer.js" */
/** @import { Schedule } from "../web/core/types.d.ts" */

import * as ort from "onnxruntime-web/wasm";

import { looksAhead, visible } from "../patterns/pattern.js";

/**
 * The files of a model, unpacked.
 * @typedef {Record<"wasm" | "weights" | "forward" | "influence", Uint8Array>} ModelFiles
 */

/**
 * A model, and a promise of its second graph: it is opened when it is first needed, because that takes
 * longer than a run.
 * @typedef {Model & {openMeasurer: () => Promise<unknown>}} OpenModel
 */

const WEIGHTS_FILE = "model.safetensors";

/**
 * Open a model.
 * @param {string} name
 * @param {ModelFiles} files
 * @returns {Promise<OpenModel>}
 */
export async function openModel(name, files) {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = /** @type {ArrayBuffer} */ (files.wasm.buffer);
  const runner = await openGraph(files.forward, files.weights);
  const nLayers = layersOf(runner);
  /** @type {Promise<ort.InferenceSession> | null} */
  let measurer = null;
  const openMeasurer = () => (measurer ??= openGraph(files.influence, files.weights));
  return {
    name,
    nLayers,
    openMeasurer,
    forward: (ids, schedule, sinkLogit = null) => forward(runner, ids, schedule, sinkLogit),
    influence: async (ids, schedule, query) => influence(await openMeasurer(), nLayers, ids, schedule, query),
  };
}

/**
 * @param {Uint8Array} graph
 * @param {Uint8Array} weights
 */
function openGraph(graph, weights) {
  return ort.InferenceSession.create(graph, { externalData: [{ path: WEIGHTS_FILE, data: weights }] });
}

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

/** @param {number[]} ids */
const idsTensor = (ids) => new ort.Tensor("int64", BigInt64Array.from(ids, BigInt), [ids.length]);

/** @param {ort.Tensor} tensor */
const floats = ({ data }) => /** @type {Float32Array} */ (data);

/**
 * @param {ort.InferenceSession} runner
 * @param {number[]} ids
 * @param {Schedule} schedule
 * @param {number | null} sinkLogit - Of every head; null for none.
 * @returns {Promise<Run>}
 */
async function forward(runner, ids, schedule, sinkLogit) {
  const found = await runner.run({
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
  const found = await measurer.run({
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
