// A pattern as a stretch of a long text sees it.  A picture that shows the stretch alone counts positions
// from the first token there; the rule counts them from the first token of the text.

/** @import { Pattern } from "../web/core/types.d.ts" */
/** @import { KeyRange } from "./pattern.js" */

import { definePattern, isPinned, looksAhead, statedBy, visible } from "./pattern.js";

/**
 * The pattern for a stretch of the text.
 * @param {Pattern} pattern
 * @param {number} first - Where the stretch begins, from 0.
 * @returns {Pattern}
 */
export const partOf = (pattern, first) => (first ? { kind: "part", of: pattern, first } : pattern);

/**
 * The keys of a range that stand in the stretch.
 * @param {KeyRange} range
 * @param {number} first
 * @returns {KeyRange}
 */
function since([start, stop, step], first) {
  const skipped = Math.max(Math.ceil((first - start) / step), 0);
  return [start + skipped * step - first, stop - first, step];
}

definePattern("part", {
  visible: ({ of, first }, age, query, key) => visible(of, query + first, key + first),
  rule: ({ of }) => statedBy(of).rule(of),
  name: ({ of }) => statedBy(of).name(of),
  run: ({ of }) => statedBy(of).run(of),
  ranges: ({ of, first }, query, n) =>
    statedBy(of)
      .ranges(of, query + first, n + first)
      .map((range) => since(range, first)),
  looksAhead: ({ of }) => looksAhead(of),
  isPinned: ({ of, first }, key) => isPinned(of, key + first),
  whyRead: ({ of, first }, age, query, key) => statedBy(of).whyRead(of, age, query + first, key + first),
  whyHidden: ({ of, first }, age, query, key) => statedBy(of).whyHidden(of, age, query + first, key + first),
});
