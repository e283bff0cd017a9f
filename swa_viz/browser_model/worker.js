// The worker in which the model runs, so that the page never waits.  One message in, one out:
//
//   {id, open: {live, packed, limits}}   -> {id, progress: [done, total]} ..., then {id, opened: true}
//   {id, request}                        -> {id, answer, ms}
//
// and {id, error} where something failed.  `live` names the model and the files to download; unless
// it is null `packed` holds them, with weights that may be rounded.

import { openAnswers } from "../answers/answer.js";
import { download, gunzip } from "./download.js";
import { openModel } from "./model.js";
import { restoreWeights } from "./rounded_weights.js";
import { openVocabulary } from "../models/tokenizer.js";

const FILES = ["wasm", "weights", "forward", "influence", "tokenizer"];
// The first run of all is slow, so it is spent on any few tokens.
const WARM_UP = Array.from({ length: 24 }, (_, id) => id);

let model = null;
let answer = null;

async function unpack(packed) {
  const names = Object.keys(packed);
  const bytes = await Promise.all(names.map((name) => gunzip(packed[name])));
  const files = Object.fromEntries(names.map((name, i) => [name, bytes[i]]));
  return files.rounded ? { ...files, weights: restoreWeights(files.rounded) } : files;
}

async function open({ live, packed, limits }, report) {
  const files = packed ? await unpack(packed) : await download(live, FILES, report);
  const vocabulary = openVocabulary(JSON.parse(new TextDecoder().decode(files.tokenizer)));
  model = await openModel(live.model, files);
  await model.forward(WARM_UP, Array(model.nLayers).fill({ kind: "causal" }));
  answer = openAnswers(model, vocabulary, limits);
  return { opened: true };
}

async function run(request) {
  if (request.kind === "influence") await model.openMeasurer();
  const start = performance.now();
  const found = await answer(request);
  return { answer: found, ms: performance.now() - start };
}

self.onmessage = async ({ data: { id, open: opening, request } }) => {
  const report = (...progress) => self.postMessage({ id, progress });
  try {
    const result = await (opening ? open(opening, report) : run(request));
    const moved = result.answer?.dense ? [result.answer.dense.buffer] : [];
    self.postMessage({ id, ...result }, moved);
  } catch (error) {
    self.postMessage({ id, error: String(error?.message ?? error) });
  }
};
