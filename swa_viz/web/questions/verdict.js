// The verdict: one sentence on what the window did to the model's first expectation.

/** @import { Next, Schedule } from "../core/types.d.ts" */

import { pairsOf } from "../../cost.js";
import { looksAhead } from "../../patterns/pattern.js";
import { runAfterWith } from "../../patterns/schedule.js";
import { percent } from "../../wording/numbers.js";

/**
 * A part of the sentence: words of ours, or a token of the model.
 * @typedef {string | {piece: string}} Part
 */

/**
 * The two lists after one query, the likeliest first.
 * @typedef {object} Compared
 * @property {Schedule} schedule - Of the second run; the first one has full attention.
 * @property {number} query
 * @property {boolean} isLast - Is it the last token of the text?
 * @property {readonly Next[]} full
 * @property {readonly Next[]} windowed
 */

const FULL = { kind: "causal" };
// Shares that differ by less than a tenth of the smaller one count as nearly the same.
const NEARLY_SAME = 1.1;

/**
 * Does no layer hide anything from the query, or from what it reads?
 * @param {Compared} compared
 */
function coversAll({ schedule, query }) {
  const n = query + 1;
  return schedule.every((pattern) => !looksAhead(pattern) && pairsOf(pattern, n) === pairsOf(FULL, n));
}

/**
 * Both runs expect the same token first.
 * @param {string} how
 * @param {Next} before
 * @param {Next} after
 * @returns {Part[]}
 */
function sameFirst(how, [, piece, before], [, , after]) {
  const shares = `${percent(before)} → ${percent(after)}.`;
  const begin = [`With ${how} the model still expects `, { piece }];
  if (Math.max(before, after) < NEARLY_SAME * Math.min(before, after))
    return [...begin, ` first, with nearly the same share: ${shares}`];
  return [...begin, ` first, but with a ${after < before ? "smaller" : "larger"} share: ${shares}`];
}

/**
 * The second run expects another token first.
 * @param {string} how
 * @param {Next} before - The first of the first run.
 * @param {readonly Next[]} windowed
 * @returns {Part[]}
 */
function otherFirst(how, [id, piece, share], windowed) {
  const [[, first, most]] = windowed;
  const found = windowed.find(([other]) => other === id);
  if (found)
    return [
      `With ${how} the model expects `,
      { piece: first },
      ` first (${percent(most)}) instead of `,
      { piece },
      `, which goes from ${percent(share)} to ${percent(found[2])}.`,
    ];
  const least = percent(windowed[windowed.length - 1][2]);
  return [
    `With ${how} the model no longer expects `,
    { piece },
    `: ${percent(share)} → below ${least}. Now `,
    { piece: first },
    ` comes first (${percent(most)}).`,
  ];
}

/**
 * What the second run makes of the first one's expectation.
 * @param {Compared} compared
 * @returns {Part[]} The sentence in parts; none where there is nothing to compare.
 */
export function verdict(compared) {
  const { schedule, isLast, full, windowed } = compared;
  if (!full.length || !windowed.length) return [];
  const how = runAfterWith(schedule);
  if (coversAll(compared))
    return [`Nothing changes: ${how} covers ${isLast ? "the whole text" : "the text up to this token"}.`];
  return full[0][0] === windowed[0][0] ? sameFirst(how, full[0], windowed[0]) : otherFirst(how, full[0], windowed);
}
