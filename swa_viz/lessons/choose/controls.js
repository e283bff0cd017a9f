// The controls of the choose lab: what was measured, which cost counts, and how much worse is good enough.

/** @import { ChoiceKnob, NumberKnob } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */

import { segmented } from "../../web/core/controls.js";
import { numberKnob } from "../../web/number_knob.js";

/**
 * @typedef {{measured: ChoiceKnob, quality: ChoiceKnob, cost: ChoiceKnob, tolerance: NumberKnob}} Knobs
 * @typedef {Lab<Knobs>} ChooseLab
 * @typedef {ChooseLab["values"]} ChooseValues
 */

/** What was measured on the visitor's own text. */
export const OWN = "own";
const THOUSANDTHS = 1000;

/**
 * The tolerance in bits: its knob counts thousandths.
 * @param {number} knob
 * @returns {number}
 */
export const toleranceOf = (knob) => knob / THOUSANDTHS;

/**
 * Without a server nothing is measured on the visitor's text.
 * @param {ChooseLab} lab
 * @returns {ChoiceKnob}
 */
function offered({ data: { knobs, served } }) {
  const choices = Object.entries(knobs.measured.choices).filter(([word]) => served || word !== OWN);
  return { ...knobs.measured, choices: Object.fromEntries(choices) };
}

/**
 * Make the controls.
 * @param {ChooseLab} lab
 * @returns {{bar: HTMLElement[], update: (values: ChooseValues) => void}}
 */
export function render(lab) {
  const { knobs } = lab.data;
  const measured = segmented(offered(lab), lab.values.measured, { onChange: (word) => lab.commit({ measured: word }) });
  const cost = segmented(knobs.cost, lab.values.cost, { onChange: (word) => lab.commit({ cost: word }) });
  const quality = segmented(knobs.quality, lab.values.quality, { onChange: (word) => lab.commit({ quality: word }) });
  const tolerance = numberKnob(lab, "tolerance", (number) => `${toleranceOf(number).toFixed(3)} bits`);
  /** @param {ChooseValues} values */
  function update(values) {
    measured.set(values.measured);
    cost.set(values.cost);
    quality.set(values.quality);
    quality.element.hidden = values.measured === OWN;
  }
  return { bar: [measured.element, quality.element, cost.element, tolerance.element], update };
}
