// The box for the text of a lab: the model reads what is typed at once where it can, and what is typed
// is kept at once, so that a reload within the moment loses nothing.

/** @import { TextBox } from "./core/controls.js" */
/** @import { TextKnob } from "./core/types.d.ts" */
/** @import { AnyLab } from "./lab.js" */

import { textBox } from "./core/controls.js";
import { keepText } from "./kept_text.js";

/**
 * Make the box.
 * @param {AnyLab} lab
 * @param {Record<string, unknown>} others - The values that a new text takes along: what named a token of
 *   the old one names nothing any more.
 * @returns {TextBox}
 */
export function textKnob(lab, others) {
  const knob = /** @type {TextKnob} */ (lab.data.knobs.text);
  return textBox(knob, lab.values.text, {
    onInput: (text) => {
      keepText(text, knob);
      if (lab.engine.live) lab.set({ text, ...others });
    },
    onChange: (text) => lab.commit({ text, ...others }),
  });
}
