// @ts-check
// The model of this visit: one worker for all labs, which loads the model once.  Messages have
// numbers, so that every answer finds its question.

/** @import { Limits, LiveFiles } from "../core/types.d.ts" */
/** @import { Message, PackedFiles, Reply } from "../../browser_model/worker.js" */

/** @typedef {[done: number, total: number]} Progress - Bytes that have come, and all bytes. */

/**
 * A question to the worker; its number is added.
 * @typedef {(message: Omit<Message, "id">, transfer?: Transferable[], onProgress?: (progress: Progress) => void) =>
 *   Promise<Reply>} Call
 */

/**
 * The model of this visit.
 * @typedef {object} Visit
 * @property {string} worker - The name of its file.
 * @property {Set<(progress: Progress) => void>} listeners
 * @property {Call} call
 * @property {Promise<unknown>} opened - It settles when the model is open, or has failed.
 */

const NAME = Symbol.for("swa_viz.model");
// Each lab is a bundle of its own, so what they share hangs on the window.
const shared = /** @type {Record<symbol, Visit | undefined>} */ (/** @type {unknown} */ (globalThis));

/**
 * The model of this visit, started by the first lab that asks.
 * @param {LiveFiles} live
 * @param {Limits} limits
 * @param {(progress: Progress) => void} onProgress
 * @returns {Visit}
 * @throws {Error} If the worker cannot be started.
 */
export function modelOfVisit(live, limits, onProgress) {
  const known = shared[NAME];
  if (known?.worker === live.worker) {
    known.listeners.add(onProgress);
    return known;
  }
  const absolute = live.embedded ? live : { ...live, base: new URL(live.base, document.baseURI).href };
  const call = conversation(startWorker(absolute));
  const packed = live.embedded ? embeddedFiles(live.embedded) : null;
  const transfer = Object.values(packed ?? {}).map((bytes) => bytes.buffer);
  const listeners = new Set([onProgress]);
  const opened = call({ open: { live: absolute, packed, limits } }, transfer, (progress) =>
    listeners.forEach((listener) => listener(progress)),
  );
  const visit = { worker: live.worker, listeners, call, opened };
  shared[NAME] = visit;
  return visit;
}

/**
 * Let the next lab start anew, because this model has failed.
 * @returns {void}
 */
export function forgetVisit() {
  delete shared[NAME];
}

/**
 * A file that lies in the page itself, in a script element.
 * @param {string} name
 */
function embeddedFile(name) {
  const base64 = document.querySelector(`script[data-live="${name}"]`)?.textContent ?? "";
  return Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
}

/**
 * @param {readonly string[]} names
 * @returns {PackedFiles}
 */
const embeddedFiles = (names) => Object.fromEntries(names.map((name) => [name, embeddedFile(name)]));

/** @param {LiveFiles} live */
function startWorker(live) {
  if (!live.embedded) return new Worker(new URL(live.worker, live.base), { type: "module" });
  const script = new Blob([embeddedFile("worker")], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(script));
}

/**
 * @param {Worker} worker
 * @returns {Call}
 */
function conversation(worker) {
  /**
   * @typedef {{resolve: (reply: Reply) => void, reject: (error: Error) => void,
   *   onProgress?: (progress: Progress) => void}} Waiting
   */
  /** @type {Map<number, Waiting>} */
  const waiting = new Map();
  let serial = 0;
  worker.onerror = ({ message }) => {
    const reason = message ?? "the worker did not start";
    waiting.forEach(({ reject }) => reject(new Error(reason)));
  };
  /** @param {MessageEvent<Reply>} event */
  worker.onmessage = ({ data }) => {
    const asker = waiting.get(data.id);
    if (data.progress) return asker?.onProgress?.(data.progress);
    waiting.delete(data.id);
    if (data.error) asker?.reject(new Error(data.error));
    else asker?.resolve(data);
  };
  return (message, transfer = [], onProgress) =>
    new Promise((resolve, reject) => {
      waiting.set(++serial, { resolve, reject, onProgress });
      worker.postMessage({ id: serial, ...message }, transfer);
    });
}
