// The strip of layers, where a schedule is edited: a menu of the schedules that models have, a box in which one may
// write it, every layer with its own menu, and what all of it costs.

/** @import { LettersKnob } from "../core/types.d.ts" */
/** @import { LayerText } from "../../patterns/schedule_text.js" */
/** @import { CostedModel } from "./schedule_costs.js" */

import { scheduleOf } from "../../patterns/schedule.js";
import { following, layersIn, layerText } from "../../patterns/schedule_text.js";
import { h } from "../core/dom.js";
import * as layerMenu from "./layer_menu.js";
import * as scheduleBox from "./schedule_box.js";
import * as scheduleCosts from "./schedule_costs.js";

/**
 * What the strip shows.
 * @typedef {object} StripData
 * @property {string} letters - A letter for every layer, perhaps with a window of its own.
 * @property {number} window - W, for the layers that have none of their own.
 * @property {number} sinks
 * @property {number} seqLen - The tokens of the text, for what it costs; 0 while nobody knows.
 * @property {number} [counting] - So many of the first layers count; the others rest.
 * @property {number | null} shown - The layer that is on screen, from 0.
 */

/**
 * The model whose layers these are: its schedules, by their names, and its sizes.
 * @typedef {CostedModel & {stacks: Readonly<Record<string, string>>}} StripModel
 */

/**
 * Whom the strip tells of new letters, and of a layer, from 0, that somebody wants to look at; without
 * `onLook` there is nothing to look at.
 * @typedef {{onChange: (letters: string) => void, onLook?: (index: number) => void}} StripCallbacks
 */

const OWN = "own";
// More layers than this are drawn smaller.
const MANY = 12;

/** @typedef {ReturnType<typeof open>} View */

/**
 * Make a strip of layers.
 * @param {LettersKnob} knob
 * @param {StripModel} model
 * @param {StripCallbacks} callbacks
 * @returns {{element: HTMLElement, update: (next: StripData) => void}}
 */
export function render(knob, model, callbacks) {
  const view = open(knob, model, callbacks);
  return { element: elementOf(view), update: (next) => update(view, next) };
}

/**
 * @param {LettersKnob} knob
 * @param {StripModel} model
 * @param {StripCallbacks} callbacks
 */
function open(knob, model, callbacks) {
  const { onLook } = callbacks;
  const view = {
    knob,
    callbacks,
    letters: knob.default,
    stacks: knownStacks(knob, model.stacks),
    /** What was drawn last, to draw only what is new. */
    drawn: "",
    spoken: h("span", { class: "sr-only", role: "status" }),
    stack: h("select", { disabled: knob.fixed, onchange: () => chooseStack(view) }),
    box: scheduleBox.render(knob, (letters) => take(view, letters)),
    layers: layersIn(knob.default).map((_, index) =>
      layerMenu.render(knob, index + 1, {
        onChange: (text) => change(view, index, text),
        onLook: onLook && (() => onLook(index)),
      }),
    ),
    costs: scheduleCosts.render(model),
    unmoved: h("p", { class: "unmoved", hidden: true }, "Every window here is a layer’s own, so W moves none of them."),
  };
  const named = Object.keys(view.stacks).map((name) => h("option", { value: name }, name));
  view.stack.append(...named, h("option", { value: OWN, disabled: true }, "your own"));
  return view;
}

/**
 * The stacks whose letters and windows the knob knows.
 * @param {LettersKnob} knob
 * @param {Readonly<Record<string, string>>} stacks
 */
function knownStacks({ letters, at_most: most }, stacks) {
  const isKnown = (/** @type {LayerText} */ { letter, size }) => letter in letters && (size ?? 1) <= most;
  return Object.fromEntries(Object.entries(stacks).filter(([, text]) => layersIn(text).every(isKnown)));
}

/** @param {View} view */
function elementOf({ knob, stack, box, layers, costs, unmoved, spoken, callbacks }) {
  const hint = callbacks.onLook ? "Press a layer to look at it; its menu changes what it reads." : "";
  const all = h("label", { class: "stack" }, h("span", {}, "All layers"), stack);
  return h(
    "div",
    {
      class: `control layer-strip${layers.length > MANY ? " many" : ""}`,
      role: "group",
      "aria-label": knob.label,
      "data-knob": knob.name,
    },
    h("div", { class: "strip-head" }, all, box.element, h("span", {}, hint)),
    box.said,
    h(
      "div",
      { class: "layer-row" },
      layers.map(({ element }) => element),
    ),
    unmoved,
    costs.element,
    spoken,
  );
}

/**
 * @param {View} view
 * @param {string} letters
 */
function take(view, letters) {
  view.letters = letters;
  view.callbacks.onChange(letters);
}

/**
 * Give a layer another pattern.
 * @param {View} view
 * @param {number} index
 * @param {LayerText} text
 */
function change(view, index, text) {
  const { knob, letters } = view;
  const layers = layersIn(letters).map((layer, i) => layerText(i === index ? text : layer));
  view.spoken.textContent = `Layer ${index + 1}: ${[knob.letters[text.letter], text.size].filter(Boolean).join(" ")}`;
  take(view, layers.join(""));
}

/** @param {View} view */
function chooseStack(view) {
  const { stack, stacks } = view;
  view.spoken.textContent = `All layers: ${stack.value}`;
  take(view, stacks[stack.value]);
}

/**
 * @param {View} view
 * @param {StripData} next
 */
function update(view, next) {
  view.letters = next.letters;
  const looks = JSON.stringify(next);
  if (looks === view.drawn) return;
  view.drawn = looks;
  const { letters, window, sinks, seqLen, counting = Infinity, shown } = next;
  const schedule = scheduleOf({ schedule: letters, window, sinks });
  view.stack.value = Object.keys(view.stacks).find((name) => view.stacks[name] === letters) ?? OWN;
  view.box.update(letters);
  view.unmoved.hidden = following(letters)?.length !== 0;
  layersIn(letters).forEach((text, i) =>
    view.layers[i].update({ text, pattern: schedule[i], window, isShown: i === shown, rests: i >= counting }),
  );
  view.costs.update(schedule.slice(0, counting), seqLen);
}
