// One layer of the strip: a button to look at it, a menu for what it reads, and a number where its window is its
// own.  To look and to change are two gestures.

/** @import { LettersKnob, Pattern } from "../core/types.d.ts" */
/** @import { LayerText } from "../../patterns/schedule_text.js" */

import { nPinned } from "../../patterns/pattern.js";
import { keyRanges } from "../../patterns/ranges.js";
import { patternName, patternWord, scheduleOf } from "../../patterns/schedule.js";
import { isSized } from "../../patterns/schedule_text.js";
import { h, svg } from "../core/dom.js";

/**
 * What one layer shows: how it is written, its pattern, and the page's window; whether it is looked at, and whether
 * it does not count.
 * @typedef {object} LayerData
 * @property {LayerText} text
 * @property {Pattern} pattern
 * @property {number} window
 * @property {boolean} isShown
 * @property {boolean} rests
 */

/**
 * @typedef {object} LayerCallbacks
 * @property {(text: LayerText) => void} onChange
 * @property {(() => void) | undefined} onLook - Without it there is nothing to look at.
 */

const TINY = 9;
const TINY_WINDOW = 3;
const OWN = "own";

/** @typedef {ReturnType<typeof open>} View */

/**
 * Make a layer.
 * @param {LettersKnob} knob
 * @param {number} number - Of the layer, from 1.
 * @param {LayerCallbacks} callbacks
 * @returns {{element: HTMLElement, update: (next: LayerData) => void}}
 */
export function render(knob, number, callbacks) {
  const view = open(knob, number, callbacks);
  return { element: view.element, update: (next) => update(view, next) };
}

/**
 * @param {LettersKnob} knob
 * @param {number} number
 * @param {LayerCallbacks} callbacks
 */
function open(knob, number, { onChange, onLook }) {
  const face = h("span", { class: "face" });
  const looker = onLook
    ? h("button", { type: "button", class: "look", onclick: onLook }, face)
    : h("span", { class: "look" }, face);
  const options = Object.entries(knob.letters).map(([letter, word]) => h("option", { value: letter }, word));
  const own = h("option", { value: OWN });
  const menu = h("select", { "aria-label": `Pattern of layer ${number}`, onchange: choose }, options, own);
  const size = h("input", {
    ...{ type: "number", inputmode: "numeric", min: 1, max: knob.at_most, step: 1 },
    ...{ "aria-label": `Window of layer ${number}`, placeholder: "W", onchange: resize },
  });
  const sized = h("label", { class: "own", hidden: true }, h("span", { "aria-hidden": "true" }, "W"), size);
  const element = h("div", { class: "layer" }, looker, menu, sized);
  const view = {
    knob,
    number,
    element,
    face,
    looker,
    own,
    menu,
    size,
    sized,
    data: /** @type {LayerData | null} */ (null),
    /** Whoever asked for a window of its own types it next, as soon as there is a field for it. */
    isAsked: false,
    /** What stands in the field, or stood there until somebody began to type. */
    written: /** @type {number | null} */ (null),
  };

  function choose() {
    const { text, pattern } = /** @type {LayerData} */ (view.data);
    if (menu.value !== OWN) return onChange({ letter: menu.value, size: isSized(menu.value) ? text.size : null });
    view.isAsked = text.size === null;
    onChange({ letter: text.letter, size: view.isAsked ? sizeOf(pattern) : null });
  }
  /** What is no number, as an empty field is, gives the layer the page's window back. */
  function resize() {
    const { text } = /** @type {LayerData} */ (view.data);
    const asked = Math.round(size.valueAsNumber);
    const next = Number.isNaN(asked) ? null : Math.min(Math.max(asked, 1), knob.at_most);
    write(view, next);
    onChange({ letter: text.letter, size: next });
  }
  return view;
}

/**
 * The keys that a pattern reads at most, where its letter has a window.
 * @param {Pattern} pattern
 * @returns {number}
 */
const sizeOf = (pattern) => pattern.window_size ?? pattern.chunk_size;

/**
 * Put a number into the field.
 * @param {View} view
 * @param {number | null} number
 */
function write(view, number) {
  view.written = number;
  view.size.value = String(number ?? "");
}

/**
 * @param {View} view
 * @param {LayerData} next
 */
function update(view, next) {
  const { knob, number, element, face, looker, own, menu, size, sized } = view;
  const { text, pattern, isShown, rests } = next;
  view.data = next;
  const sinks = nPinned(pattern);
  element.dataset.letter = text.letter;
  element.classList.toggle("shown", isShown);
  element.classList.toggle("rests", rests);
  menu.disabled = size.disabled = Boolean(knob.fixed) || rests;
  menu.value = text.letter;
  own.textContent = text.size === null ? "its own W…" : "the page’s W";
  own.disabled = !isSized(text.letter);
  sized.hidden = text.size === null;
  if (text.size !== view.written) write(view, text.size); // else it may be what somebody types now
  if (view.isAsked && text.size !== null) {
    view.isAsked = false;
    size.focus();
  }
  face.replaceChildren(
    h("strong", {}, number),
    glyph(next, sinks),
    sinks ? h("span", { class: "star" }, "★") : "",
    h("span", { class: "word" }, patternWord(pattern)),
  );
  looker.title = `Layer ${number}: ${patternName(pattern)}`;
  if (!("disabled" in looker)) return;
  looker.disabled = rests;
  looker.setAttribute("aria-pressed", String(isShown));
  looker.setAttribute("aria-label", `Look at layer ${number}: ${patternName(pattern)}`);
}

/**
 * A pattern's matrix at the size of a letter.  A window of its own is as much larger or smaller as it is.
 * @param {LayerData} data
 * @param {number} sinks
 */
function glyph({ text, window }, sinks) {
  const tiny = Math.round((TINY_WINDOW * (text.size ?? window)) / window);
  const [pattern] = scheduleOf({
    schedule: text.letter,
    window: Math.min(Math.max(tiny, 1), TINY),
    sinks: Math.min(sinks, 1),
  });
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
