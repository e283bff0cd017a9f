// The controls of the models lab: the two models that are compared, and the length of a text.

/** @import { ChoiceKnob, NumberKnob } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */

import { chooser } from "../../web/core/controls.js";
import { sizeKnob } from "../../web/size_knob.js";
import { counted } from "../../wording/numbers.js";

/**
 * @typedef {{first: ChoiceKnob, second: ChoiceKnob, tokens: NumberKnob, sequences: NumberKnob,
 *   numbers: ChoiceKnob, memory: NumberKnob, taken: NumberKnob, engine: ChoiceKnob}} Knobs
 * @typedef {Lab<Knobs>} ModelsLab
 * @typedef {ModelsLab["values"]} ModelsValues
 */

/**
 * Make the controls.
 * @param {ModelsLab} lab
 * @returns {{bar: HTMLElement[], update: (values: ModelsValues) => void}}
 */
export function render(lab) {
  const { knobs } = lab.data;
  const first = chooser(knobs.first, lab.values.first, { onChange: (name) => lab.commit({ first: name }) });
  const second = chooser(knobs.second, lab.values.second, { onChange: (name) => lab.commit({ second: name }) });
  const tokens = sizeKnob(lab, "tokens", (size) => counted(size, "token"));
  /** @param {ModelsValues} values */
  function update(values) {
    first.set(values.first);
    second.set(values.second);
    tokens.set(values.tokens);
  }
  return { bar: [first.element, second.element, tokens.element], update };
}
