// Full causal attention, for the browser: the same as causal.py.

import { triangle } from "./counting.js";
import { thousands } from "../wording/numbers.js";
import { definePattern } from "./pattern.js";

definePattern("causal", {
  label: "full causal",
  word: "full",
  visible: (p, age) => age >= 0,
  rule: () => "age ≥ 0",
  name: () => "full attention",
  run: () => "full attention",
  ranges: (p, query) => [[0, query + 1, 1]],
  pairs: (p, n) => triangle(n),
  formula: (p, n) => `N(N+1)/2 = ${thousands(n)} · ${thousands(n + 1)} / 2`,
  band: () => [Infinity, 0],
  looksAhead: () => false,
  isFull: true,
  hiddenWords: null,
});
