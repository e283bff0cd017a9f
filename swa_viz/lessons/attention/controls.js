// The controls of the attention lab: text, window, layer, head, stage, and a pattern for every layer.

import { segmented, slider, textBox } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import { counted } from "../../wording/numbers.js";
import * as layerStrip from "../../web/views/layer_strip.js";

export function controls(lab) {
  const { knobs, model, values } = { ...lab.data, values: lab.values };
  const rewritten = (words) => ({ text: words, edit: null, token: 0 });
  const text = textBox(knobs.text, values.text, {
    onInput: (words) => lab.engine.live && lab.set(rewritten(words)),
    onChange: (words) => lab.commit(rewritten(words)),
  });
  const number = (name, say) =>
    slider(knobs[name], values[name], {
      onInput: (value) => lab.set({ [name]: value }),
      onChange: (value) => lab.commit({ [name]: value }),
      say,
    });
  const window = number("window");
  const layer = number("layer", (value) => `${value} of ${model.n_layers}`);
  const head = number("head", (value) => (value ? `${value} of ${model.n_heads}` : `mean of ${model.n_heads}`));
  const stage = segmented(knobs.stage, values.stage, { onChange: (word) => lab.commit({ stage: word }) });
  const sinks = number("sinks", (value) => (value ? counted(value, "token") : "none"));
  // A layer that gets another pattern is also the one to look at.
  const strip = layerStrip.render(knobs.schedule, {
    onChange: (schedule, index) => lab.commit(index === null ? { schedule } : { schedule, layer: index + 1 }),
  });
  const element = h(
    "div",
    { class: "controls" },
    text.element,
    h("div", { class: "row" }, window.element, layer.element, head.element, stage.element),
    h("div", { class: "row" }, strip.element, sinks.element),
    lab.badge,
  );
  function update(values, schedule) {
    layer.set(values.layer);
    strip.update({ letters: values.schedule, schedule, counting: schedule.length, shown: values.layer - 1 });
  }
  return { element, text, update };
}
