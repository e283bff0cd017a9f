// The controls of the limits lab: the text; W, which stays in sight; and behind "More" sink tokens, a
// pattern for every layer and the model.

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
 * @typedef {Record<"window" | "sinks" | "token" | "filler" | "before", NumberKnob>} Numbers
 * @typedef {Numbers & {text: TextKnob, schedule: LettersKnob, model: ChoiceKnob, needle: ChoiceKnob}} Knobs
 * @typedef {Lab<Knobs & AskKnobs, {picked?: number | null}>} LimitsLab
 * @typedef {LimitsLab["values"]} LimitsValues
 */

/**
 * Make the controls.
 * @param {LimitsLab} lab
 * @returns {Controls & {text: TextBox, update: (values: LimitsValues, seqLen: number) => void}}
 */
export function render(lab) {
  const { knobs } = lab.data;
  const model = /** @type {ModelFacts} */ (lab.data.model);
  const text = textKnob(lab, { token: 0, picked: null });
  const window = numberKnob(lab, "window", (value) => howMany(value, "key"));
  const sinks = numberKnob(lab, "sinks", (value) => howMany(value, "token"));
  const strip = layerStrip.render(knobs.schedule, model, { onChange: (schedule) => lab.commit({ schedule }) });
  const models = modelMenu.render(lab).map(({ element }) => element);
  const more = [h("div", { class: "row" }, sinks.element, ...models), strip.element];
  /** @type {ReturnType<typeof render>["update"]} */
  function update(values, seqLen) {
    fitToText(lab, window, "window", seqLen);
    sinks.set(values.sinks);
    const { schedule: letters, window: size, sinks: pinned } = values;
    strip.update({ letters, window: size, sinks: pinned, seqLen, shown: null });
  }
  const isMoved = anyMoved(lab, ["schedule", "sinks"]);
  return { text, bar: [window.element], more, isMoved, update };
}
