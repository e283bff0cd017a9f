// What the attention lab says of a layer's pattern, and of what the schedule saves.

/** @import { Schedule } from "../../web/core/types.d.ts" */

import { pairsOf } from "../../cost.js";
import { bandOf, isFull } from "../../patterns/pattern.js";
import { capitalised, isUniform, patternName } from "../../patterns/schedule.js";
import { ruleText } from "../../patterns/sentences.js";
import { thousands } from "../../wording/numbers.js";
import { FULL } from "../../web/runs.js";

/**
 * "Layer 3: chunks of 4", or only the pattern where it is the same in every layer.
 * @param {Schedule} schedule
 * @param {number} layer - From 1.
 * @returns {string}
 */
export function titleOf(schedule, layer) {
  const name = patternName(schedule[layer - 1]);
  return isUniform(schedule) ? capitalised(name) : `Layer ${layer}: ${name}`;
}

/**
 * What the layer's queries read, beside full attention.
 * @param {Schedule} schedule
 * @param {number} layer - From 1.
 * @returns {string}
 */
export function leadOf(schedule, layer) {
  const pattern = schedule[layer - 1];
  if (!isFull(pattern))
    return `The same text and the same model. Each query reads only the keys with ${ruleText(pattern)}.`;
  const below = schedule.slice(0, layer - 1).every(isFull);
  return below
    ? "This layer has full attention, and so have all layers below it: the numbers are the same as in the other matrix."
    : "This layer has full attention too. Its numbers differ, because layers below it read less.";
}

/**
 * @param {number} part - Pairs.
 * @param {number} whole
 */
const fewer = (part, whole) => `${thousands(part)} score pairs · ${(whole / part).toFixed(1)}× fewer`;

/**
 * What this layer's pattern saves, and what the whole schedule does where the layers differ.
 * @param {Schedule} schedule
 * @param {number} layer - From 1.
 * @param {number} seqLen
 * @returns {string[]}
 */
export function savings(schedule, layer, seqLen) {
  const all = pairsOf(FULL, seqLen);
  const pattern = schedule[layer - 1];
  const some = pairsOf(pattern, seqLen);
  const same =
    bandOf(pattern) && !isFull(pattern)
      ? "W covers the whole text: same as full"
      : `${thousands(all)} score pairs: as many as full`;
  const badges = [some === all ? same : fewer(some, all)];
  if (isUniform(schedule)) return badges;
  const sum = schedule.reduce((pairs, each) => pairs + pairsOf(each, seqLen), 0);
  return [...badges, `all layers: ${fewer(sum, all * schedule.length)}`];
}
