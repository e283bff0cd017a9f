// A window and a few global tokens, for the browser: the same as global_tokens.py.

import { listed } from "../wording/text.js";
import { definePattern } from "./pattern.js";

/** @import { Pattern } from "../web/core/types.d.ts" */
/** @import { KeyRange } from "./pattern.js" */

/** @param {Pattern} p */
const sideOf = (p) => (p.causal ? p.window_size - 1 : (p.window_size - 1) / 2);

/** @param {Pattern} p */
function rule(p) {
  const near = p.causal ? `0 ≤ age < ${p.window_size}` : `|age| ≤ ${sideOf(p)}`;
  const tokens = p.global_positions.map((/** @type {number} */ g) => `token ${g + 1}`);
  return `${near}, or the query or the key is ${listed(tokens, "or")}`;
}

/**
 * The window around the query, and each global key that lies outside it.
 * @param {Pattern} p
 * @param {number} query
 * @param {number} n
 * @returns {KeyRange[]}
 */
function ranges(p, query, n) {
  const stopAll = p.causal ? query + 1 : n;
  if (p.global_positions.includes(query)) return [[0, stopAll, 1]];
  const [start, stop] = [Math.max(query - sideOf(p), 0), p.causal ? query + 1 : Math.min(query + sideOf(p) + 1, n)];
  const lone = p.global_positions.filter((/** @type {number} */ g) => g < start || (g >= stop && g < stopAll));
  return [[start, stop, 1], ...lone.map((/** @type {number} */ g) => [g, g + 1, 1])];
}

// A symmetric pattern needs as many keys on each side as on the other.
const odd = (/** @type {number} */ size) => size + ((size + 1) % 2);

const inOrder = (/** @type {number[]} */ tokens) =>
  [...new Set(tokens.filter(Boolean))].map((token) => token - 1).sort((a, b) => a - b);

definePattern("global", {
  label: "window + global tokens",
  word: "global",
  visible: (p, age, query, key) => {
    if (p.causal && age < 0) return false;
    return Math.abs(age) <= sideOf(p) || p.global_positions.includes(query) || p.global_positions.includes(key);
  },
  rule,
  name: (p) => `window W = ${p.window_size} + ${p.global_positions.length} global`,
  run: (p) => `window of ${p.window_size} + ${p.global_positions.length} global`,
  ranges,
  formula: () => "row by row: the window, the global columns, the global rows",
  limit: (p) =>
    p.causal
      ? ["N/(2(W+G))", 2 * (p.window_size + p.global_positions.length)]
      : ["N/(W+2G)", p.window_size + 2 * p.global_positions.length],
  looksAhead: (p) => !p.causal,
  nPinned: (p) => Math.max(-1, ...p.global_positions) + 1,
  isPinned: (p, key) => p.global_positions.includes(key),
  pinnedWords: "a global token: read by all",
  whyRead: (p, age, query, key) => {
    if (p.global_positions.includes(key)) return "a global token, read by all";
    return p.global_positions.includes(query) ? "the query is global and reads all" : null;
  },
  whyHidden: (p, age) => `distance ${Math.abs(age)}: outside the window, and neither token is global`,
  say: { second: (token) => (token ? `${token}` : "none") },
  fromControls: (values) => ({
    kind: "global",
    window_size: values.sides === "back" ? values.window : odd(values.window),
    global_positions: inOrder([values.global, values.second]),
    causal: values.sides === "back",
  }),
  adjusted: (p) => `As many keys before as after: W must be odd. Drawn: W = ${p.window_size}.`,
});
