// The strip of layers.  To look at a layer is one gesture, its button; to change what it reads is
// another, the menu below it.  A menu for the whole stack offers the schedules that models have.

/** @import { LettersKnob, Schedule } from "../core/types.d.ts" */

import { nPinned } from "../../patterns/pattern.js";
import { keyRanges } from "../../patterns/ranges.js";
import { patternName, patternWord, scheduleOf } from "../../patterns/schedule.js";
import { layersIn, layerText } from "../../patterns/schedule_text.js";
import { h, svg } from "../core/dom.js";

/**
 * What the strip shows.
 * @typedef {object} StripData
 * @property {string} letters - A letter for every layer.
 * @property {Schedule} schedule - The patterns of all layers.
 * @property {number} counting - So many of the first layers count; the others rest.
 * @property {number | null} shown - The layer that is on screen, from 0.
 */

/**
 * Whom the strip tells of new letters, and of a layer, from 0, that somebody wants to look at; without
 * `onLook` there is nothing to look at.
 * @typedef {{onChange: (letters: string) => void, onLook?: (index: number) => void}} StripCallbacks
 */

const TINY = 9;
const TINY_WINDOW = 3;
const OWN = "own";
// More layers than this are drawn smaller.
const MANY = 12;

/** @typedef {ReturnType<typeof open>} View */

/**
 * Make a strip of layers.
 * @param {LettersKnob} knob
 * @param {Readonly<Record<string, string>>} stacks - Letters for all layers, by the name of the schedule.
 * @param {StripCallbacks} callbacks
 * @returns {{element: HTMLElement, update: (next: StripData) => void}}
 */
export function render(knob, stacks, callbacks) {
  const view = open(knob, stacks, callbacks);
  return { element: elementOf(view), update: (next) => update(view, next) };
}

/**
 * @param {LettersKnob} knob
 * @param {Readonly<Record<string, string>>} stacks
 * @param {StripCallbacks} callbacks
 */
function open(knob, stacks, callbacks) {
  const view = {
    knob,
    stacks,
    callbacks,
    letters: knob.default,
    /** What was drawn last, to draw only what is new. */
    drawn: "",
    spoken: h("span", { class: "sr-only", role: "status" }),
    stack: h("select", { disabled: knob.fixed, onchange: () => chooseStack(view) }, stackOptions(knob, stacks)),
    layers: layersIn(knob.default).map((_, index) => layerOf(index)),
  };

  /** @param {number} index */
  function layerOf(index) {
    const face = h("span", { class: "face" });
    const looker = callbacks.onLook
      ? h("button", { type: "button", class: "look", onclick: () => callbacks.onLook?.(index) }, face)
      : h("span", { class: "look" }, face);
    const options = Object.entries(knob.letters).map(([letter, word]) => h("option", { value: letter }, word));
    const menu = h(
      "select",
      { "aria-label": `Pattern of layer ${index + 1}`, onchange: () => change(view, index, menu.value) },
      options,
    );
    return { element: h("div", { class: "layer" }, looker, menu), face, looker, menu };
  }
  return view;
}

/**
 * The stacks whose letters the knob knows.
 * @param {LettersKnob} knob
 * @param {Readonly<Record<string, string>>} stacks
 */
function stackOptions(knob, stacks) {
  const known = Object.keys(stacks).filter((name) =>
    layersIn(stacks[name]).every(({ letter }) => letter in knob.letters),
  );
  const named = known.map((name) => h("option", { value: name }, name));
  return [...named, h("option", { value: OWN, disabled: true }, "your own")];
}

/** @param {View} view */
function elementOf({ knob, stack, layers, spoken, callbacks }) {
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
    h("div", { class: "strip-head" }, all, h("span", {}, hint)),
    h(
      "div",
      { class: "layer-row" },
      layers.map(({ element }) => element),
    ),
    spoken,
  );
}

/**
 * Give a layer another pattern.
 * @param {View} view
 * @param {number} index
 * @param {string} letter
 */
function change(view, index, letter) {
  const { knob, letters } = view;
  view.letters = layersIn(letters)
    .map((layer, i) => (i === index ? letter : layerText(layer)))
    .join("");
  view.spoken.textContent = `Layer ${index + 1}: ${knob.letters[letter]}`;
  view.callbacks.onChange(view.letters);
}

/** @param {View} view */
function chooseStack(view) {
  const { stack, stacks } = view;
  view.letters = stacks[stack.value];
  view.spoken.textContent = `All layers: ${stack.value}`;
  view.callbacks.onChange(view.letters);
}

/**
 * @param {View} view
 * @param {StripData} next
 */
function update(view, next) {
  view.letters = next.letters;
  const looks = JSON.stringify([next.schedule, next.counting, next.shown]);
  if (looks === view.drawn) return;
  view.drawn = looks;
  view.stack.value = Object.keys(view.stacks).find((name) => view.stacks[name] === next.letters) ?? OWN;
  view.layers.forEach((_, index) => paintLayer(view, next, index));
}

/**
 * @param {View} view
 * @param {StripData} next
 * @param {number} index
 */
function paintLayer({ knob, layers }, { letters, schedule, counting, shown }, index) {
  const { element, face, looker, menu } = layers[index];
  const pattern = schedule[index];
  const sinks = nPinned(pattern);
  const rests = index >= counting;
  const { letter } = layersIn(letters)[index];
  element.dataset.letter = letter;
  element.classList.toggle("shown", index === shown);
  element.classList.toggle("rests", rests);
  menu.disabled = knob.fixed || rests;
  menu.value = letter;
  face.replaceChildren(
    h("strong", {}, index + 1),
    glyph(letter, sinks),
    sinks ? h("span", { class: "star" }, "★") : "",
    h("span", { class: "word" }, patternWord(pattern)),
  );
  looker.title = `Layer ${index + 1}: ${patternName(pattern)}`;
  if ("disabled" in looker) {
    looker.disabled = rests;
    looker.setAttribute("aria-pressed", String(index === shown));
    looker.setAttribute("aria-label", `Look at layer ${index + 1}: ${patternName(pattern)}`);
  }
}

/**
 * A pattern's matrix at the size of a letter.
 * @param {string} letter
 * @param {number} sinks
 */
function glyph(letter, sinks) {
  const [pattern] = scheduleOf({ schedule: letter, window: TINY_WINDOW, sinks: Math.min(sinks, 1) });
  const cells = [];
  for (let query = 0; query < TINY; query++)
    for (const [start, stop, step] of keyRanges(pattern, query, TINY))
      for (let key = start; key < stop; key += step) cells.push(`M${key} ${query}h1v1h-1Z`);
  return svg(
    "svg",
    { class: "glyph", viewBox: `0 0 ${TINY} ${TINY}`, "aria-hidden": "true" },
    svg("path", { class: "below", d: `M0 0L${TINY} ${TINY}H0Z` }),
    svg("path", { class: "read", d: cells.join("") }),
  );
}
