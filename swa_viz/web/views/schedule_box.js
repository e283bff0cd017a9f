// The box in which a schedule is written, as papers write it: LLLLLG.  While one types it says what would be taken;
// Enter, or leaving the box, takes it.  What is no schedule stays in the box and changes nothing.

/** @import { LettersKnob } from "../core/types.d.ts" */

import { asTyped, layersIn, readTyped } from "../../patterns/schedule_text.js";
import { h } from "../core/dom.js";

let serial = 0;

/**
 * Make the box.
 * @param {LettersKnob} knob
 * @param {(letters: string) => void} onChange
 * @returns {{element: HTMLElement, said: HTMLElement, update: (letters: string) => void}} `said` is the sentence
 *   about what was written.
 */
export function render(knob, onChange) {
  const id = `schedule-said-${serial++}`;
  const said = h("p", { class: "changed", role: "status", id }, knob.changed);
  const input = h("input", {
    ...{ type: "text", spellcheck: "false", autocomplete: "off", autocapitalize: "off", enterkeyhint: "done" },
    ...{ "aria-describedby": id, readonly: knob.fixed, oninput: check, onchange: finish, onkeydown: pressed },
  });
  let shown = "";
  const read = () =>
    readTyped(input.value, {
      nLayers: layersIn(knob.default).length,
      letters: Object.keys(knob.letters),
      atMost: knob.at_most,
    });

  function check() {
    const { text, said: words } = read();
    input.ariaInvalid = String(text === null);
    said.textContent = text === null ? words : `${words} Enter takes it.`.trim();
  }
  function finish() {
    const { text, said: words } = read();
    said.textContent = words;
    if (text === null || text === shown) return;
    shown = text;
    onChange(text);
  }
  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.key === "Enter") finish();
  }
  /** @param {string} letters */
  function update(letters) {
    if (letters === shown) return;
    if (shown) said.textContent = "";
    shown = letters;
    input.value = asTyped(letters);
    input.ariaInvalid = "false";
  }
  const element = h("label", { class: "written" }, h("span", {}, "or written"), input);
  return { element, said, update };
}
