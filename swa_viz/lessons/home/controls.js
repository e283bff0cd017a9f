// The controls of the first page: the sentence and W.

/** @import { Slider, TextBox } from "../../web/core/controls.js" */
/** @import { NumberKnob, TextKnob } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { AskKnobs } from "../../web/predict.js" */

import { slider, textBox } from "../../web/core/controls.js";

/** @typedef {Lab<{text: TextKnob, window: NumberKnob, token: NumberKnob} & AskKnobs>} HomeLab */

/**
 * Make the controls.
 * @param {HomeLab} lab
 * @returns {{text: TextBox, window: Slider}}
 */
export function render(lab) {
  const { knobs } = lab.data;
  /** @param {string} words */
  const rewritten = (words) => ({ text: words, token: 0 });
  const text = textBox(knobs.text, lab.values.text, {
    onInput: (words) => lab.engine.live && lab.set(rewritten(words)),
    onChange: (words) => lab.commit(rewritten(words)),
  });
  const window = slider(knobs.window, lab.values.window, {
    onInput: (value) => lab.set({ window: value }),
    onChange: (value) => lab.commit({ window: value }),
  });
  return { text, window };
}
