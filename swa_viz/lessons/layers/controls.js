// The controls of the layers lab: the text; window and layers, which stay in sight; and behind "More"
// sink tokens and a pattern for every layer.

/** @import { TextBox } from "../../web/core/controls.js" */
/** @import { ChoiceKnob, LettersKnob, ModelFacts, NumberKnob, TextKnob } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { AskKnobs } from "../../web/predict.js" */
/** @import { Controls } from "../../web/stage.js" */

import { h } from "../../web/core/dom.js";
import { anyMoved, fitToText } from "../../web/lab.js";
import * as modelMenu from "../../web/model_menu.js";
import { numberKnob } from "../../web/number_knob.js";
import { textKnob } from "../../web/text_knob.js";
import * as layerStrip from "../../web/views/layer_strip.js";
import { howMany } from "../../wording/numbers.js";

/**
 * The lab; `picked` is the token under the pointer: no knob, so it never enters the link.
 * @typedef {Record<"window" | "sinks" | "layers" | "token" | "span_window" | "span_layers", NumberKnob>} Numbers
 * @typedef {Record<"scale" | "preset" | "model", ChoiceKnob>} Choices
 * @typedef {Numbers & Choices & {text: TextKnob, schedule: LettersKnob}} LayersKnobs
 * @typedef {Lab<LayersKnobs & AskKnobs, {picked?: number | null}>} LayersLab
 * @typedef {LayersLab["values"]} LayersValues
 */

/**
 * Make the controls.
 * @param {LayersLab} lab
 * @returns {Controls & {text: TextBox, update: (seqLen: number) => void}}
 */
export function render(lab) {
  const { knobs } = lab.data;
  const model = /** @type {ModelFacts} */ (lab.data.model);
  const text = textKnob(lab, { token: 0, picked: null });
  // A slider that is let go of where it started sends no change of its own.
  const release = () => lab.mayRun() || lab.commit({});
  const window = numberKnob(lab, "window", (value) => howMany(value, "key"));
  const layers = numberKnob(lab, "layers", (value) => howMany(value, "layer"));
  const sinks = numberKnob(lab, "sinks", (value) => howMany(value, "token"));
  for (const { element } of [window, layers, sinks]) {
    element.addEventListener("pointerup", release);
    element.addEventListener("focusout", release);
  }
  const strip = layerStrip.render(knobs.schedule, model, {
    onChange: (schedule) => lab.commit({ schedule }),
  });
  /** @param {number} seqLen */
  function update(seqLen) {
    const { schedule: letters, window: size, sinks: pinned, layers: counting } = lab.values;
    fitToText(lab, window, "window", seqLen);
    layers.set(counting);
    strip.update({ letters, window: size, sinks: pinned, seqLen, counting, shown: null });
  }
  const isMoved = anyMoved(lab, ["schedule", "sinks"]);
  const bar = [window.element, layers.element];
  const models = modelMenu.render(lab).map(({ element }) => element);
  const more = [h("div", { class: "row" }, sinks.element, ...models), strip.element];
  return { text, bar, more, isMoved, update };
}
