// What is on screen in the attention lab: the values, and the two runs of the model that go with them.

/** @import { Schedule } from "../../web/core/types.d.ts" */
/** @import { Runs } from "../../web/runs.js" */
/** @import { AttentionLab, AttentionValues } from "./controls.js" */
/** @import { LongTexts, Whole } from "./long_text.js" */

import { scheduleOf } from "../../patterns/schedule.js";
import { heldToken } from "../../web/lab.js";
import { NO_RUN, runsFor } from "../../web/runs.js";

/**
 * What is on screen beside the runs.
 * @typedef {object} Chosen
 * @property {AttentionValues} values
 * @property {Schedule} schedule
 * @property {number | null} locked - The query that a click holds, if it is among those that are shown.
 * @property {number} query - The same, or the last one.
 *
 * @typedef {Runs & {whole: Whole | null}} Read - `whole` is of a long text; the runs are of a stretch of it.
 * @typedef {Read & Chosen} Shown
 */

/**
 * What is on screen before anything is.
 * @type {Read}
 */
export const NOTHING = { full: NO_RUN, windowed: null, waiting: true, whole: null };

/**
 * What is to be on screen for some values.
 * @param {AttentionLab} lab
 * @param {AttentionValues} values
 * @param {Read} before - What was on screen.
 * @param {LongTexts} long
 * @returns {Shown}
 */
export function shownFor(lab, values, before, long) {
  const read = long.isLong(values) ? long.shown(values, before) : shortText(lab, values, before);
  const { seqLen } = read.full;
  const locked = heldToken(values.token - (values.token && firstOf(read)), seqLen);
  return { ...read, values, schedule: scheduleOf(values), locked, query: locked ?? seqLen - 1 };
}

/**
 * @param {AttentionLab} lab
 * @param {AttentionValues} values
 * @param {Read} before
 * @returns {Read}
 */
function shortText(lab, values, before) {
  const runs = runsFor(lab, values, before.full);
  return { ...runs, whole: runs.waiting ? before.whole : null };
}

/**
 * The position of the first token that is on screen.
 * @param {{whole: Whole | null}} read
 * @returns {number}
 */
export const firstOf = ({ whole }) => whole?.first ?? 0;

/**
 * How long the text is, in tokens, and how many of them are on screen.
 * @typedef {{nTokens: number, shown: number}} Length
 */

/**
 * @param {Read} read
 * @returns {Length}
 */
export const lengthOf = ({ full: { seqLen }, whole }) => ({ nTokens: whole?.n_tokens ?? seqLen, shown: seqLen });
