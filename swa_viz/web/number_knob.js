// The slider for a number among a lab's knobs: the lab follows the hand, and the address what it lets go of.

/** @import { Slider } from "./core/controls.js" */
/** @import { NumberKnob } from "./core/types.d.ts" */
/** @import { AnyLab } from "./lab.js" */

import { slider } from "./core/controls.js";

/**
 * Make the slider.
 * @param {AnyLab} lab
 * @param {string} name - Of the knob.
 * @param {(value: number) => string} [say] - Words for a number; else the knob's unit follows it.
 * @returns {Slider}
 */
export function numberKnob(lab, name, say) {
  return slider(/** @type {NumberKnob} */ (lab.data.knobs[name]), lab.values[name], {
    say,
    onInput: (value) => lab.set({ [name]: value }),
    onChange: (value) => lab.commit({ [name]: value }),
  });
}
