// The model itself, in this browser: the two graphs beside its weights, run by ONNX Runtime
// (WebAssembly, one thread).
//
//   openModel(name, files) -> Promise of
//     {name, nLayers, forward(ids, schedule), influence(ids, schedule, query), openMeasurer()}
//
// `files`: {wasm, weights, forward, influence}, bytes.  A schedule is a list of patterns, first layer
// first; it enters the graphs as masks, so any pattern runs.

import * as ort from "onnxruntime-web/wasm";

import { looksAhead, visible } from "../patterns/pattern.js";

const WEIGHTS_FILE = "model.safetensors";

function openGraph(graph, weights) {
  return ort.InferenceSession.create(graph, { externalData: [{ path: WEIGHTS_FILE, data: weights }] });
}

// One mask per layer, [n_layers, n, n]; equal patterns are laid out once.
function masks(schedule, n) {
  const laid = new Uint8Array(schedule.length * n * n);
  const known = new Map();
  schedule.forEach((pattern, layer) => {
    const key = JSON.stringify(pattern);
    const start = layer * n * n;
    if (known.has(key)) return laid.copyWithin(start, known.get(key), known.get(key) + n * n);
    known.set(key, start);
    for (let query = 0; query < n; query++)
      for (let other = 0; other < n; other++) laid[start + query * n + other] = visible(pattern, query, other);
  });
  return new ort.Tensor("bool", laid, [schedule.length, n, n]);
}

const idsTensor = (ids) => new ort.Tensor("int64", BigInt64Array.from(ids, BigInt), [ids.length]);

export async function openModel(name, files) {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = files.wasm.buffer;
  const runner = await openGraph(files.forward, files.weights);
  const nLayers = runner.inputMetadata[1].shape[0];
  let measurer = null;

  // The second graph is opened when it is first needed; that takes longer than a run.
  const openMeasurer = () => (measurer ??= openGraph(files.influence, files.weights));

  // One run: {logits [n, vocab], likeliest [n, 10], shares [n, 10], weights and scores
  // [n_layers, n_heads, n, n]}, flat, and `nHeads`.
  async function forward(ids, schedule) {
    const found = await runner.run({ token_ids: idsTensor(ids), visible: masks(schedule, ids.length) });
    const [logits, likeliest, shares, weights, scores] = runner.outputNames.map((name) => found[name].data);
    return { logits, likeliest: Array.from(likeliest, Number), shares, weights, scores, nHeads: found.weights.dims[1] };
  }

  // How strongly the last state of `query` reacts to each state below it, a row of n numbers after
  // each of 0 .. L layers.  L is the length of the schedule: the model may be cut off early.  What
  // stands after the query matters only if a pattern looks ahead, so else it is not computed.
  async function influence(ids, schedule, query) {
    const n = schedule.some(looksAhead) ? ids.length : query + 1;
    const unused = Array(nLayers - schedule.length).fill({ kind: "causal" });
    const top = new Float32Array((nLayers + 1) * n);
    top[schedule.length * n + query] = 1;
    const { influence: found } = await (
      await openMeasurer()
    ).run({
      token_ids: idsTensor(ids.slice(0, n)),
      visible: masks([...schedule, ...unused], n),
      top: new ort.Tensor("float32", top, [nLayers + 1, n]),
    });
    const row = (level) => [...found.data.subarray(level * n, (level + 1) * n), ...Array(ids.length - n).fill(0)];
    return Array.from({ length: schedule.length + 1 }, (_, level) => row(level));
  }

  return { name, nLayers, forward, influence, openMeasurer };
}
