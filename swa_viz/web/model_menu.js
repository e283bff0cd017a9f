// Which model the lab asks.  Another one has other layers and heads, so the page is opened anew for it;
// the visitor's text and W stay.

/** @import { Control } from "./core/controls.js" */
/** @import { ChoiceKnob } from "./core/types.d.ts" */
/** @import { AnyLab } from "./lab.js" */

import { chooser } from "./core/controls.js";
import { linkTo } from "./link.js";

/**
 * The menu of models.
 * @param {AnyLab} lab
 * @returns {Control<string>[]} No menu where there is one model only.
 */
export function render(lab) {
  const knob = /** @type {ChoiceKnob} */ (lab.data.knobs.model);
  const names = Object.entries(knob.choices).map(([name, about]) => [name, about ? `${name}: ${about}` : name]);
  if (names.length < 2 || !lab.data.served) return [];
  const onChange = (/** @type {string} */ model) => window.location.assign(addressOf(lab, model));
  return [chooser({ ...knob, choices: Object.fromEntries(names) }, String(lab.values.model), { onChange })];
}

/**
 * The page with another model: what belongs to the layers of this one is left out.
 * @param {AnyLab} lab
 * @param {string} model
 */
function addressOf({ data, values }, model) {
  const kept = Object.fromEntries(Object.entries(data.knobs).map(([name, knob]) => [name, knob.default]));
  return linkTo({ data, values: { ...kept, window: values.window, sinks: values.sinks, model } });
}
