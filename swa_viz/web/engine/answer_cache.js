// The answers that were computed, kept for a while: a hand that goes back finds them at once.

import { requestKey } from "../../answers/request.js";
import { openTrace } from "./trace.js";

const MOST_ANSWERS = 64;
const MOST_NUMBERS = 6e6;

const sizeOf = (answer) => answer.dense?.length ?? 0;

// What a file brought along cannot be computed again, so it is never forgotten.
const isKept = ({ engine }) => engine === "file";

export function answerCache() {
  const answers = new Map();
  let numbers = 0;

  function forget(key) {
    numbers -= sizeOf(answers.get(key));
    answers.delete(key);
  }

  // The answer if it is here, else null: for drawing without waiting.  It is kept longer for that.
  function peek(request) {
    const key = requestKey(request);
    const answer = answers.get(key);
    if (!answer) return null;
    answers.delete(key);
    answers.set(key, answer);
    return answer;
  }

  // The oldest that may go: answers are in the order in which they were last looked at.
  function forgetOldest() {
    const oldest = [...answers].find(([, answer]) => !isKept(answer));
    if (oldest) forget(oldest[0]);
    return Boolean(oldest);
  }

  // Keep the answer to a request; `engine` says who computed it, `ms` how long that took.
  function store(request, payload, { engine, ms = null }) {
    const key = requestKey(request);
    if (answers.has(key)) return;
    const answer = { ...(payload.values || payload.dense ? openTrace(payload) : payload), engine, ms };
    answers.set(key, answer);
    numbers += sizeOf(answer);
    while ((answers.size > MOST_ANSWERS || (numbers > MOST_NUMBERS && answers.size > 2)) && forgetOldest());
  }

  return { peek, store };
}
