// The card on real models: one staircase for a preset, or for W and L by hand.  It has knobs of its own.

/** @import { LayersLab, LayersValues } from "./controls.js" */

import { exactReach, roundReach } from "../../reach.js";
import { segmented, slider } from "../../web/core/controls.js";
import { card, h, outsideLink, setBadges } from "../../web/core/dom.js";
import { stepFor, stepsTo } from "../../web/core/steps.js";
import * as staircase from "../../web/views/staircase.js";
import { counted } from "../../wording/numbers.js";
import { ruleOfThumb } from "./words.js";

/**
 * A real model's sizes, where they are written (`url` is "" where that is no page), and the figure that
 * is commonly quoted.
 * @typedef {{window: number, layers: number, label: string, source: string, url: string, says: string}} Preset
 */

/** @typedef {ReturnType<typeof open>} View */

const LARGEST_WINDOW = 8192;

/**
 * Make the card.
 * @param {LayersLab} lab
 * @returns {{element: HTMLElement, paint: (values: LayersValues) => void}}
 */
export function render(lab) {
  const view = open(lab);
  return { element: view.box.element, paint: (/** @type {LayersValues} */ values) => paint(view, values) };
}

/** @param {LayersLab} lab */
const presetsOf = (lab) => /** @type {Record<string, Preset | undefined>} */ (lab.data.extra.presets);

/**
 * The sizes that the knobs name.
 * @param {LayersLab} lab
 * @param {LayersValues} values
 */
function sizesIn(lab, values) {
  return presetsOf(lab)[values.preset] ?? { window: values.span_window, layers: values.span_layers };
}

/** @param {LayersLab} lab */
function open(lab) {
  const box = card(
    "At the size of real models",
    "One bar of width W for each layer; the next layer goes on where the oldest token of the last one stands.",
  );
  const place = h("div");
  const steps = stepsTo(LARGEST_WINDOW, lab.values.span_window);
  const choice = segmented(lab.data.knobs.preset, lab.values.preset, {
    onChange: (preset) => lab.commit({ ...byHand(lab), preset }),
  });
  const window = windowSlider(lab, steps);
  const layers = layersSlider(lab);
  const source = h("p", { class: "lead" });
  box.element.append(h("div", { class: "row" }, choice.element, window.element, layers.element), place, source);
  return { lab, box, steps, choice, window, layers, source, view: staircase.render(place), drawn: "" };
}

/**
 * The sizes on screen as numbers that a hand has set.
 * @param {LayersLab} lab
 */
function byHand(lab) {
  const { window, layers } = sizesIn(lab, lab.values);
  return { preset: "custom", span_window: window, span_layers: layers };
}

/**
 * @param {LayersLab} lab
 * @param {number[]} steps
 */
function windowSlider(lab, steps) {
  const knob = { ...lab.data.knobs.span_window, at_least: 0, at_most: steps.length - 1 };
  return slider(knob, stepFor(steps, sizesIn(lab, lab.values).window), {
    onInput: (place) => lab.set({ ...byHand(lab), span_window: steps[place] }),
    onChange: (place) => lab.commit({ ...byHand(lab), span_window: steps[place] }),
    say: (place) => counted(steps[place], "key"),
  });
}

/** @param {LayersLab} lab */
function layersSlider(lab) {
  return slider(lab.data.knobs.span_layers, sizesIn(lab, lab.values).layers, {
    onInput: (layers) => lab.set({ ...byHand(lab), span_layers: layers }),
    onChange: (layers) => lab.commit({ ...byHand(lab), span_layers: layers }),
    say: (layers) => counted(layers, "layer"),
  });
}

/**
 * Where the sizes come from.
 * @param {Preset | undefined} preset - None where a hand has set them.
 */
function sourceOf(preset) {
  if (!preset) return ["Your own numbers: move W and L."];
  const { label, source, url, says } = preset;
  return [`${label}: `, url ? outsideLink(url, source) : source, `. Commonly quoted as ${says}.`];
}

/**
 * @param {View} card
 * @param {LayersValues} values
 */
function paint(card, values) {
  const { lab, box, steps, choice, window, layers, source, view } = card;
  const { window: size, layers: count } = sizesIn(lab, values);
  const looks = `${values.preset} ${size} ${count} ${lab.root.dataset.theme}`;
  if (looks === card.drawn) return;
  card.drawn = looks;
  choice.set(values.preset);
  window.set(stepFor(steps, size));
  layers.set(count);
  setBadges(box.badges, [
    `exact reach ${counted(exactReach(size, count), "token")}`,
    ruleOfThumb(roundReach(size, count), exactReach(size, count)),
  ]);
  source.replaceChildren(...sourceOf(presetsOf(lab)[values.preset]));
  view.update({ windowSize: size, layers: count });
}
