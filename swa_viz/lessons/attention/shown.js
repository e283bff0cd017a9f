// What is on screen in the attention lab: the values, and the two runs of the model that go with them.

/** @import { Schedule } from "../../web/core/types.d.ts" */
/** @import { Run, Runs } from "../../web/runs.js" */
/** @import { AttentionLab, AttentionValues } from "./controls.js" */

import { scheduleOf } from "../../patterns/schedule.js";
import { heldToken } from "../../web/lab.js";
import { runsFor } from "../../web/runs.js";

/**
 * What is on screen beside the runs.
 * @typedef {object} Chosen
 * @property {AttentionValues} values
 * @property {Schedule} schedule
 * @property {number | null} locked - The query that a click holds.
 * @property {number} query - The same, or the last one.
 *
 * @typedef {Runs & Chosen} Shown
 */

/**
 * What is to be on screen for some values.
 * @param {AttentionLab} lab
 * @param {AttentionValues} values
 * @param {Run} before - The last run with full attention.
 * @returns {Shown}
 */
export function shownFor(lab, values, before) {
  const runs = runsFor(lab, values, before);
  const { seqLen } = runs.full;
  const locked = heldToken(values.token, seqLen);
  return { ...runs, values, schedule: scheduleOf(values), locked, query: locked ?? seqLen - 1 };
}
