// The card on real models: one staircase for a preset, or for W and L by hand.  It has knobs of its own.
//
// render(lab) -> {element, paint(values)}

import { segmented, slider } from "../../web/core/controls.js";
import { card, h, setBadges } from "../../web/core/dom.js";
import { counted, thousands } from "../../wording/numbers.js";
import { exactReach, roundReach } from "../../reach.js";
import * as staircase from "../../web/views/staircase.js";

const WINDOW_STEPS = Array.from({ length: 14 }, (_, i) => 2 ** i)
  .flatMap((w) => [w, 1.5 * w])
  .filter((w) => Number.isInteger(w) && w <= 8192);

export function render(lab) {
  const { knobs } = lab.data;
  const { presets } = lab.data.extra;
  const box = card(
    "At the size of real models",
    "One bar of width W for each layer; the next layer goes on where the oldest token of the last one stands.",
  );
  const place = h("div");
  const view = staircase.render(place);
  const sizesIn = (values) => presets[values.preset] ?? { window: values.span_window, layers: values.span_layers };
  const sizes = () => sizesIn(lab.values);
  const steps = [...new Set([...WINDOW_STEPS, lab.values.span_window])].sort((a, b) => a - b);
  const nearest = (size) => steps.indexOf(steps.find((step) => step >= size) ?? steps[steps.length - 1]);
  const custom = (name, read) => {
    const changed = (value) => ({
      preset: "custom",
      span_window: sizes().window,
      span_layers: sizes().layers,
      [name]: read(value),
    });
    return { onInput: (value) => lab.set(changed(value)), onChange: (value) => lab.commit(changed(value)) };
  };
  const choice = segmented(knobs.preset, lab.values.preset, {
    onChange: (preset) => lab.commit({ span_window: sizes().window, span_layers: sizes().layers, preset }),
  });
  const window = slider({ ...knobs.span_window, at_least: 0, at_most: steps.length - 1 }, nearest(sizes().window), {
    ...custom("span_window", (index) => steps[index]),
    say: (index) => counted(steps[index], "key"),
  });
  const layers = slider(knobs.span_layers, sizes().layers, {
    ...custom("span_layers", (value) => value),
    say: (value) => counted(value, "layer"),
  });
  const source = h("p", { class: "lead" });
  box.element.append(h("div", { class: "row" }, choice.element, window.element, layers.element), place, source);

  let drawn = "";
  function paint(values) {
    const { window: size, layers: count } = sizesIn(values);
    const looks = `${values.preset} ${size} ${count} ${lab.root.dataset.theme}`;
    if (looks === drawn) return;
    drawn = looks;
    choice.set(values.preset);
    window.set(nearest(size));
    layers.set(count);
    setBadges(box.badges, [
      `exact reach ${counted(exactReach(size, count), "token")}`,
      `round figure W × L = ${thousands(roundReach(size, count))}`,
    ]);
    source.textContent = presets[values.preset]?.source ?? "Your own numbers: move W and L.";
    view.update({ windowSize: size, layers: count });
  }
  return { element: box.element, paint };
}
