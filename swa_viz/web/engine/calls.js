// Calls to a worker: every question finds its answer, and none waits for ever.  A worker that has died
// tells nobody.  So one that says nothing for a minute, while a call waits for it, counts as dead.

/** @import { Message, Reply } from "../../answers/worker.js" */

/** @typedef {[done: number, total: number]} Progress - Bytes that have come, and all bytes. */

/**
 * A question to the worker; its number is added.
 * @typedef {(message: Omit<Message, "id">, transfer?: Transferable[], onProgress?: (progress: Progress) => void) =>
 *   Promise<Reply>} Call
 */

/**
 * The line to a worker.
 * @typedef {object} Calls
 * @property {Call} call - It is rejected if the worker says that it failed, or if the line ends.
 * @property {(reason: string) => void} end - Stop the worker, and reject all calls with the reason.
 * @property {string} ended - Why the line ended, or "".
 * @property {Promise<string>} whenEnded - It settles with that reason.
 */

/**
 * @typedef {{resolve: (reply: Reply) => void, reject: (error: Error) => void,
 *   onProgress?: (progress: Progress) => void}} Waiting
 */

// Silence is counted in ticks: a computer that wakes up after an hour's sleep has missed only one.
const TICK_MS = 15_000;
const PATIENT_TICKS = 4;

/**
 * Open the line to a worker.
 * @param {Worker} worker
 * @returns {Calls}
 */
export function openCalls(worker) {
  /** @type {Map<number, Waiting>} */
  const waiting = new Map();
  /** @type {(reason: string) => void} */
  let tellEnd = () => {};
  /** @type {Promise<string>} */
  const whenEnded = new Promise((resolve) => (tellEnd = resolve));
  const silence = watchSilence(() => calls.end(heard ? "it does not answer any more" : "it did not start in time"));
  let serial = 0;
  let heard = false;

  /** @type {Calls} */
  const calls = { call, end, ended: "", whenEnded };

  /** @type {Calls["end"]} */
  function end(reason) {
    if (calls.ended) return;
    calls.ended = reason;
    silence.ignore();
    worker.terminate();
    waiting.forEach(({ reject }) => reject(new Error(reason)));
    waiting.clear();
    tellEnd(reason);
  }

  /** @type {Call} */
  function call(message, transfer = [], onProgress) {
    if (calls.ended) return Promise.reject(new Error(calls.ended));
    return new Promise((resolve, reject) => {
      waiting.set(++serial, { resolve, reject, onProgress });
      silence.watch();
      worker.postMessage({ id: serial, ...message }, transfer);
    });
  }

  // Before the worker has said anything, an error means that its script was not loaded or cannot run.
  worker.onerror = (event) => {
    event.preventDefault();
    end(event.message && heard ? `it stopped with “${event.message}”` : "its worker could not be started");
  };
  worker.onmessageerror = () => end("its answer could not be read");
  /** @param {MessageEvent<Reply>} event */
  worker.onmessage = ({ data }) => {
    heard = true;
    silence.heard();
    const asker = waiting.get(data.id);
    if (data.progress) return asker?.onProgress?.(data.progress);
    waiting.delete(data.id);
    if (!waiting.size) silence.ignore();
    if (data.error) asker?.reject(new Error(data.error));
    else asker?.resolve(data);
  };
  return calls;
}

/**
 * Call `tooLong` when nothing was heard for some ticks while somebody watches.
 * @param {() => void} tooLong
 */
function watchSilence(tooLong) {
  let ticks = 0;
  let timer = 0;
  const tick = () => ++ticks >= PATIENT_TICKS && tooLong();
  return {
    heard: () => (ticks = 0),
    watch: () => {
      ticks = 0;
      timer ||= setInterval(tick, TICK_MS);
    },
    ignore: () => {
      clearInterval(timer);
      timer = 0;
    },
  };
}
