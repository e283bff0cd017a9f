// The controls of the first page: the sentence and W.

/** @import { Slider, TextBox } from "../../web/core/controls.js" */
/** @import { NumberKnob, TextKnob } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { AskKnobs } from "../../web/predict.js" */

import { slider } from "../../web/core/controls.js";
import { textKnob } from "../../web/text_knob.js";

/** @typedef {Lab<{text: TextKnob, window: NumberKnob, token: NumberKnob} & AskKnobs>} HomeLab */

/**
 * Make the controls.
 * @param {HomeLab} lab
 * @returns {{text: TextBox, window: Slider}}
 */
export function render(lab) {
  const { knobs } = lab.data;
  const text = textKnob(lab, { token: 0 });
  const window = slider(knobs.window, lab.values.window, {
    onInput: (value) => lab.set({ window: value }),
    onChange: (value) => lab.commit({ window: value }),
  });
  return { text, window };
}
