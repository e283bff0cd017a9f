// The engine in this browser: it answers one question after the other.  Of those that wait only the
// newest is kept.

/** @import { Limits, LiveFiles, Request } from "../core/types.d.ts" */
/** @import { AnswerCache } from "./answer_cache.js" */
/** @import { Progress } from "./calls.js" */
/** @import { Visit } from "./visit.js" */

import { modelOfVisit } from "./visit.js";

/**
 * The engine in this browser.
 * @typedef {object} BrowserEngine
 * @property {"idle" | "spared" | "loading" | "ready" | "failed"} state - "failed" is final.
 * @property {Progress | null} progress - Null before the first bytes have come.
 * @property {string} reason - Why it failed, or "".
 * @property {(anyway?: boolean) => void} start - Load the model; `anyway` also where the visitor saves
 *   data or memory.
 * @property {(requests: Request[]) => Promise<void>} ask - It settles when all are answered, or when
 *   nobody will: a newer wish takes the place of one that has not begun.
 * @property {(requests: Request[]) => number} expectedMs - How long these take when nothing disturbs.
 * @property {(requests: Request[]) => number} atOnce - How many wishes may be under way.
 */

/**
 * What the engine works with.
 * @typedef {object} Desk
 * @property {BrowserEngine} engine
 * @property {{live: LiveFiles, limits: Limits}} data
 * @property {AnswerCache} cache
 * @property {() => void} wake
 * @property {() => void} follow
 * @property {string} name - As answers name it.
 * @property {Map<string, number[]>} recentMs - How long the last answers of each kind took.
 * @property {Visit | null} visit
 * @property {{requests: Request[], resolve: () => void} | null} next - The wish that waits.
 * @property {number} running - Wishes that are under way.
 * @property {number} failures - Answers that failed, one after the other.
 * @property {(request: Request, reason: string) => Promise<unknown>} answerElsewhere - For a request
 *   that failed here; it settles when somebody else has answered.
 */

const LEAST_MEMORY_GB = 2;
const RECENT = 5;
const QUICK_MS = 30;
const MOST_FAILURES = 2;
const LONGEST_REASON = 160;

/** Why this browser cannot run the model, or "". */
function missing() {
  if (typeof WebAssembly !== "object") return "this browser has no WebAssembly";
  if (typeof Worker !== "function") return "this browser has no workers";
  return typeof DecompressionStream === "function" ? "" : "this browser cannot unpack the model";
}

/** Would the download or the memory hurt this visitor?  Not all browsers say so. */
function spared() {
  const { connection, deviceMemory = Infinity } =
    /** @type {{connection?: {saveData?: boolean}, deviceMemory?: number}} */ (navigator);
  return connection?.saveData === true || deviceMemory < LEAST_MEMORY_GB;
}

/**
 * Make the engine in this browser; it loads nothing before it is started.
 * @param {{live: LiveFiles, limits: Limits}} data
 * @param {AnswerCache} cache
 * @param {() => void} wake - It is called when something has changed that pictures may depend on.
 * @param {() => void} follow - It is called when more of the model has come.
 * @param {Desk["answerElsewhere"]} answerElsewhere
 * @returns {BrowserEngine}
 */
export function browserEngine(data, cache, wake, follow, answerElsewhere) {
  /** @type {BrowserEngine} */
  const engine = {
    state: "idle",
    progress: null,
    reason: "",
    start: (anyway = false) => start(desk, anyway),
    ask: (requests) => ask(desk, requests),
    expectedMs: (requests) => expectedMs(desk, requests),
    atOnce: (requests) => atOnce(desk, requests),
  };
  const name = data.live.embedded?.includes("rounded") ? "rounded" : "browser";
  /** @type {Desk} */
  const desk = {
    ...{ engine, data, cache, wake, follow, name, answerElsewhere },
    ...{ recentMs: new Map(), visit: null, next: null, running: 0, failures: 0 },
  };
  return engine;
}

/**
 * @param {Desk} desk
 * @param {BrowserEngine["state"]} state
 * @param {string} [reason]
 */
function change({ engine, wake }, state, reason = "") {
  Object.assign(engine, { state, reason });
  wake();
}

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * The model cannot run here, for this reason.
 * @param {Desk} desk
 * @param {string} reason
 */
function fail(desk, reason) {
  if (desk.engine.state === "failed") return;
  desk.visit?.calls.end(reason);
  desk.next?.resolve();
  desk.next = null;
  change(desk, "failed", reason.slice(0, LONGEST_REASON).replace(/[.\s]+$/, ""));
}

/**
 * @param {Desk} desk
 * @param {boolean} anyway
 */
function start(desk, anyway) {
  const { engine, data, follow } = desk;
  if (!["idle", "spared"].includes(engine.state)) return;
  if (missing()) return fail(desk, missing());
  if (spared() && !anyway) {
    // To say it again would draw the page again, which starts the engine again, in every frame.
    if (engine.state !== "spared") change(desk, "spared");
    return;
  }
  change(desk, "loading");
  try {
    desk.visit = modelOfVisit(data.live, data.limits, (progress) => {
      engine.progress = progress;
      follow();
    });
  } catch (error) {
    return fail(desk, reasonOf(error));
  }
  const ready = () => {
    change(desk, "ready");
    work(desk);
  };
  desk.visit.calls.whenEnded.then((reason) => fail(desk, reason));
  desk.visit.opened.then(ready, (error) => fail(desk, reasonOf(error)));
}

/**
 * @param {Desk} desk
 * @param {Request[]} requests
 * @returns {Promise<void>}
 */
function ask(desk, requests) {
  return new Promise((resolve) => {
    desk.next?.resolve();
    desk.next = { requests, resolve };
    work(desk);
  });
}

/**
 * Begin with the wish that waits.  Of quick ones the worker gets one while it does another, so that it
 * never waits for the page.
 * @param {Desk} desk
 */
function work(desk) {
  const { engine, cache, next, running } = desk;
  if (engine.state !== "ready" || !next || running >= atOnce(desk, next.requests)) return;
  desk.next = null;
  desk.running++;
  const open = next.requests.filter((request) => !cache.peek(request));
  Promise.all(open.map((request) => answer(desk, request))).then(() => {
    desk.running--;
    next.resolve();
    work(desk);
  });
}

/**
 * @param {Desk} desk
 * @param {Request} request
 */
async function answer(desk, request) {
  const { visit, cache, name, recentMs } = desk;
  try {
    if (!visit) throw new Error("the model was not started");
    const { answer: payload, ms = 0 } = await visit.calls.call({ request });
    if (!payload) throw new Error("the worker did not answer");
    desk.failures = 0;
    recentMs.set(request.kind, [...(recentMs.get(request.kind) ?? []), ms].slice(-RECENT));
    cache.store(request, payload, { engine: name, ms });
  } catch (error) {
    await giveUp(desk, request, reasonOf(error));
  }
}

/**
 * An answer has failed.  One may be an accident; the next one after it is none.
 * @param {Desk} desk
 * @param {Request} request
 * @param {string} reason
 */
async function giveUp(desk, request, reason) {
  desk.failures++;
  if (!desk.visit || desk.visit.calls.ended || desk.failures >= MOST_FAILURES) fail(desk, reason);
  else await desk.answerElsewhere(request, reason);
}

/**
 * @param {Desk} desk
 * @param {Request[]} requests
 */
function expectedMs({ recentMs }, requests) {
  return requests.reduce((sum, { kind }) => sum + Math.min(...(recentMs.get(kind) ?? [0])), 0);
}

/**
 * @param {Desk} desk
 * @param {Request[]} requests
 */
const atOnce = (desk, requests) => (expectedMs(desk, requests) < QUICK_MS ? 2 : 1);
