// Controls that answer while the hand moves: `onInput` on every step, `onChange` on release.
// Each is a native input, so keyboard and screen readers work.

/** @import { Attributes } from "./dom.js" */
/** @import { ChoiceKnob, NumberKnob, TextKnob } from "./types.d.ts" */

import { h } from "./dom.js";
import { growing } from "./growing.js";
import { thousands } from "../../wording/numbers.js";
import { countCharacters, firstCharacters } from "../../wording/text.js";

/**
 * A control on the page, and how to move it from outside: `set` tells nobody.
 * @template Value
 * @typedef {object} Control
 * @property {HTMLElement} element
 * @property {(value: Value) => void} set
 */

/**
 * A slider; `limits` may move its farthest value.
 * @typedef {object} Slider
 * @property {HTMLElement} element
 * @property {(number: number, limits?: {at_most?: number}) => void} set
 */

let serial = 0;

/** @param {string} name */
const newId = (name) => `${name}-${serial++}`;

/**
 * A number on a slider; until it is moved, it says that it is not the one that the link asked for.
 * @param {NumberKnob} knob
 * @param {number} value
 * @param {object} on
 * @param {(number: number) => void} on.onInput
 * @param {(number: number) => void} [on.onChange] - Without it, `onInput` hears of the release too.
 * @param {(number: number) => string} [on.say] - Words for a number; else the number and its unit.
 * @returns {Slider}
 */
export function slider(knob, value, { onInput, onChange = onInput, say }) {
  const id = newId("slider");
  const words = say ?? ((number) => `${number.toLocaleString("en-GB")} ${knob.unit}`.trim());
  const output = h("output", { for: id });
  const input = h("input", {
    type: "range",
    id,
    min: knob.at_least,
    max: knob.at_most,
    step: 1,
    disabled: knob.fixed,
    oninput: () => {
      note.remove();
      show();
      onInput(input.valueAsNumber);
    },
    onchange: () => onChange(input.valueAsNumber),
  });
  const note = h("p", { class: "changed", role: "status" }, knob.changed);
  function show() {
    const number = input.valueAsNumber;
    output.textContent = words(number);
    input.setAttribute("aria-valuetext", words(number));
    const [least, most] = [Number(input.min), Number(input.max)];
    input.style.setProperty("--filled", `${most > least ? (100 * (number - least)) / (most - least) : 0}%`);
    element.style.setProperty("--steps", String(most - least));
  }
  /** @type {Slider["set"]} */
  function set(number, { at_most: most } = {}) {
    if (most !== undefined) input.max = String(most);
    if (number !== value) note.remove();
    input.value = String(number);
    show();
  }
  const label = h("label", { for: id }, knob.label, output);
  const element = h("div", { class: "control slider", "data-knob": knob.name }, label, input);
  if (knob.changed) element.append(note);
  set(value);
  return { element, set };
}

/**
 * A few named choices side by side.
 * @param {ChoiceKnob} knob
 * @param {string} value
 * @param {{onChange: (word: string) => void}} on
 * @returns {Control<string>}
 */
export function segmented(knob, value, { onChange }) {
  const name = newId("choice");
  const inputs = Object.keys(knob.choices).map((word) =>
    h("input", { type: "radio", name, value: word, disabled: knob.fixed, onchange: () => onChange(word) }),
  );
  const labels = Object.values(knob.choices).map((text, i) => h("label", {}, inputs[i], h("span", {}, text)));
  /** @param {string} word */
  const set = (word) => inputs.forEach((input) => (input.checked = input.value === word));
  set(value);
  const legend = h("legend", {}, knob.label);
  const element = h("fieldset", { class: "control segmented", "data-knob": knob.name }, legend, h("div", {}, labels));
  return { element, set };
}

/**
 * Many named choices in a list.
 * @param {ChoiceKnob} knob
 * @param {string} value
 * @param {{onChange: (word: string) => void}} on
 * @returns {Control<string>}
 */
export function chooser(knob, value, { onChange }) {
  const id = newId("chooser");
  const options = Object.entries(knob.choices).map(([word, text]) => h("option", { value: word }, text));
  const select = h("select", { id, disabled: knob.fixed, onchange: () => onChange(select.value) }, options);
  /** @param {string} word */
  const set = (word) => (select.value = word);
  set(value);
  const label = h("label", { for: id }, knob.label);
  return { element: h("div", { class: "control chooser", "data-knob": knob.name }, label, select), set };
}

const TYPING_PAUSE_MS = 150;

/**
 * A box for free text; `say` puts a sentence below it.
 * @typedef {Control<string> & {say: (sentence: string) => void}} TextBox
 */

/**
 * What the visitor is told of a text that was cut, or "".
 * @param {number} length - Before the cut.
 * @param {number} kept
 */
function cutNotice(length, kept) {
  if (length <= kept) return "";
  return `Your text had ${thousands(length)} characters; the first ${thousands(kept)} are kept.`;
}

/**
 * Free text.  What is too long is cut, and the visitor is told.
 * @param {TextKnob} knob
 * @param {string} value
 * @param {object} on
 * @param {(text: string) => void} [on.onInput] - It hears of every letter.
 * @param {(text: string) => void} on.onChange - It hears of a finished text: a short pause in typing
 *   counts as finished, and so does leaving the field or Enter.
 * @param {boolean} [on.hasLines] - Does Enter begin a new line instead?
 * @returns {TextBox}
 */
export function textBox(knob, value, { onInput = () => {}, onChange, hasLines = false }) {
  const id = newId("text");
  const notice = h("p", { class: "notice", role: "status" });
  const area = h("textarea", {
    id,
    rows: 1,
    dir: "auto",
    spellcheck: "false",
    autocomplete: "off",
    readonly: knob.fixed,
    oninput: typed,
    onchange: finish,
    onkeydown: pressed,
  });
  const box = growing(area);
  let last = value;
  let timer = 0;
  let cut = "";

  function typed() {
    const length = countCharacters(area.value);
    cut = cutNotice(length, knob.at_most);
    if (length > knob.at_most) area.value = firstCharacters(area.value, knob.at_most);
    say("");
    onInput(area.value);
    clearTimeout(timer);
    timer = setTimeout(finish, TYPING_PAUSE_MS);
  }
  function finish() {
    clearTimeout(timer);
    if (area.value === last) return;
    last = area.value;
    onChange(last);
  }
  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || hasLines) return;
    event.preventDefault();
    finish();
  }
  /**
   * What the lab has to say of the text comes after what the box itself did to it.
   * @param {string} sentence
   */
  function say(sentence) {
    notice.textContent = `${cut} ${sentence}`.trim();
  }
  /** @param {string} text */
  function set(text) {
    last = text;
    box.set(text);
  }
  set(value);
  const label = h("label", { for: id }, knob.label);
  const element = h("div", { class: "control text", "data-knob": knob.name }, label, box.element, notice);
  return { element, set, say };
}

/**
 * A button.
 * @param {string} text
 * @param {(event: MouseEvent) => void} onclick
 * @param {Attributes} [attributes]
 * @returns {HTMLButtonElement}
 */
export function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", class: "button", onclick, ...attributes }, text);
}

const COPIED_MS = 1600;

/**
 * A button that copies a text and says so; where the browser forbids it, it shows the text instead.
 * @param {string} text - What stands on the button.
 * @param {() => string} makeText - What it copies.
 * @returns {HTMLButtonElement}
 */
export function copyButton(text, makeText) {
  const element = button(text, async () => {
    const copied = makeText();
    try {
      await navigator.clipboard.writeText(copied);
      element.textContent = "Copied";
    } catch {
      window.prompt("Copy this:", copied);
    }
    setTimeout(() => (element.textContent = text), COPIED_MS);
  });
  return element;
}
