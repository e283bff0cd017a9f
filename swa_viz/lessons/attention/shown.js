// What is on screen in the attention lab: the values, and the two runs of the model that go with them.

/** @import { Schedule, TracePayload } from "../../web/core/types.d.ts" */
/** @import { AttentionLab, AttentionValues } from "./controls.js" */

import { scheduleOf } from "../../patterns/schedule.js";

/**
 * A run of the model, or what stands in its place while there is none.
 * @typedef {object} Run
 * @property {readonly string[]} tokens
 * @property {number} seqLen
 * @property {(layer: number, head: number, query: number, key: number) => number} value
 * @property {TracePayload["next"]} next
 * @property {TracePayload["changes"]} [changes]
 * @property {string} [notice] - What was left out of the text.
 * @property {string} [empty] - Why there are no tokens.
 */

/**
 * What is on screen.
 * @typedef {object} Shown
 * @property {AttentionValues} values
 * @property {Schedule} schedule
 * @property {Run} full - The last run with full attention that there was.
 * @property {Run | null} windowed - The other run; null while its numbers are on their way.
 * @property {boolean} waiting - Does `full` belong to other values?
 * @property {number | null} locked - The query that a click holds.
 * @property {number} query - The same, or the last one.
 */

/** Full attention, with which everything is compared. */
export const FULL = { kind: "causal" };

/**
 * What stands in the place of a run before there is one.
 * @type {Run}
 */
export const NO_RUN = { tokens: [], seqLen: 0, next: [], value: () => NaN };

/**
 * The run in an answer; one that has no tokens has no numbers either.
 * @param {ReturnType<AttentionLab["engine"]["peek"]>} answer
 * @returns {Run | null}
 */
function runIn(answer) {
  if (!answer) return null;
  return "value" in answer ? answer : { ...NO_RUN, ...answer };
}

/**
 * What is to be on screen for some values.
 * @param {AttentionLab} lab
 * @param {AttentionValues} values
 * @param {Run} before - The last run with full attention.
 * @returns {Shown}
 */
export function shownFor(lab, values, before) {
  const [found, windowed] = lab.requests(values).map(lab.engine.peek).map(runIn);
  const full = found ?? before;
  const locked = values.token > 0 && values.token <= full.seqLen ? values.token - 1 : null;
  return {
    values,
    schedule: scheduleOf(values),
    full,
    windowed: found ? windowed : null,
    waiting: !found,
    locked,
    query: locked ?? full.seqLen - 1,
  };
}
