// The strip of layers: one button each, and a click gives the layer its next pattern.

/** @import { LettersKnob, Schedule } from "../core/types.d.ts" */

import { nPinned } from "../../patterns/pattern.js";
import { keyRanges } from "../../patterns/ranges.js";
import { patternName, patternWord, scheduleOf } from "../../patterns/schedule.js";
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
 * Whom the strip tells of new letters; `index` is the layer that changed, null if all did.
 * @typedef {{onChange: (letters: string, index: number | null) => void}} StripCallbacks
 */

const TINY = 9;
const TINY_WINDOW = 3;
/** @type {Record<string, number>} */
const TURNS = { ArrowDown: 1, ArrowUp: -1 };
/** @type {Record<string, number>} */
const MOVES = { ArrowRight: 1, ArrowLeft: -1 };

/** @typedef {ReturnType<typeof open>} View */

/**
 * Make a strip of layers.
 * @param {LettersKnob} knob
 * @param {StripCallbacks} callbacks
 * @returns {{element: HTMLElement, update: (next: StripData) => void}}
 */
export function render(knob, callbacks) {
  const view = open(knob, callbacks);
  return { element: elementOf(view), update: (next) => update(view, next) };
}

/**
 * @param {LettersKnob} knob
 * @param {StripCallbacks} callbacks
 */
function open(knob, { onChange }) {
  const view = {
    knob,
    onChange,
    letters: knob.default,
    /** What was drawn last, to draw only what is new. */
    drawn: "",
    spoken: h("span", { class: "sr-only", role: "status" }),
    reset: h("button", { type: "button", class: "link", onclick: () => reset(view) }, "all windows"),
    buttons: [...knob.default].map((_, index) =>
      h("button", {
        type: "button",
        class: "layer",
        onclick: (/** @type {MouseEvent} */ event) => turn(view, index, event.shiftKey ? -1 : 1),
        onkeydown: (/** @type {KeyboardEvent} */ event) => press(view, event, index),
      }),
    ),
  };
  return view;
}

/** @param {View} view */
function elementOf({ knob, reset, buttons, spoken }) {
  const hint = h("span", {}, knob.fixed ? "" : "click to change");
  const head = h("div", { class: "strip-head" }, h("span", {}, knob.label), hint, reset);
  return h(
    "div",
    { class: "control layer-strip", role: "group", "aria-label": knob.label },
    head,
    h("div", { class: "layer-row" }, buttons),
    spoken,
  );
}

/**
 * The letter that comes so many turns after another.
 * @param {LettersKnob} knob
 * @param {string} letter
 * @param {number} by
 * @returns {string}
 */
function nextOf({ letters }, letter, by) {
  const cycle = Object.keys(letters);
  return cycle[(cycle.indexOf(letter) + by + cycle.length) % cycle.length];
}

/**
 * Give a layer its next pattern.  The next click may come before the next frame, so the letters
 * change at once.
 * @param {View} view
 * @param {number} index
 * @param {number} by
 */
function turn(view, index, by) {
  const { knob, letters } = view;
  const letter = nextOf(knob, letters[index], by);
  view.letters = letters.slice(0, index) + letter + letters.slice(index + 1);
  view.spoken.textContent = `Layer ${index + 1}: ${knob.letters[letter]}`;
  view.onChange(view.letters, index);
}

/** @param {View} view */
function reset(view) {
  view.letters = view.knob.default;
  view.spoken.textContent = "All layers have windows again";
  view.buttons[0].focus();
  view.onChange(view.letters, null);
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 * @param {number} index
 */
function press(view, event, index) {
  if (event.key in TURNS) turn(view, index, TURNS[event.key]);
  else if (event.key in MOVES) view.buttons[index + MOVES[event.key]]?.focus();
  else return;
  event.preventDefault();
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
  view.reset.hidden = next.letters === view.knob.default;
  view.buttons.forEach((_, index) => paintButton(view, next, index));
}

/**
 * @param {View} view
 * @param {StripData} next
 * @param {number} index
 */
function paintButton({ knob, buttons }, { letters, schedule, counting, shown }, index) {
  const button = buttons[index];
  const pattern = schedule[index];
  const sinks = nPinned(pattern);
  const star = sinks ? h("span", { class: "star" }, "★") : null;
  const following = knob.letters[nextOf(knob, letters[index], 1)];
  button.dataset.letter = letters[index];
  button.disabled = knob.fixed || index >= counting;
  button.classList.toggle("shown", index === shown);
  button.setAttribute("aria-label", `Layer ${index + 1}: ${patternName(pattern)}, click for ${following}`);
  button.replaceChildren(
    h("span", { class: "top" }, h("strong", {}, index + 1), glyph(letters[index], sinks), star),
    h("span", {}, patternWord(pattern)),
  );
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
