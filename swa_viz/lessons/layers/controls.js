// The controls of the layers lab: text, window, layers, sinks, and a pattern for every layer.

/** @import { TextBox } from "../../web/core/controls.js" */
/** @import { ChoiceKnob, LettersKnob, ModelFacts, NumberKnob, TextKnob } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */

import { scheduleOf } from "../../patterns/schedule.js";
import { slider, textBox } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import * as layerStrip from "../../web/views/layer_strip.js";
import { counted } from "../../wording/numbers.js";

/**
 * The lab; `picked` is the token under the pointer: no knob, so it never enters the link.
 * @typedef {Record<"window" | "sinks" | "layers" | "token" | "span_window" | "span_layers", NumberKnob>} Numbers
 * @typedef {Numbers & {text: TextKnob, schedule: LettersKnob, scale: ChoiceKnob, preset: ChoiceKnob}} LayersKnobs
 * @typedef {Lab<LayersKnobs, {picked?: number | null}>} LayersLab
 * @typedef {LayersLab["values"]} LayersValues
 */

/**
 * A slider for a number of things.
 * @param {LayersLab} lab
 * @param {keyof Numbers} name
 * @param {string} noun
 */
function number(lab, name, noun) {
  return slider(lab.data.knobs[name], lab.values[name], {
    say: (value) => (value ? counted(value, noun) : "none"),
    onInput: (value) => lab.set({ [name]: value }),
    onChange: (value) => lab.commit({ [name]: value }),
  });
}

/**
 * Make the controls.
 * @param {LayersLab} lab
 * @returns {{element: HTMLElement, text: TextBox, update: () => void}}
 */
export function render(lab) {
  const { knobs } = lab.data;
  const model = /** @type {ModelFacts} */ (lab.data.model);
  /** @param {string} words */
  const rewritten = (words) => ({ text: words, token: 0, picked: null });
  const text = textBox(knobs.text, lab.values.text, {
    onInput: (words) => lab.engine.live && lab.set(rewritten(words)),
    onChange: (words) => lab.commit(rewritten(words)),
  });
  const sliders = [number(lab, "window", "key"), number(lab, "layers", "layer"), number(lab, "sinks", "token")];
  const strip = layerStrip.render(knobs.schedule, model.stacks, {
    onChange: (schedule) => lab.commit({ schedule }),
  });
  // A slider that is let go of where it started sends no change of its own.
  const release = () => lab.mayRun() || lab.commit({});
  const row = h(
    "div",
    { class: "row", onpointerup: release, onfocusout: release },
    sliders.map((control) => control.element),
  );
  const element = h("div", { class: "controls" }, text.element, row, strip.element, lab.badge);
  function update() {
    const { schedule: letters, layers: counting } = lab.values;
    strip.update({ letters, schedule: scheduleOf(lab.values), counting, shown: null });
  }
  return { element, text, update };
}
