// The controls of the attention lab: the text; window, layer and head, which stay in sight; and behind
// "More" what is computed, sink tokens and a pattern for every layer.

/** @import { TextBox } from "../../web/core/controls.js" */
/** @import { ChoiceKnob, LettersKnob, NumberKnob, TextKnob } from "../../web/core/types.d.ts" */
/** @import { ModelFacts } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { AskKnobs } from "../../web/predict.js" */
/** @import { Controls } from "../../web/stage.js" */
/** @import { Length } from "./shown.js" */

import { segmented, slider } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import { anyMoved, fitToText } from "../../web/lab.js";
import * as modelMenu from "../../web/model_menu.js";
import { numberKnob } from "../../web/number_knob.js";
import { textKnob } from "../../web/text_knob.js";
import * as layerStrip from "../../web/views/layer_strip.js";
import { howMany, signed, thousands } from "../../wording/numbers.js";

/**
 * The lab.
 * @typedef {Record<"window" | "sinks" | "sink_logit" | "layer" | "head" | "token" | "from", NumberKnob>} Numbers
 * @typedef {Record<"text" | "edit", TextKnob> & Record<"stage" | "model", ChoiceKnob>} Words
 * @typedef {Numbers & Words & AskKnobs & {schedule: LettersKnob}} Knobs
 * @typedef {Lab<Knobs>} AttentionLab
 * @typedef {AttentionLab["values"]} AttentionValues
 */

/**
 * Make the controls.
 * @param {AttentionLab} lab
 * @returns {Controls & {text: TextBox, update: (values: AttentionValues, text: Length) => void}}
 *   `update` moves them to some values, for a text of this length.
 */
export function render(lab) {
  const { knobs } = lab.data;
  const model = /** @type {ModelFacts} */ (lab.data.model);
  const text = textKnob(lab, { edit: "", token: 0, from: 0 });
  const window = numberKnob(lab, "window");
  const layer = numberKnob(lab, "layer", (value) => `${value} of ${model.n_layers}`);
  const head = numberKnob(lab, "head", (value) =>
    value ? `${value} of ${model.n_heads}` : `mean of ${model.n_heads}`,
  );
  const from = fromSlider(lab);
  const stage = segmented(knobs.stage, lab.values.stage, { onChange: (word) => lab.commit({ stage: word }) });
  const sinks = numberKnob(lab, "sinks", (value) => howMany(value, "token"));
  const strip = layerStrip.render(knobs.schedule, model, {
    onChange: (schedule) => lab.commit({ schedule }),
    onLook: (index) => lab.commit({ layer: index + 1 }),
  });
  const unmoved = model.has_sink_logits ? "as learned" : "none";
  const sinkLogit = numberKnob(lab, "sink_logit", (value) =>
    value === knobs.sink_logit.at_least ? unmoved : signed(value),
  );
  const models = modelMenu.render(lab).map(({ element }) => element);
  const more = [h("div", { class: "row" }, stage.element, sinks.element, sinkLogit.element, ...models), strip.element];
  /** @type {ReturnType<typeof render>["update"]} */
  function update(values, text) {
    fitToText(lab, window, "window", text.nTokens);
    from.update(values.from, text);
    layer.set(values.layer);
    sinks.set(values.sinks);
    sinkLogit.set(values.sink_logit);
    const { schedule: letters, window: size, sinks: pinned } = values;
    strip.update({ letters, window: size, sinks: pinned, seqLen: text.nTokens, shown: values.layer - 1 });
  }
  const isMoved = anyMoved(lab, ["schedule", "sinks", "sink_logit", "stage"]);
  return { text, bar: [window.element, layer.element, head.element, from.element], more, isMoved, update };
}

/**
 * The slider that pans over a long text; for a short one there is none.
 * @param {AttentionLab} lab
 */
function fromSlider(lab) {
  const knob = { ...lab.data.knobs.from, at_least: 1 };
  const { element, set } = slider(knob, 1, {
    say: thousands,
    onInput: (from) => lab.set({ from }),
    onChange: (from) => lab.commit({ from }),
  });
  /**
   * @param {number} from - The first token, from 1; 0 means that the end of the text is shown.
   * @param {Length} text
   */
  function update(from, { nTokens, shown }) {
    const last = nTokens - shown + 1;
    element.hidden = last <= 1;
    if (!element.hidden) set(from ? Math.min(from, last) : last, { at_most: last });
  }
  element.hidden = true;
  return { element, update };
}
