// A sliding window that keeps the first tokens, for the browser: the same as sink.py.

import { band, triangle } from "./counting.js";
import { counted, thousands } from "../wording/numbers.js";
import { definePattern } from "./pattern.js";

/**
 * Sinks that a band does not already read, over all queries.
 * @param {number} n
 * @param {number} size
 * @param {number} sinks
 */
function sinkExtra(n, size, sinks) {
  const beyond = Math.max(n - size, 0);
  const kept = Math.min(sinks, beyond);
  return triangle(kept) + (beyond - kept) * kept;
}

definePattern("sink", {
  label: "window + sinks",
  word: "window",
  visible: (p, age, query, key) => age >= 0 && (age < p.window_size || key < p.n_sink_tokens),
  rule: (p) => `0 ≤ age < ${p.window_size}, or among the first ${counted(p.n_sink_tokens, "token")}`,
  name: (p) => `window W = ${p.window_size} + ${counted(p.n_sink_tokens, "sink")}`,
  run: (p) => `window of ${p.window_size} + ${counted(p.n_sink_tokens, "sink")}`,
  ranges: (p, query) => {
    const start = Math.max(query - p.window_size + 1, 0);
    return [
      [0, Math.min(start, p.n_sink_tokens), 1],
      [start, query + 1, 1],
    ];
  },
  pairs: (p, n) => band(n, p.window_size) + sinkExtra(n, p.window_size, p.n_sink_tokens),
  formula: (p, n) =>
    `the window's ${thousands(band(n, p.window_size))}, ` +
    `and ${thousands(sinkExtra(n, p.window_size, p.n_sink_tokens))} for sinks that have left it`,
  limit: (p) => ["N/(2(W+S))", 2 * (p.window_size + p.n_sink_tokens)],
  kept: (p) => ({ pinned: p.n_sink_tokens, latest: p.window_size }),
  looksAhead: () => false,
  nPinned: (p) => p.n_sink_tokens,
  pinnedWords: "a sink token: read whatever its age",
  hiddenWords: "hidden by the window, read in full attention",
  whyRead: (p, age, query, key) => (key < p.n_sink_tokens ? "a sink token, always kept" : null),
  whyHidden: (p, age) => `age ${age} ≥ W = ${p.window_size}, and not a sink`,
});
