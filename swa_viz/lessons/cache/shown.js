// What is on screen in the cache lab: the values, the text as the model read it, and what one layer's cache
// does in one step.

/** @import { Kept } from "../../patterns/pattern.js" */
/** @import { Pattern, Schedule, WritingStep } from "../../web/core/types.d.ts" */
/** @import { Run, Runs } from "../../web/runs.js" */
/** @import { CacheLab, CacheValues } from "./controls.js" */
/** @import { Written } from "./writer.js" */

import { isFull, keptBy, visible } from "../../patterns/pattern.js";
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
 * @property {readonly string[]} prompt - The tokens of the text; those of `full` go on with what was written.
 * @property {Written | null} written - What the model wrote after it.
 * @property {boolean} isAllFull - Has no layer a window?
 *
 * @typedef {Runs & Chosen} Shown
 */

/**
 * What a layer's cache does when a position is written: counted for the text, and as the model did it for what
 * it wrote itself.
 * @param {Pattern} pattern
 * @param {number} position
 * @param {number} layer - From 0.
 * @param {number} promptLength
 * @param {readonly WritingStep[]} steps - Those of the model.
 * @returns {Step}
 */
function stepOf(pattern, position, layer, promptLength, steps) {
  const kept = keptBy(pattern);
  const own = steps.slice(0, Math.max(position + 1 - promptLength, 0));
  const held = heldAfter(kept, Math.min(position + 1, promptLength));
  for (const step of own) held[step.slots[layer]] = step.position;
  const last = own[own.length - 1];
  return {
    written: position,
    slot: last ? last.slots[layer] : slotOf(kept, position),
    evicted: last ? last.evicted[layer] : evictedBy(kept, position),
    held,
    read: held.map((key) => visible(pattern, position, key)),
  };
}

/**
 * What is to be on screen for some values.
 * @param {CacheLab} lab
 * @param {CacheValues} values
 * @param {Run} before - The last run with full attention, of the text alone.
 * @param {Written | null} known - What the model wrote for these values.
 * @returns {Shown}
 */
export function shownFor(lab, values, before, known) {
  const runs = runsFor(lab, values, before);
  const written = runs.waiting ? null : known;
  const prompt = runs.full.tokens;
  const steps = written?.payload.steps ?? [];
  const tokens = [...prompt, ...steps.map(({ piece }) => piece)];
  const seqLen = tokens.length;
  const schedule = scheduleOf(values);
  const pattern = schedule[values.layer - 1];
  const query = heldToken(values.token, seqLen) ?? Math.max(seqLen - 1, 0);
  return {
    ...{ ...runs, full: { ...runs.full, tokens, seqLen } },
    ...{ values, schedule, pattern, kept: keptBy(pattern), query, prompt, written },
    step: stepOf(pattern, query, values.layer - 1, prompt.length, steps),
    cached: values.keys === "cached",
    isAllFull: schedule.every(isFull),
  };
}
