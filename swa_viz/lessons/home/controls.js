// The controls of the first page: the sentence and W.

/** @import { TextBox } from "../../web/core/controls.js" */
/** @import { NumberKnob, TextKnob } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */

import { slider, textBox } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";

/** @typedef {Lab<{text: TextKnob, window: NumberKnob}>} HomeLab */

const SHORTEST_SLIDER = 8;

/**
 * Make the controls.
 * @param {HomeLab} lab
 * @returns {{element: HTMLElement, text: TextBox, fit: (seqLen: number, chosen: number) => void}}
 */
export function render(lab) {
  const { knobs } = lab.data;
  const text = textBox(knobs.text, lab.values.text, {
    onInput: (words) => lab.engine.live && lab.set({ text: words }),
    onChange: (words) => lab.commit({ text: words }),
  });
  const window = slider(knobs.window, lab.values.window, {
    onInput: (value) => lab.set({ window: value }),
    onChange: (value) => lab.commit({ window: value }),
  });
  /**
   * W goes as far as the text does, so that a short one gets fine steps; never under the hand.
   * @param {number} seqLen
   * @param {number} chosen
   */
  function fit(seqLen, chosen) {
    if (!lab.isSettled() || !seqLen) return;
    window.set(chosen, { at_most: Math.min(Math.max(seqLen, chosen, SHORTEST_SLIDER), knobs.window.at_most) });
  }
  return { text, fit, element: h("div", { class: "controls home-controls" }, text.element, window.element, lab.badge) };
}
