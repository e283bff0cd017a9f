// The engine behind the page: the lab sends what is not known yet, and each promise settles when its
// answer comes.

/** @import { Payload, Request } from "../core/types.d.ts" */
/** @import { AnswerCache } from "./answer_cache.js" */

import { requestKey } from "../../answers/request.js";

/**
 * A request that waits for its answer.
 * @typedef {{request: Request, promise: Promise<void>, resolve: () => void}} Waiting
 */

/** @typedef {ReturnType<typeof serverEngine>} ServerEngine */

const NEWEST = 4;

/**
 * Make the engine behind the page.
 * @param {AnswerCache} cache
 * @param {() => void} wake - It is called when there is something to send.
 */
export function serverEngine(cache, wake) {
  /** @type {Map<string, Waiting>} */
  const waiting = new Map();
  let fresh = false;

  /** @param {Request} request */
  function run(request) {
    if (cache.peek(request)) return Promise.resolve();
    const key = requestKey(request);
    const known = waiting.get(key);
    if (known) return known.promise;
    const { promise, resolve } = promised();
    waiting.set(key, { request, promise, resolve });
    fresh = true;
    wake();
    return promise;
  }

  /**
   * Ask for some answers; the promise settles when all are here, or when nobody waits for them.
   * @param {Request[]} requests
   * @returns {Promise<unknown>}
   */
  const ask = (requests) => Promise.all(requests.map(run));

  /** Is there a request that was not sent yet? */
  const hasNews = () => fresh;

  /** @param {string} key */
  function settle(key) {
    waiting.get(key)?.resolve();
    waiting.delete(key);
  }

  /**
   * What waits for an answer, to be sent now.  A hand that hurries on leaves old requests behind:
   * only the newest few are kept, the others settle without one.
   * @returns {Request[]}
   */
  function unanswered() {
    fresh = false;
    [...waiting.keys()].slice(0, -NEWEST).forEach(settle);
    return [...waiting.values()].map(({ request }) => request);
  }

  /**
   * Take the answers that came from the server.
   * @param {readonly {request: Request, payload: Payload}[]} answers
   */
  function receive(answers) {
    for (const { request, payload } of answers) {
      cache.store(request, payload, { engine: "server" });
      settle(requestKey(request));
    }
  }

  return { ask, receive, hasNews, unanswered };
}

/** A promise, and what settles it. */
function promised() {
  let resolve = () => {};
  /** @type {Promise<void>} */
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}
