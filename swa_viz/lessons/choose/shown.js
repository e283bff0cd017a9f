// What the lab shows for some values of its knobs: the options, the front, its knee, and what to take.

/** @import { Choice, Cost, Option, Way } from "../../experiments/choice.js" */
/** @import { Quality, Words } from "../../experiments/choice_words.js" */
/** @import { ChooseLab, ChooseValues } from "./controls.js" */
/** @import { Yours } from "./yours.js" */

import { choose, front, isWay, knee } from "../../experiments/choice.js";
import { nameOf } from "../../experiments/choice_words.js";
import { OWN, toleranceOf } from "./controls.js";
import { yoursIn } from "./yours.js";

/**
 * What was measured, as `as_plain` of experiments/choice.py says it.
 * @typedef {object} Comparison
 * @property {readonly Option[]} options - None before the reference was measured.
 * @property {"text" | "needle"} quality
 * @property {Way} reference
 * @property {number} n_tokens - Of a stretch.
 * @property {number} n_stretches
 * @property {number} n_texts
 * @property {number} n_layers - Of the model.
 * @property {number} key_numbers - So many numbers each layer keeps of a token's key, and as many of its value.
 * @property {Readonly<Record<string, string>>} stacks - Letters for its layers, by the names of schedules.
 *
 * On the visitor's own text: which run it is, of which model, and how far it has come.
 * @typedef {Comparison & {run: string, model: string, done: number, total: number}} OwnRun
 *
 * @typedef {object} Shown
 * @property {string} model
 * @property {Comparison} comparison
 * @property {Words} words
 * @property {Quality} quality
 * @property {Cost} cost
 * @property {number} tolerance - In the unit of the quality.
 * @property {Option[]} line - The front.
 * @property {Option | null} turn - Its knee.
 * @property {Choice} choice
 * @property {string} named - The reference in words.
 * @property {(option: Option) => boolean} isReference
 * @property {Yours | null} yours - The visitor's own schedule.
 * @property {string} problem - Why there is none for this model, or "".
 */

/**
 * The run on the visitor's own text, if there is one.
 * @param {ChooseLab} lab
 * @returns {OwnRun | null}
 */
export const ownRun = (lab) => /** @type {OwnRun | null} */ (lab.data.extra.own);

/**
 * What is shown; null where nothing was measured yet.
 * @param {ChooseLab} lab
 * @param {ChooseValues} values
 * @returns {Shown | null}
 */
export function shownFor(lab, values) {
  const own = ownRun(lab);
  const isOwn = values.measured === OWN;
  /** @type {Comparison | null} */
  const comparison = isOwn ? own : lab.data.extra.stored[values.quality][values.measured];
  if (!comparison?.options.length) return null;
  const { options, reference } = comparison;
  const words = /** @type {Words} */ (lab.data.extra.words);
  const cost = /** @type {Cost} */ (values.cost);
  const tolerance = toleranceOf(values.tolerance);
  return {
    model: isOwn && own ? own.model : values.measured,
    comparison,
    words,
    quality: lab.data.extra.qualities[comparison.quality],
    cost,
    tolerance,
    line: front(options, cost),
    turn: knee(options, cost),
    choice: choose(options, reference, cost, tolerance),
    named: nameOf(reference, words),
    isReference: (option) => isWay(option, reference),
    ...yoursIn(values, comparison, lab.data.knobs.schedule),
  };
}
