// An engine answers `run(request) -> Promise of a trace`, where a request names the text, the layer
// schedule and the stage; `live` says that it is fast enough to be asked while a hand drags.  Views do not know which engine they have.  This one asks the server: it
// sends what is not known yet in one message and settles each promise when its answer comes.

import { openTrace } from "./trace.js";

const REMEMBERED = 48;

// Two requests with the same key have the same answer.
export function requestKey(request) {
  return JSON.stringify([
    request.kind ?? "trace", request.text, request.edit ?? null, request.schedule,
    request.stage ?? null, request.token ?? null, request.layers ?? null,
  ]);
}

export function serverEngine(send) {
  const known = new Map();
  const waiting = new Map();
  let outgoing = [];

  function remember(key, answer) {
    known.delete(key);
    known.set(key, answer);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value);
  }

  function flush() {
    send(outgoing);
    outgoing = [];
  }

  // The answer if it is here already, else null: for drawing without waiting.
  const peek = (request) => known.get(requestKey(request)) ?? null;

  function run(request) {
    const key = requestKey(request);
    if (known.has(key)) return Promise.resolve(known.get(key));
    if (!waiting.has(key)) {
      const entry = {};
      entry.promise = new Promise((resolve) => (entry.resolve = resolve));
      waiting.set(key, entry);
      if (outgoing.push(request) === 1) queueMicrotask(flush);
    }
    return waiting.get(key).promise;
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

  return { name: "server", live: false, run, peek, receive };
}
