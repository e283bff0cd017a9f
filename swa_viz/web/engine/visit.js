// The model of this visit: one worker for all labs, which loads the model once.  A page about another
// model takes its place.

/** @import { Limits, LiveFiles } from "../core/types.d.ts" */
/** @import { PackedFiles } from "../../answers/worker.js" */
/** @import { Calls, Progress } from "./calls.js" */

import { openCalls } from "./calls.js";

/**
 * The model of this visit.
 * @typedef {object} Visit
 * @property {string} worker - The name of its file.
 * @property {string} model - Its name.
 * @property {Set<(progress: Progress) => void>} listeners
 * @property {Calls} calls
 * @property {Promise<unknown>} opened - It settles when the model is open, or has failed.
 */

const NAME = Symbol.for("swa_viz.model");
// Each lab is a bundle of its own, so what they share hangs on the window.
const shared = /** @type {Record<symbol, Visit | undefined>} */ (/** @type {unknown} */ (globalThis));

/**
 * The model of this visit, started by the first lab that asks for it.  Another one that runs is stopped,
 * for both would take memory and the lab that asked it is gone.
 * @param {LiveFiles} live
 * @param {Limits} limits
 * @param {(progress: Progress) => void} onProgress
 * @returns {Visit}
 * @throws {Error} If the worker cannot be started: the message says why.
 */
export function modelOfVisit(live, limits, onProgress) {
  const known = shared[NAME];
  if (known?.worker === live.worker && known.model === live.model && !known.calls.ended) {
    known.listeners.add(onProgress);
    return known;
  }
  known?.calls.end("this page opened another model");
  const absolute = live.embedded ? live : { ...live, base: new URL(live.base, document.baseURI).href };
  const packed = live.embedded ? embeddedFiles(live.embedded) : null;
  const transfer = Object.values(packed ?? {}).map((bytes) => bytes.buffer);
  const listeners = new Set([onProgress]);
  const calls = openCalls(startWorker(absolute));
  const opened = calls.call({ open: { live: absolute, packed, limits } }, transfer, (progress) =>
    listeners.forEach((listener) => listener(progress)),
  );
  const visit = { worker: live.worker, model: live.model, listeners, calls, opened };
  shared[NAME] = visit;
  return visit;
}

/**
 * A file that lies in the page itself, in a script element.
 * @param {string} name
 */
function embeddedFile(name) {
  try {
    const base64 = document.querySelector(`script[data-live="${name}"]`)?.textContent ?? "-";
    const text = atob(base64.trim());
    const bytes = new Uint8Array(text.length);
    // Not `from`: it takes ten times as long, and the page stands still meanwhile.
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  } catch {
    throw new Error(`the file “${name}” in this page is damaged`);
  }
}

/**
 * @param {readonly string[]} names
 * @returns {PackedFiles}
 */
const embeddedFiles = (names) => Object.fromEntries(names.map((name) => [name, embeddedFile(name)]));

/**
 * Start the worker.  Where a page has no origin of its own, browsers start none from a file of its host.
 * @param {LiveFiles} live
 */
function startWorker(live) {
  const source = live.embedded ? embeddedFile("worker") : null;
  try {
    if (!live.embedded) return new Worker(new URL(live.worker, live.base), { type: "module" });
    return new Worker(URL.createObjectURL(new Blob([source ?? ""], { type: "text/javascript" })));
  } catch {
    throw new Error("its worker may not be started in this frame");
  }
}
