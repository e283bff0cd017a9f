// The worker in which the model runs.

import * as ort from "onnxruntime-web/wasm";

import { download } from "./download.js";
import { openVocabulary } from "./vocabulary.js";

self.onmessage = async ({ data: { live } }) => {
  const report = (done, total) => self.postMessage({ done, total });
  const files = await download(live, ["wasm", "weights", "forward", "influence", "tokenizer"], report);
  const vocabulary = openVocabulary(JSON.parse(new TextDecoder().decode(files.tokenizer)));
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = files.wasm.buffer;
  const externalData = [{ path: "model.safetensors", data: files.weights }];
  const session = await ort.InferenceSession.create(files.forward, { externalData });
  self.postMessage({ inputs: session.inputNames, ids: vocabulary.encode("The cat") });
};
