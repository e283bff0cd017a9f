// The engine in this browser: a worker that loads the model once for all labs of a visit, and answers
// one question after the other.  Of those that wait only the newest is kept.

const VISIT = Symbol.for("swa_viz.model");
const LEAST_MEMORY_GB = 2;
const RECENT = 5;
const QUICK_MS = 30;

// Why this browser cannot run the model, or "".
function missing() {
  if (typeof WebAssembly !== "object") return "this browser has no WebAssembly";
  if (typeof Worker !== "function") return "this browser has no workers";
  return typeof DecompressionStream === "function" ? "" : "this browser cannot unpack the model";
}

// Would the download or the memory hurt this visitor?
function spared() {
  return navigator.connection?.saveData === true || navigator.deviceMemory < LEAST_MEMORY_GB;
}

// Files that lie in the page itself, each in a script element named by `data-live`.
function embeddedFile(name) {
  const base64 = document.querySelector(`script[data-live="${name}"]`).textContent.trim();
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function startWorker(live) {
  if (!live.embedded) return new Worker(new URL(live.worker, live.base), { type: "module" });
  const script = new Blob([embeddedFile("worker")], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(script));
}

// Messages with numbers, so that every answer finds its question.
function conversation(worker) {
  const waiting = new Map();
  let serial = 0;
  const call = (message, transfer = [], onProgress = null) =>
    new Promise((resolve, reject) => {
      waiting.set(++serial, { resolve, reject, onProgress });
      worker.postMessage({ id: serial, ...message }, transfer);
    });
  const failAll = (reason) => waiting.forEach(({ reject }) => reject(new Error(reason)));
  worker.onerror = (event) => failAll(event.message ?? "the worker did not start");
  worker.onmessage = ({ data: { id, progress, error, ...result } }) => {
    const { resolve, reject, onProgress } = waiting.get(id);
    if (progress) return onProgress(progress);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(result);
  };
  return call;
}

// The model of this visit: {call, opened, progress}, started by the first lab that asks.
function modelOfVisit(live, limits, onProgress) {
  const absolute = live.embedded ? live : { ...live, base: new URL(live.base, document.baseURI).href };
  const known = globalThis[VISIT];
  if (known?.worker === live.worker) {
    known.listeners.add(onProgress);
    return known;
  }
  const visit = { worker: live.worker, listeners: new Set([onProgress]) };
  visit.call = conversation(startWorker(absolute));
  const packed = live.embedded && Object.fromEntries(live.embedded.map((name) => [name, embeddedFile(name)]));
  const transfer = packed ? Object.values(packed).map((bytes) => bytes.buffer) : [];
  const tell = (progress) => visit.listeners.forEach((listener) => listener(progress));
  visit.opened = visit.call({ open: { live: absolute, packed, limits } }, transfer, tell);
  globalThis[VISIT] = visit;
  return visit;
}

// state: "idle", "spared", "loading", "ready" or "failed"
export function browserEngine({ live, limits }, cache, wake) {
  const engine = { state: "idle", progress: null, reason: "" };
  const name = live.embedded?.includes("rounded") ? "rounded" : "browser";
  const recentMs = new Map();
  let visit = null;
  let next = null;
  let running = 0;

  function change(state, reason = "") {
    Object.assign(engine, { state, reason });
    wake();
  }

  function fail(reason) {
    delete globalThis[VISIT];
    next?.resolve();
    next = null;
    change("failed", reason);
  }

  // Load the model; `anyway` also where the visitor saves data or memory.
  engine.start = (anyway = false) => {
    if (!["idle", "spared"].includes(engine.state)) return;
    if (missing()) return change("failed", missing());
    if (spared() && !anyway) return change("spared");
    change("loading");
    try {
      visit = modelOfVisit(live, limits, (progress) => {
        engine.progress = progress;
        wake();
      });
      visit.opened.then(
        () => {
          change("ready");
          work();
        },
        ({ message }) => fail(message),
      );
    } catch ({ message }) {
      fail(message);
    }
  };

  // Of quick runs the worker gets one while it does another, so that it never waits for the page.
  function work() {
    if (engine.state !== "ready" || !next || running >= engine.atOnce(next.requests)) return;
    const { requests, resolve } = next;
    next = null;
    running++;
    Promise.all(requests.filter((request) => !cache.peek(request)).map(answer)).then(() => {
      running--;
      resolve();
      work();
    });
  }

  async function answer(request) {
    try {
      const found = await visit.call({ request });
      recentMs.set(request.kind, [...(recentMs.get(request.kind) ?? []), found.ms].slice(-RECENT));
      cache.store(request, found.answer, { engine: name, ms: found.ms });
    } catch ({ message }) {
      fail(message);
    }
  }

  // Settles when all are answered, or when nobody will: a newer wish takes the place of one that has
  // not begun.
  engine.ask = (requests) =>
    new Promise((resolve) => {
      next?.resolve();
      next = { requests, resolve };
      work();
    });

  // How long these take when nothing disturbs, judging by the last ones.
  const undisturbed = ({ kind }) => Math.min(...(recentMs.get(kind) ?? [0]));
  engine.expectedMs = (requests) => requests.reduce((sum, request) => sum + undisturbed(request), 0);
  // How many wishes may be under way.
  engine.atOnce = (requests) => (engine.expectedMs(requests) < QUICK_MS ? 2 : 1);
  return engine;
}
