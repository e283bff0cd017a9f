// A window with gaps, for the browser: the same as dilated.py.

import { triangle } from "./counting.js";
import { thousands } from "../wording/numbers.js";
import { definePattern } from "./pattern.js";

/** @import { Pattern } from "../web/core/types.d.ts" */

/**
 * How many keys a query reads at most in a text of n tokens.
 * @param {Pattern} p
 * @param {number} n
 */
const mostKeys = (p, n) => Math.min(p.window_size, Math.ceil(n / p.dilation));

definePattern("dilated", {
  label: "dilated window",
  word: "dilated",
  visible: (p, age) => age >= 0 && age < p.window_size * p.dilation && age % p.dilation === 0,
  rule: (p) => `age < ${p.window_size * p.dilation} and a multiple of ${p.dilation}`,
  name: (p) =>
    `dilated window W = ${p.window_size}, ${p.dilation === 2 ? "every second key" : `dilation ${p.dilation}`}`,
  run: (p) => `dilated window of ${p.window_size}`,
  ranges: (p, query) => {
    const oldest = query - (p.window_size - 1) * p.dilation;
    return [[Math.max(oldest, query % p.dilation), query + 1, p.dilation]];
  },
  pairs: (p, n) => n * mostKeys(p, n) - p.dilation * triangle(mostKeys(p, n) - 1),
  formula: (p, n) => {
    const most = mostKeys(p, n);
    const numbers = `${thousands(n)} · ${most} − ${p.dilation} · ${thousands(triangle(most - 1))}`;
    return `N·K − d·K(K−1)/2 = ${numbers}, with K = ${most} keys at most`;
  },
  limit: (p) => ["N/(2W)", 2 * p.window_size],
  kept: (p) => ({ pinned: 0, latest: (p.window_size - 1) * p.dilation + 1 }),
  looksAhead: () => false,
  hiddenWords: "hidden by the window or in its gaps, read in full attention",
  whyHidden: (p, age) =>
    age >= p.window_size * p.dilation
      ? `age ${age} ≥ W·d = ${p.window_size * p.dilation}: outside the window`
      : `age ${age} is not a multiple of d = ${p.dilation}: in a gap`,
  say: { dilation: (d) => (d === 1 ? "1: no gaps" : `every ${d}`) },
});
