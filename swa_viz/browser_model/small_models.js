// The small models of experiments/fixes.py in this browser: each is fetched when it is first asked.
// Their graphs are those of training/fix_graphs.py; table.json says of what words puzzles are made and
// how each model reads.

/** @import { Pattern } from "../web/core/types.d.ts" */

import * as ort from "onnxruntime-web/wasm";

import { visible } from "../patterns/pattern.js";
import { floats, idsTensor } from "./model.js";
import { openGraph, runGraph } from "./runtime.js";
import { wideWeights } from "./wide_weights.js";

/**
 * How a model reads: the pattern of each layer, or one for each of its heads.  One that is not causal reads
 * in both directions, so the words that it is asked for are blanked out.
 * @typedef {{causal: boolean, schedule: readonly (Pattern | {heads: readonly Pattern[]})[]}} HowRead
 */

/**
 * What all models share, and how each of them reads.
 * @typedef {object} Table
 * @property {readonly string[]} words - The token of a word is its place here.
 * @property {number} blank - The token of a word that is blanked out.
 * @property {number} length - So many words has a text.
 * @property {number} most_asked - So many of them may be asked for.
 * @property {Readonly<Record<string, HowRead>>} models
 */

/**
 * What a model gives for a text of n words, as flat arrays: of the last `rows` places their logits
 * [rows, vocab_size] and weights [n_layers, n_heads, rows, n]; and what its blocks have learned beside them,
 * [n_layers, n_heads, n] and [n_layers, n_heads].
 * @typedef {object} Reading
 * @property {number} rows
 * @property {number} nLayers
 * @property {number} nHeads
 * @property {Float32Array} logits
 * @property {Float32Array} weights
 * @property {Float32Array | null} spans
 * @property {Float32Array | null} gates
 */

/** @typedef {(ids: number[]) => Promise<Reading>} Read */

/**
 * The models, by their names.
 * @typedef {object} SmallModels
 * @property {Table} table
 * @property {(name: string) => boolean} has - Is there such a model here?
 * @property {(name: string) => Promise<Read>} open
 */

/**
 * Make the models ready to be opened.
 * @param {Table} table
 * @param {(name: string) => Promise<{graph: Uint8Array, weights: Uint8Array}>} fetchFiles - Of one model.
 * @param {(name: string) => boolean} isHere - Are there files of it?
 * @returns {SmallModels}
 */
export function smallModels(table, fetchFiles, isHere) {
  /** @type {Map<string, Promise<Read>>} */
  const opened = new Map();
  /** @param {string} name */
  async function openNew(name) {
    const { graph, weights } = await fetchFiles(name);
    return reader(await openGraph(graph, wideWeights(weights)), table.models[name].schedule, table.length);
  }
  /** @param {string} name */
  function open(name) {
    const known = opened.get(name) ?? openNew(name);
    opened.set(name, known);
    // What failed is tried again the next time.
    known.catch(() => opened.delete(name));
    return known;
  }
  return { table, has: (name) => Object.hasOwn(table.models, name) && isHere(name), open };
}

/**
 * @param {ort.InferenceSession} session
 * @param {HowRead["schedule"]} schedule
 * @param {number} n
 * @returns {Read}
 */
function reader(session, schedule, n) {
  const takesMasks = session.inputMetadata.find(({ name }) => name === "visible");
  /** @type {Record<string, ort.Tensor>} */
  const masks = takesMasks?.isTensor ? { visible: layOut(schedule, Number(takesMasks.shape[1]), n) } : {};
  return async (ids) => {
    const found = await runGraph(session, { token_ids: idsTensor(ids), ...masks });
    const [nLayers, nHeads, rows] = found.weights.dims;
    return {
      ...{ rows, nLayers, nHeads, logits: floats(found.logits), weights: floats(found.weights) },
      spans: found.spans ? floats(found.spans) : null,
      gates: found.gates ? floats(found.gates) : null,
    };
  };
}

/**
 * One mask for each head of each layer, [n_layers, n_heads, n, n].
 * @param {HowRead["schedule"]} schedule
 * @param {number} nHeads
 * @param {number} n
 */
function layOut(schedule, nHeads, n) {
  const laid = new Uint8Array(schedule.length * nHeads * n * n);
  const patterns = schedule.flatMap((each) => ("heads" in each ? each.heads : Array(nHeads).fill(each)));
  patterns.forEach((pattern, place) => {
    for (let query = 0; query < n; query++)
      for (let key = 0; key < n; key++) laid[(place * n + query) * n + key] = Number(visible(pattern, query, key));
  });
  return new ort.Tensor("bool", laid, [schedule.length, nHeads, n, n]);
}
