// ONNX Runtime (WebAssembly, one thread): how graphs are opened and run.

import * as ort from "onnxruntime-web/wasm";

// WIDE in training/browser_graphs.py.
const WIDE_WEIGHTS = "weights.f32";

/**
 * Hand the runtime its WebAssembly, once, before a graph is opened.
 * @param {Uint8Array} wasm
 * @returns {void}
 */
export function startRuntime(wasm) {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = /** @type {ArrayBuffer} */ (wasm.buffer);
}

/** @type {Promise<unknown>} */
let lastTask = Promise.resolve();

/**
 * Give the runtime one task after the other: it keeps in one place what it was given, of a session that it
 * makes and of one that runs.
 * @template Result
 * @param {() => Promise<Result>} task
 * @returns {Promise<Result>}
 */
function inTurn(task) {
  const done = lastTask.then(task);
  lastTask = done.catch(() => {});
  return done;
}

/**
 * Open a graph with the weights that it names.  The runtime would rewrite it first, which takes time and
 * makes no run of these graphs faster.
 * @param {Uint8Array} graph
 * @param {Uint8Array} weights - In 32 bits.
 * @returns {Promise<ort.InferenceSession>}
 */
export function openGraph(graph, weights) {
  const externalData = [{ path: WIDE_WEIGHTS, data: weights }];
  return inTurn(() => ort.InferenceSession.create(graph, { externalData, graphOptimizationLevel: "disabled" }));
}

/**
 * Run a graph.
 * @param {ort.InferenceSession} session
 * @param {Record<string, ort.Tensor>} fed
 * @returns {ReturnType<ort.InferenceSession["run"]>}
 */
export const runGraph = (session, fed) => inTurn(() => session.run(fed));
