// The controls of the first page: the sentence and W.

/** @import { Slider, TextBox } from "../../web/core/controls.js" */
/** @import { NumberKnob, TextKnob } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { AskKnobs } from "../../web/predict.js" */

import { numberKnob } from "../../web/number_knob.js";
import { textKnob } from "../../web/text_knob.js";

/** @typedef {Lab<{text: TextKnob, window: NumberKnob, token: NumberKnob} & AskKnobs>} HomeLab */

/**
 * Make the controls.
 * @param {HomeLab} lab
 * @returns {{text: TextBox, window: Slider}}
 */
export function render(lab) {
  const text = textKnob(lab, { token: 0 });
  const window = numberKnob(lab, "window");
  return { text, window };
}
