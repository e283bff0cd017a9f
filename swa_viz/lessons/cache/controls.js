// The controls of the cache lab: the text; the window, the step and whether keys are cached, which stay
// in sight; and behind "More" sink tokens, the model, and a pattern for every layer.

/** @import { Slider, TextBox } from "../../web/core/controls.js" */
/** @import { ChoiceKnob, LettersKnob, ModelFacts, NumberKnob, TextKnob } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { AskKnobs } from "../../web/predict.js" */
/** @import { Controls } from "../../web/stage.js" */

import { segmented, slider } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import { anyMoved, fitToText } from "../../web/lab.js";
import * as modelMenu from "../../web/model_menu.js";
import { numberKnob } from "../../web/number_knob.js";
import { textKnob } from "../../web/text_knob.js";
import * as layerStrip from "../../web/views/layer_strip.js";
import { howMany } from "../../wording/numbers.js";
import { BYTES } from "./words.js";

/**
 * The lab; its costs are counted, so they ask no model.
 * @typedef {"held" | "ring" | "edited" | "copies"} EditNames
 * @typedef {"talks" | "turns" | "added" | "taken" | "pool"} TalkNames
 * @typedef {"new_tokens" | "temperature" | "top_k" | "top_p" | "write_seed"} WritingNames
 * @typedef {"window" | "sinks" | "layer" | "token" | "chunk" | "drafted" | "spare"} OwnNames
 * @typedef {OwnNames | WritingNames | EditNames | TalkNames} NumberNames
 * @typedef {Record<NumberNames, NumberKnob>} Numbers
 * @typedef {Record<"keys" | "model", ChoiceKnob>} Choices
 * @typedef {Numbers & Choices & {text: TextKnob, stop: TextKnob, schedule: LettersKnob}} CacheKnobs
 * @typedef {Lab<CacheKnobs & AskKnobs>} CacheLab
 * @typedef {CacheLab["values"]} CacheValues
 */

/**
 * The slider of the step, from the first token to the last.
 * @param {CacheLab} lab
 * @returns {Slider}
 */
function stepSlider(lab) {
  const knob = { ...lab.data.knobs.token, at_least: 1 };
  /** @type {Slider} */
  const made = slider(knob, 1, {
    onInput: (token) => lab.set({ token }),
    onChange: (token) => lab.commit({ token }),
    say: (token) => `token ${token}`,
  });
  return made;
}

/**
 * Make the controls.
 * @param {CacheLab} lab
 * @returns {Controls & {text: TextBox, update: (query: number, seqLen: number) => void}}
 */
export function render(lab) {
  const { knobs } = lab.data;
  const model = /** @type {ModelFacts} */ (lab.data.model);
  const text = textKnob(lab, { token: 0 });
  const window = numberKnob(lab, "window", (value) => howMany(value, "key"));
  const step = stepSlider(lab);
  const keys = segmented(knobs.keys, lab.values.keys, { onChange: (word) => lab.commit({ keys: word }) });
  const sinks = numberKnob(lab, "sinks", (value) => howMany(value, "token"));
  const strip = layerStrip.render(
    knobs.schedule,
    { ...model, bytes_per_number: BYTES },
    {
      onChange: (schedule) => lab.commit({ schedule }),
      onLook: (index) => lab.commit({ layer: index + 1 }),
    },
  );
  /**
   * @param {number} query - The position of the step on screen.
   * @param {number} seqLen
   */
  function update(query, seqLen) {
    const { schedule: letters, window: size, sinks: pinned, layer } = lab.values;
    fitToText(lab, window, "window", seqLen);
    step.set(query + 1, { at_most: Math.max(seqLen, 1) });
    keys.set(lab.values.keys);
    strip.update({ letters, window: size, sinks: pinned, seqLen, shown: layer - 1 });
  }
  const isMoved = anyMoved(lab, ["schedule", "sinks", "layer"]);
  const bar = [window.element, step.element, keys.element];
  const models = modelMenu.render(lab).map(({ element }) => element);
  const more = [h("div", { class: "row" }, sinks.element, ...models), strip.element];
  return { text, bar, more, isMoved, update };
}
