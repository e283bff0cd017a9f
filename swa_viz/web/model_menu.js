// Which model the lab asks.  Another one has other layers and heads, so another page is opened for it;
// the visitor's text, W and sinks stay.

/** @import { Control } from "./core/controls.js" */
/** @import { ChoiceKnob } from "./core/types.d.ts" */
/** @import { AnyLab } from "./lab.js" */

import { chooser } from "./core/controls.js";
import { linkTo } from "./link.js";

/**
 * Which model the visitor chose.
 * @param {AnyLab} lab
 * @returns {string} Its name, or "" for the lesson's own.
 */
export function chosenModel({ data, values }) {
  return values.model === data.knobs.model.default ? "" : String(values.model);
}

/**
 * The menu of models.
 * @param {AnyLab} lab
 * @param {readonly string[]} [kept] - The knobs that stay where they are on the page about another model.
 * @returns {Control<string>[]} No menu where there is one model only.
 */
export function render(lab, kept = ["window", "sinks"]) {
  const knob = /** @type {ChoiceKnob} */ (lab.data.knobs.model);
  const names = Object.entries(knob.choices).map(([name, about]) => [name, about ? `${name}: ${about}` : name]);
  if (names.length < 2) return [];
  const own = String(lab.values.model);
  const menu = chooser({ ...knob, choices: Object.fromEntries(names) }, own, {
    onChange: (model) => {
      menu.set(own); // Back shows this page as it was left, and it is still about its own model.
      window.location.assign(addressOf(lab, model, kept));
    },
  });
  return [menu];
}

/**
 * The page about another model: what belongs to the layers of this one is left out.  A host of files has a
 * page for each model, a server shows all of them on one.
 * @param {AnyLab} lab
 * @param {string} model
 * @param {readonly string[]} kept
 */
function addressOf({ data, values }, model, kept) {
  const places = Object.entries(data.knobs).map(([name, { default: own }]) => [
    name,
    kept.includes(name) ? values[name] : own,
  ]);
  const address = linkTo({ data, values: { ...Object.fromEntries(places), model } });
  if (!Object.hasOwn(data.model_pages, model)) return address;
  address.searchParams.delete("model");
  return new URL(data.model_pages[model] + address.search, address);
}
