// Windows that differ from token to token, for the browser: the same as varying.py.

import { listed } from "../wording/text.js";
import { definePattern } from "./pattern.js";

/** @import { Pattern } from "../web/core/types.d.ts" */

/**
 * The window of a query.
 * @param {Pattern} p
 * @param {number} query
 * @returns {number}
 */
const windowAt = (p, query) => p.window_sizes[query % p.window_sizes.length];

/** @param {Pattern} p */
const largest = (p) => Math.max(...p.window_sizes);

/** @param {Pattern} p */
const mean = (p) =>
  p.window_sizes.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0) / p.window_sizes.length;

/**
 * The sizes in words, as many as one can read.
 * @param {Pattern} p
 */
function sizes({ window_sizes: all }) {
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (least === most) return `${most}`;
  return all.length > 4 ? `${least} to ${most}` : listed(all.map(String));
}

definePattern("varying", {
  label: "a window for each token",
  word: "varying",
  visible: (p, age, query) => age >= 0 && age < windowAt(p, query),
  rule: (p) => `0 ≤ age < the query's own W: ${sizes(p)} in turn`,
  name: (p) => `windows of ${sizes(p)} in turn`,
  run: (p) => `windows of ${sizes(p)}`,
  ranges: (p, query) => [[Math.max(query - windowAt(p, query) + 1, 0), query + 1, 1]],
  formula: () => "query by query: its own window",
  limit: (p) => ["N/(2W), W the mean window", 2 * mean(p)],
  kept: (p) => ({ pinned: 0, latest: largest(p) }),
  looksAhead: () => false,
  whyHidden: (p, age, query) => `age ${age} ≥ ${windowAt(p, query)}: outside this query's window`,
  fromControls: (values) => ({ kind: "varying", window_sizes: [values.window, values.second_window] }),
});
