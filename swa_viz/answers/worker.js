// The worker in which the model runs, so that the page never waits.  One message in, one out; what is
// opened tells in further messages how far it is.

/** @import { FolderFiles, Limits, LiveFiles, Payload, Request } from "../web/core/types.d.ts" */
/** @import { FileName } from "../browser_model/download.js" */

import { download, gunzip } from "../browser_model/download.js";
import { openModel } from "../browser_model/model.js";
import { restoreWeights } from "../browser_model/rounded_weights.js";
import { startRuntime } from "../browser_model/runtime.js";
import { smallModels } from "../browser_model/small_models.js";
import { openVocabulary } from "../models/tokenizer.js";
import { openAnswers } from "./answer.js";
import { openPuzzles } from "./puzzle.js";

/**
 * Files as they lie in a page, packed.  The weights may be rounded.
 * @typedef {Record<string, Uint8Array<ArrayBuffer>>} PackedFiles
 */

/**
 * What to open: `live` names the model and the files to download; unless it is null `packed` holds
 * them.
 * @typedef {{live: LiveFiles, packed: PackedFiles | null, limits: Limits}} Opening
 */

/**
 * A message to the worker: it opens the model, or asks it something.  `id` comes back in the reply.
 * @typedef {{id: number, open?: Opening, request?: Request}} Message
 */

/**
 * A message from the worker: how far opening is, in bytes; or what came of it all.
 * @typedef {object} Reply
 * @property {number} id
 * @property {[done: number, total: number]} [progress]
 * @property {boolean} [opened]
 * @property {Payload} [answer]
 * @property {number} [ms] - How long the answer took.
 * @property {string} [error] - Why it failed.
 */

// The least module there is.  The rules of a page may forbid to compile even this one.
const LEAST_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
/** @type {readonly FileName[]} */
const FILES = ["wasm", "weights", "forward", "influence", "tokenizer"];
// The name under which a page has all small models: SMALL_MODELS in browser_model/files.py.
const SMALL_MODELS = "fixes";
// The first run of all is slow, so it is spent on any few tokens.
const WARM_UP = Array.from({ length: 24 }, (_, id) => id);

/**
 * What answers here: `prepare` opens what a request needs, so that its time is not counted.
 * @typedef {object} Opened
 * @property {(request: Request) => Promise<unknown>} prepare
 * @property {(request: Request) => Promise<Payload>} answer
 */

/** @type {Opened | null} */
let opened = null;

/**
 * Throw where no WebAssembly may run: said before megabytes are fetched for nothing.
 * @returns {WebAssembly.Module}
 */
function checkWebAssembly() {
  try {
    return new WebAssembly.Module(LEAST_MODULE);
  } catch {
    throw new Error("the rules of this page forbid WebAssembly");
  }
}

/**
 * @param {string} name
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function unpackOne(name, bytes) {
  try {
    return await gunzip(bytes);
  } catch {
    throw new Error(`the file “${name}” in this page is damaged`);
  }
}

/**
 * @param {PackedFiles} packed
 * @returns {Promise<Record<FileName, Uint8Array>>}
 */
async function unpack(packed) {
  const names = Object.keys(packed);
  const bytes = await Promise.all(names.map((name) => unpackOne(name, packed[name])));
  const files = Object.fromEntries(names.map((name, i) => [name, bytes[i]]));
  const weights = files.rounded ? restoreWeights(files.rounded) : files.weights;
  return /** @type {Record<FileName, Uint8Array>} */ ({ ...files, weights });
}

/**
 * @param {Opening} opening
 * @param {(done: number, total: number) => void} report
 * @returns {Promise<Partial<Reply>>}
 */
async function open({ live, packed, limits }, report) {
  checkWebAssembly();
  const openAll = live.model === SMALL_MODELS ? openSmall : openLanguage;
  opened = await openAll({ live, packed, limits }, report);
  return { opened: true };
}

/**
 * Open a language model.
 * @param {Opening} opening
 * @param {(done: number, total: number) => void} report
 * @returns {Promise<Opened>}
 */
async function openLanguage({ live, packed, limits }, report) {
  const folder = /** @type {FolderFiles} */ (live);
  const files = await (packed ? unpack(packed) : download(folder, FILES, report));
  const vocabulary = openVocabulary(JSON.parse(new TextDecoder().decode(files.tokenizer)));
  const { step } = files; // all that is used later: the narrow weights may go
  const fetchStep = async () => step ?? (await download(folder, ["step"], () => {})).step;
  const model = await openModel(live.model, files, fetchStep);
  await model.forward(WARM_UP, Array(model.nLayers).fill({ kind: "causal" }));
  /** @param {Request} request */
  async function prepare({ kind }) {
    if (kind === "influence") await model.openMeasurer();
    if (kind === "generate" || kind === "prefill") await model.openStepper();
  }
  return { prepare, answer: openAnswers(model, vocabulary, limits) };
}

/**
 * Open the small models: the runtime and their table.  Each model follows when it is first asked; a page in
 * one file holds only one of them.
 * @param {Opening} opening
 * @param {(done: number, total: number) => void} report
 * @returns {Promise<Opened>}
 */
async function openSmall({ live, packed, limits }, report) {
  const folder = /** @type {FolderFiles} */ (live);
  const files = await (packed ? unpack(packed) : download(folder, ["wasm", "table"], report));
  /** @param {string} name */
  async function fetchFiles(name) {
    const names = /** @type {const} */ ([`${name}.graph`, `${name}.weights`]);
    const found = packed ? files : await download(folder, names, () => {});
    return { graph: found[names[0]], weights: found[names[1]] };
  }
  startRuntime(files.wasm);
  const table = JSON.parse(new TextDecoder().decode(files.table));
  const inside = packed ? Object.keys(packed) : null;
  const models = smallModels(table, fetchFiles, (name) => !inside || inside.includes(`${name}.weights`));
  /** @param {Request} request */
  const prepare = async ({ model }) => models.has(model) && models.open(model);
  return { prepare, answer: openPuzzles(models, limits) };
}

/**
 * @param {Request} request
 * @returns {Promise<Partial<Reply>>}
 */
async function run(request) {
  if (!opened) throw new Error("no model was opened");
  await opened.prepare(request);
  const start = performance.now();
  const answer = await opened.answer(request);
  return { answer, ms: performance.now() - start };
}

/**
 * The memory of an answer that need not be copied for the page.
 * @param {Payload | undefined} answer
 * @returns {Transferable[]}
 */
const movable = (answer) => (answer && "dense" in answer && answer.dense ? [answer.dense.buffer] : []);

/**
 * @param {Reply} reply
 * @param {Transferable[]} [transfer]
 */
const send = (reply, transfer = []) => self.postMessage(reply, { transfer });

/** @param {MessageEvent<Message>} event */
self.onmessage = async ({ data: { id, open: opening, request } }) => {
  try {
    /** @type {Partial<Reply>} */
    let result = {};
    if (opening) result = await open(opening, (...progress) => send({ id, progress }));
    if (request) result = await run(request);
    send({ id, ...result }, movable(result.answer));
  } catch (error) {
    send({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
