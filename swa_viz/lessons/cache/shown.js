// What is on screen in the cache lab: the values, the text as the model read it, and what one layer's cache
// does in one step.

/** @import { Kept } from "../../patterns/pattern.js" */
/** @import { Pattern, Schedule } from "../../web/core/types.d.ts" */
/** @import { Run, Runs } from "../../web/runs.js" */
/** @import { CacheLab, CacheValues } from "./controls.js" */

import { keptBy, visible } from "../../patterns/pattern.js";
import { scheduleOf } from "../../patterns/schedule.js";
import { evictedBy, heldAfter, slotOf } from "../../slots.js";
import { heldToken } from "../../web/lab.js";
import { runsFor } from "../../web/runs.js";

/**
 * One step of one layer's cache.
 * @typedef {object} Step
 * @property {number} written - The position of the token.
 * @property {number} slot - Where it is kept.
 * @property {number | null} evicted - The position that made room for it.
 * @property {number[]} held - The position in each slot when it is written.
 * @property {boolean[]} read - Is the key in each slot read?
 *
 * What is on screen.
 * @typedef {object} Chosen
 * @property {CacheValues} values
 * @property {Schedule} schedule
 * @property {Pattern} pattern - Of the layer that is looked at.
 * @property {Kept} kept - What its cache keeps.
 * @property {number} query - The position of the step.
 * @property {Step} step
 * @property {boolean} cached - Are keys kept at all?
 *
 * @typedef {Runs & Chosen} Shown
 */

/**
 * What a layer's cache does when a position is written.
 * @param {Pattern} pattern
 * @param {number} position
 * @returns {Step}
 */
function stepOf(pattern, position) {
  const kept = keptBy(pattern);
  const held = heldAfter(kept, position + 1);
  return {
    written: position,
    slot: slotOf(kept, position),
    evicted: evictedBy(kept, position),
    held,
    read: held.map((key) => visible(pattern, position, key)),
  };
}

/**
 * What is to be on screen for some values.
 * @param {CacheLab} lab
 * @param {CacheValues} values
 * @param {Run} before - The last run with full attention.
 * @returns {Shown}
 */
export function shownFor(lab, values, before) {
  const runs = runsFor(lab, values, before);
  const { seqLen } = runs.full;
  const schedule = scheduleOf(values);
  const pattern = schedule[values.layer - 1];
  const query = heldToken(values.token, seqLen) ?? Math.max(seqLen - 1, 0);
  const cached = values.keys === "cached";
  return { ...runs, values, schedule, pattern, kept: keptBy(pattern), query, step: stepOf(pattern, query), cached };
}
