// A layer whose heads do not all read alike, beside per_head.py: a key counts as read where at least one head reads it.

/** @import { Pattern } from "../web/core/types.d.ts" */

import { listed } from "../wording/text.js";
import { definePattern, keptBy, looksAhead, statedBy, visible } from "./pattern.js";

/**
 * The part of the heads that read a key; not a number where none does.
 * @param {Pattern} perHead
 * @param {number} query
 * @param {number} key
 * @returns {number}
 */
export function shareOfHeads({ patterns }, query, key) {
  const count = patterns.filter((/** @type {Pattern} */ each) => visible(each, query, key)).length;
  return count ? count / patterns.length : NaN;
}

/** @param {Pattern} p */
const namesOf = ({ patterns }) => [
  ...new Set(patterns.map((/** @type {Pattern} */ each) => statedBy(each).name(each))),
];

/** @param {Pattern} p */
const name = (p) => `heads that differ: ${listed(namesOf(p))}`;

definePattern("per_head", {
  label: "a pattern for each head",
  word: "per head",
  visible: ({ patterns }, age, query, key) => patterns.some((/** @type {Pattern} */ each) => visible(each, query, key)),
  rule: name,
  name,
  run: name,
  kept: ({ patterns }) => {
    const all = patterns.map(keptBy);
    const latest = all.map((/** @type {ReturnType<typeof keptBy>} */ each) => each.latest ?? Infinity);
    const [pinned, most] = [Math.max(...all.map((/** @type {any} */ each) => each.pinned)), Math.max(...latest)];
    return { pinned, latest: most === Infinity ? null : most };
  },
  looksAhead: ({ patterns }) => patterns.some(looksAhead),
  hiddenWords: "read by no head, read in full attention",
  whyRead: (p, age, query, key) =>
    `read by ${Math.round(shareOfHeads(p, query, key) * p.patterns.length)} of the heads`,
  whyHidden: () => "read by no head",
});
