// The answers that were computed, kept for a while: a hand that goes back finds them at once.

/** @import { OverviewPayload, Payload, Request, TracePayload } from "../core/types.d.ts" */
/** @import { Overview, Trace } from "./trace.js" */

import { requestKey } from "../../answers/request.js";
import { openOverview, openTrace } from "./trace.js";

/**
 * Who computed an answer ("server", "browser", "rounded" or "file"), and how many milliseconds that
 * took; null where nobody knows.
 * @typedef {{engine: string, ms: number | null}} Computed
 */

/** @typedef {Exclude<Payload, TracePayload | OverviewPayload>} Plain */

/** @typedef {(Trace | Overview | Plain) & Computed} Answer */

/** @typedef {ReturnType<typeof answerCache>} AnswerCache */

const MOST_ANSWERS = 64;
const MOST_NUMBERS = 6e6;

/** @param {Answer} answer */
const sizeOf = (answer) => ("dense" in answer && answer.dense ? answer.dense.length : 0);

/**
 * What a file brought along cannot be computed again, so it is never forgotten.
 * @param {Answer} answer
 */
const isKept = ({ engine }) => engine === "file";

/**
 * @param {Payload} payload
 * @returns {Trace | Overview | Plain}
 */
function opened(payload) {
  if ("schedule" in payload) return openTrace(payload);
  return "blocks" in payload ? openOverview(payload) : payload;
}

/** A new cache; it is empty. */
export function answerCache() {
  /** @type {Map<string, Answer>} */
  const answers = new Map();
  let numbers = 0;

  /**
   * The answer if it is here, else null: for drawing without waiting.  It is kept longer for that.
   * @param {Request} request
   * @returns {Answer | null}
   */
  function peek(request) {
    const key = requestKey(request);
    const answer = answers.get(key);
    if (!answer) return null;
    answers.delete(key);
    answers.set(key, answer);
    return answer;
  }

  /** Forget the oldest that may go: answers are in the order in which they were last looked at. */
  function forgetOldest() {
    const oldest = [...answers].find(([, answer]) => !isKept(answer));
    if (!oldest) return false;
    const [key, answer] = oldest;
    numbers -= sizeOf(answer);
    return answers.delete(key);
  }

  /**
   * Keep the answer to a request.
   * @param {Request} request
   * @param {Payload} payload
   * @param {{engine: string, ms?: number | null}} computed
   */
  function store(request, payload, { engine, ms = null }) {
    const key = requestKey(request);
    if (answers.has(key)) return;
    const answer = { ...opened(payload), engine, ms };
    answers.set(key, answer);
    numbers += sizeOf(answer);
    while ((answers.size > MOST_ANSWERS || (numbers > MOST_NUMBERS && answers.size > 2)) && forgetOldest());
  }

  return { peek, store };
}
