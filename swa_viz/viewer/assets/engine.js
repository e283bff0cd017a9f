// An engine answers `run(request) -> Promise of a trace`, where a request names the text, the layer
// schedule and the stage; `live` says that it is fast enough to be asked while a hand drags.  Views
// do not know which engine they have.  This one asks the server: the lab sends what is not known
// yet, and each promise settles when its answer comes.

import { openTrace } from "./trace.js";

const REMEMBERED = 48;
const NEWEST = 4;

// Two requests with the same key have the same answer.
export function requestKey(request) {
  return JSON.stringify([
    request.kind ?? "trace", request.text, request.edit ?? null, request.schedule,
    request.stage ?? null, request.token ?? null, request.layers ?? null,
  ]);
}

export function serverEngine(wake) {
  const known = new Map();
  const waiting = new Map();
  let fresh = false;

  function remember(key, answer) {
    known.delete(key);
    known.set(key, answer);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value);
  }

  // The answer if it is here already, else null: for drawing without waiting.
  const peek = (request) => known.get(requestKey(request)) ?? null;

  function run(request) {
    const key = requestKey(request);
    if (known.has(key)) return Promise.resolve(known.get(key));
    if (!waiting.has(key)) {
      const entry = { request };
      entry.promise = new Promise((resolve) => (entry.resolve = resolve));
      waiting.set(key, entry);
      fresh = true;
      wake();
    }
    return waiting.get(key).promise;
  }

  // Is there a request that was not sent yet?
  const hasNews = () => fresh;

  // What waits for an answer, to be sent now.  A hand that hurries on leaves old requests behind:
  // only the newest few are kept.
  function unanswered() {
    fresh = false;
    for (const key of [...waiting.keys()].slice(0, -NEWEST)) waiting.delete(key);
    return [...waiting.values()].map(({ request }) => request);
  }

  // Answers that came from the server, each {request, payload}.
  function receive(answers) {
    for (const { request, payload } of answers) {
      const key = requestKey(request);
      if (known.has(key)) continue;
      const answer = payload.values ? openTrace(payload) : payload;
      remember(key, answer);
      waiting.get(key)?.resolve(answer);
      waiting.delete(key);
    }
  }

  return { name: "server", live: false, run, peek, receive, hasNews, unanswered };
}
