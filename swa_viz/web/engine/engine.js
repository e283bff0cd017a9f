// An engine answers requests, which name the text, the layer schedule and the stage, and remembers
// the answers.  Views do not know which engine they have: the server's, the one in this browser, or
// answers that were recorded when the file was made.

/** @import { LabData, Payload, Request } from "../core/types.d.ts" */
/** @import { Answer } from "./answer_cache.js" */
/** @import { BrowserEngine } from "./browser.js" */
/** @import { ServerEngine } from "./server.js" */

import { answerCache } from "./answer_cache.js";
import { browserEngine } from "./browser.js";
import { serverEngine } from "./server.js";

/**
 * What answers the requests of one lab.
 * @typedef {object} Engine
 * @property {boolean} live - Does the model in this browser answer?
 * @property {() => string} absence - Why numbers that are missing do not come now, or "".
 * @property {BrowserEngine | null} browser
 * @property {ServerEngine | null} server
 * @property {(request: Request) => Answer | null} peek - The answer if it is here: for drawing without
 *   waiting.
 * @property {(requests: Request[]) => Promise<unknown>} ask - It settles when the answers are here, or
 *   when nobody waits for them.  Where nobody will ever answer, it never does.
 * @property {(answers: readonly {request: Request, payload: Payload}[]) => void} receive - Takes answers
 *   that the host has.
 * @property {() => void} start - Loads the model into this browser, if it may and can.
 * @property {(requests: Request[]) => boolean} follows - Are these answered while the hand moves?
 * @property {(requests: Request[]) => boolean} quick - Do the answers come fast enough to move with the
 *   hand?
 * @property {(requests: Request[]) => number} atOnce - How many wishes may be under way.
 * @property {() => boolean} hasNews - Is there a request that was not sent to the server yet?
 * @property {() => Request[]} unanswered - What waits for the server, to be sent now.
 */

// What the model in this browser answers faster moves with the hand, whole; slower, it follows.
const WITH_THE_HAND_MS = 150;

/**
 * Is a request about a long text?  Only a server reads those.
 * @param {Request} request
 */
const isLong = ({ kind }) => kind === "stretch" || kind === "overview";

/**
 * Make the engine of a lab.
 * @param {Pick<LabData, "served" | "live" | "limits">} data
 * @param {() => void} wake - It is called when something has changed that pictures may depend on.
 * @param {() => void} follow - It is called when more of the model has come.
 * @returns {Engine}
 */
export function openEngine({ served, live, limits }, wake, follow) {
  const cache = answerCache();
  const server = served ? serverEngine(cache, wake) : null;
  const browser = live ? browserEngine({ live, limits }, cache, wake, follow, answerElsewhere) : null;
  const whereLive = () => (browser?.state === "ready" ? browser : null);

  /**
   * One request that failed in this browser: the server may do better, else the lab says why.
   * @param {Request} request
   * @param {string} reason
   * @returns {Promise<unknown>}
   */
  async function answerElsewhere(request, reason) {
    if (server) return server.ask([request]);
    return cache.store(
      request,
      { tokens: [], empty: limits.refused.replace("{reason}", reason) },
      { engine: "browser" },
    );
  }

  function absence() {
    if (server || whereLive()) return "";
    if (!browser) return "not in this file";
    if (browser.state === "failed") return "the model cannot run here";
    return browser.state === "spared" ? "the model is not loaded" : "the model is loading…";
  }

  /** @type {Engine["ask"]} */
  function ask(requests) {
    const here = requests.some(isLong) ? null : whereLive();
    const asked = here ?? server ?? (browser?.state === "failed" ? null : browser);
    return asked ? asked.ask(requests) : new Promise(() => {});
  }

  /** @type {Engine["follows"]} */
  const follows = (requests) => whereLive() !== null && !requests.some(isLong);

  /** @type {Engine["receive"]} */
  function receive(answers) {
    if (server) server.receive(answers);
    else answers.forEach(({ request, payload }) => cache.store(request, payload, { engine: "file" }));
  }

  return {
    get live() {
      return whereLive() !== null;
    },
    browser,
    server,
    absence,
    peek: cache.peek,
    ask,
    receive,
    start: () => browser?.start(),
    follows,
    quick: (requests) => follows(requests) && (whereLive()?.expectedMs(requests) ?? Infinity) < WITH_THE_HAND_MS,
    atOnce: (requests) => whereLive()?.atOnce(requests) ?? 1,
    hasNews: () => server?.hasNews() ?? false,
    unanswered: () => server?.unanswered() ?? [],
  };
}
