// The sliding window, for the browser: the same as sliding.py.

import { band, triangle } from "./counting.js";
import { thousands } from "../wording/numbers.js";
import { definePattern } from "./pattern.js";

definePattern("sliding", {
  label: "sliding window",
  word: "window",
  visible: (p, age) => age >= 0 && age < p.window_size,
  rule: (p) => `0 ≤ age < ${p.window_size}`,
  name: (p) => `window W = ${p.window_size}`,
  run: (p) => `window of ${p.window_size}`,
  ranges: (p, query) => [[Math.max(query - p.window_size + 1, 0), query + 1, 1]],
  pairs: (p, n) => band(n, p.window_size),
  formula: (p, n) =>
    n < p.window_size
      ? `W > N: the window covers the whole text, N(N+1)/2`
      : `N·W − W(W−1)/2 = ${thousands(n)} · ${thousands(p.window_size)} − ${thousands(triangle(p.window_size - 1))}`,
  limit: (p) => ["N/(2W)", 2 * p.window_size],
  band: (p) => [p.window_size - 1, 0],
  kept: (p) => ({ pinned: 0, latest: p.window_size }),
  looksAhead: () => false,
  hiddenWords: "hidden by the window, read in full attention",
  whyHidden: (p, age) => `age ${age} ≥ W = ${p.window_size}: outside the window`,
});
