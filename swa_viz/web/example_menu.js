// A menu of texts on which a window does something that one can see, beside the box for one's own.

/** @import { TextBox } from "./core/controls.js" */
/** @import { LettersKnob, NumberKnob, Value } from "./core/types.d.ts" */
/** @import { AnyLab } from "./lab.js" */

import { button } from "./core/controls.js";
import { h } from "./core/dom.js";

/**
 * A text, the values to set, and what there is to see then: `lessons/examples.py`, and a lesson's own.
 * @typedef {object} Example
 * @property {string} name
 * @property {string} text
 * @property {Readonly<Record<string, Value>>} values
 * @property {string} look - Tokens stand between asterisks.
 */

// What an example sets back, as far as the lab has such knobs: its effect was found with windows alone.
const PLAIN = ["schedule", "sinks", "token", "layers"];

/**
 * The values with which an example shows its effect.
 * @param {AnyLab} lab
 * @param {Example} example
 */
function valuesFor({ data }, { text, values }) {
  const knobs = /** @type {Readonly<Record<string, LettersKnob | NumberKnob>>} */ (data.knobs);
  const plain = PLAIN.filter((name) => name in knobs).map((name) => [name, knobs[name].default]);
  return { ...Object.fromEntries(plain), text, ...values, edit: null, picked: null };
}

/**
 * What there is to look for; tokens are set apart.
 * @param {string} look
 */
const emphasised = (look) => look.split("*").map((part, place) => (place % 2 ? h("em", {}, part) : part));

/**
 * Make the menu; a lab about another model than its own has no examples, and shows none.
 * @param {AnyLab} lab
 * @param {TextBox} box - For the visitor's own text; the menu stands beside it.
 * @returns {{element: HTMLElement, update: (text: string) => void}}
 */
export function render(lab, box) {
  const examples = /** @type {readonly Example[]} */ (lab.data.extra.examples ?? []);
  const id = `example-${lab.data.name}`;
  /** The values that the visitor had before the first example. */
  let own = /** @type {Record<string, any> | null} */ (null);
  const options = examples.map(({ name }, place) => h("option", { value: place }, name));
  const select = h("select", { id, onchange: choose }, h("option", { value: "" }, "your own text"), options);
  const look = h("p", { class: "look", role: "status" });
  const back = button("Back to your text", restore);
  const row = h("div", { class: "control chooser" }, h("label", { for: id }, "Examples"), select);
  const menu = h("div", { class: "example-menu", "data-view": "examples" }, row, back);
  menu.hidden = Boolean(lab.data.offered) || !examples.length;
  const element = h("div", {}, h("div", { class: "text-row" }, box.element, menu), look);

  /** @param {Record<string, any>} values */
  function apply(values) {
    box.set(values.text);
    lab.commit(values);
  }
  /** @param {string} text */
  const placeOf = (text) => examples.findIndex((example) => example.text === text);

  function choose() {
    if (select.value === "") return restore();
    const example = examples[Number(select.value)];
    const changes = valuesFor(lab, example);
    const names = Object.keys(changes);
    if (placeOf(lab.values.text) < 0) own = Object.fromEntries(names.map((name) => [name, lab.values[name]]));
    apply(changes);
  }
  function restore() {
    if (own) apply(own);
    else update(lab.values.text);
  }
  /** @param {string} text */
  function update(text) {
    const place = placeOf(text);
    select.value = place < 0 ? "" : String(place);
    back.hidden = place < 0 || !own;
    if (look.dataset.example === select.value) return;
    look.dataset.example = select.value;
    look.replaceChildren(...(place < 0 ? [] : emphasised(examples[place].look)));
  }
  return { element, update };
}
