// An engine answers requests, which name the text, the layer schedule and the stage, and remembers
// the answers.  Views do not know which engine they have: the server's, the one in this browser, or
// answers that were recorded when the file was made.
//
//   openEngine(data, wake) -> {live, peek(request), ask(requests) -> Promise, ...}
//
// `data.answers`: what is known from the start; `data.live`: where the model's files are, or null;
// `data.served`: is there a server behind the page?  `wake()` is called when something has changed.

import { answerCache } from "./answer_cache.js";
import { browserEngine } from "./browser.js";
import { serverEngine } from "./server.js";

// What the model in this browser answers faster moves with the hand, whole; slower, it follows.
const WITH_THE_HAND_MS = 150;

export function openEngine(data, wake) {
  const cache = answerCache();
  const server = data.served ? serverEngine(cache, wake) : null;
  const browser = data.live ? browserEngine(data, cache, wake) : null;
  const isLive = () => browser?.state === "ready";

  function ask(requests) {
    if (isLive() || (!server && browser)) return browser.ask(requests);
    return server ? server.ask(requests) : new Promise(() => {});
  }

  function receive(answers) {
    if (server) server.receive(answers);
    else answers.forEach(({ request, payload }) => cache.store(request, payload, { engine: "file" }));
  }

  return {
    get live() {
      return isLive();
    },
    get browser() {
      return browser;
    },
    get server() {
      return server;
    },
    peek: cache.peek,
    ask,
    receive,
    // Load the model into this browser, if it may and can.
    start: () => browser?.start(),
    quick: (requests) => isLive() && browser.expectedMs(requests) < WITH_THE_HAND_MS,
    atOnce: (requests) => (isLive() ? browser.atOnce(requests) : 1),
    hasNews: () => server?.hasNews() ?? false,
    unanswered: () => server?.unanswered() ?? [],
  };
}
