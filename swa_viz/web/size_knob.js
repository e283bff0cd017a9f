// The slider for a size among a lab's knobs, from one to very many: its steps grow with it.

/** @import { NumberKnob } from "./core/types.d.ts" */
/** @import { AnyLab } from "./lab.js" */

import { slider } from "./core/controls.js";
import { stepFor, stepsTo } from "./core/steps.js";

/**
 * Make the slider.
 * @param {AnyLab} lab
 * @param {string} name - Of the knob.
 * @param {(size: number) => string} say - Words for a size.
 * @returns {{element: HTMLElement, set: (size: number) => void}}
 */
export function sizeKnob(lab, name, say) {
  const knob = /** @type {NumberKnob} */ (lab.data.knobs[name]);
  const own = [knob.at_least, Number(lab.values[name])];
  const steps = stepsTo(knob.at_most, ...own).filter((size) => size >= knob.at_least);
  const control = slider(
    { ...knob, at_least: 0, at_most: steps.length - 1 },
    stepFor(steps, Number(lab.values[name])),
    {
      onInput: (place) => lab.set({ [name]: steps[place] }),
      onChange: (place) => lab.commit({ [name]: steps[place] }),
      say: (place) => say(steps[place]),
    },
  );
  return { element: control.element, set: (size) => control.set(stepFor(steps, size)) };
}
