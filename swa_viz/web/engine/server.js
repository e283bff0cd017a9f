// The engine behind the page: the lab sends what is not known yet, and each promise settles when its
// answer comes.

import { requestKey } from "../../answers/request.js";

const NEWEST = 4;

export function serverEngine(cache, wake) {
  const waiting = new Map();
  let fresh = false;

  function run(request) {
    if (cache.peek(request)) return Promise.resolve();
    const key = requestKey(request);
    if (!waiting.has(key)) {
      const entry = { request };
      entry.promise = new Promise((resolve) => (entry.resolve = resolve));
      waiting.set(key, entry);
      fresh = true;
      wake();
    }
    return waiting.get(key).promise;
  }

  const ask = (requests) => Promise.all(requests.map(run));

  // Is there a request that was not sent yet?
  const hasNews = () => fresh;

  function settle(key) {
    waiting.get(key)?.resolve();
    waiting.delete(key);
  }

  // What waits for an answer, to be sent now.  A hand that hurries on leaves old requests behind:
  // only the newest few are kept, the others settle without one.
  function unanswered() {
    fresh = false;
    [...waiting.keys()].slice(0, -NEWEST).forEach(settle);
    return [...waiting.values()].map(({ request }) => request);
  }

  // Answers that came from the server, each {request, payload}.
  function receive(answers) {
    for (const { request, payload } of answers) {
      cache.store(request, payload, { engine: "server" });
      settle(requestKey(request));
    }
  }

  return { ask, receive, hasNews, unanswered };
}
