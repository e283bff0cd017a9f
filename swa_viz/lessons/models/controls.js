// The controls of the models lab: the two models that are compared, and the length of a text.

/** @import { ChoiceKnob, NumberKnob } from "../../web/core/types.d.ts" */
/** @import { Reading } from "../../presets/config_reader.js" */
/** @import { Lab } from "../../web/lab.js" */

import { chooser } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import { sizeKnob } from "../../web/size_knob.js";
import { counted } from "../../wording/numbers.js";

/**
 * @typedef {{first: ChoiceKnob, second: ChoiceKnob, tokens: NumberKnob, sequences: NumberKnob,
 *   numbers: ChoiceKnob, memory: NumberKnob, taken: NumberKnob, engine: ChoiceKnob}} Knobs
 * The model of a visitor's file is no knob: a link cannot bring it back.
 * @typedef {Lab<Knobs, {own?: Reading}>} ModelsLab
 * @typedef {ModelsLab["values"]} ModelsValues
 */

/** What the choosers call the model of the visitor's own file. */
export const OWN = "own";

/**
 * The chooser of one of the two models.  The visitor's own is among them once there is one.
 * @param {ModelsLab} lab
 * @param {"first" | "second"} which
 */
function modelChooser(lab, which) {
  const room = h("div", { class: "chooser-room" });
  let control = /** @type {ReturnType<typeof chooser> | null} */ (null);
  let hasOwn = false;
  /** @param {ModelsValues} values */
  function update(values) {
    if (!control || hasOwn !== Boolean(values.own)) {
      hasOwn = Boolean(values.own);
      control = chooser(offered(lab.data.knobs[which], hasOwn), values[which], {
        onChange: (name) => lab.commit({ [which]: name }),
      });
      room.replaceChildren(control.element);
    }
    control.set(nameOf(lab, values, which));
  }
  update(lab.values);
  return { element: room, update };
}

/**
 * @param {ChoiceKnob} knob
 * @param {boolean} hasOwn
 * @returns {ChoiceKnob}
 */
function offered(knob, hasOwn) {
  const choices = Object.entries(knob.choices).filter(([name]) => hasOwn || name !== OWN);
  return { ...knob, choices: Object.fromEntries(choices) };
}

/**
 * The name of one of the two models: the default where a link names a file that is not here.
 * @param {ModelsLab} lab
 * @param {ModelsValues} values
 * @param {"first" | "second"} which
 * @returns {string}
 */
export const nameOf = (lab, values, which) =>
  values[which] === OWN && !values.own ? lab.data.knobs[which].default : values[which];

/**
 * Make the controls.
 * @param {ModelsLab} lab
 * @returns {{bar: HTMLElement[], update: (values: ModelsValues) => void}}
 */
export function render(lab) {
  const first = modelChooser(lab, "first");
  const second = modelChooser(lab, "second");
  const tokens = sizeKnob(lab, "tokens", (size) => counted(size, "token"));
  /** @param {ModelsValues} values */
  function update(values) {
    first.update(values);
    second.update(values);
    tokens.set(values.tokens);
  }
  return { bar: [first.element, second.element, tokens.element], update };
}
