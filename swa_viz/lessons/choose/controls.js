// The controls of the choose lab: what was measured, which cost counts, and how much worse is good enough; and
// behind "More" a schedule of the visitor's own.

/** @import { ChoiceKnob, LettersKnob, NumberKnob } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { Shown } from "./shown.js" */

import { button, segmented, slider } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import { anyMoved } from "../../web/lab.js";
import { numberKnob } from "../../web/number_knob.js";
import * as layerStrip from "../../web/views/layer_strip.js";
import { howMany } from "../../wording/numbers.js";
import { BYTES_PER_NUMBER, rowOf } from "./yours.js";

/**
 * @typedef {Record<"measured" | "quality" | "cost", ChoiceKnob>} Choices
 * @typedef {Choices & {tolerance: NumberKnob, schedule: LettersKnob, window: NumberKnob}} Knobs
 * @typedef {Lab<Knobs>} ChooseLab
 * @typedef {ChooseLab["values"]} ChooseValues
 */

/** What was measured on the visitor's own text. */
export const OWN = "own";
const THOUSANDTHS = 1000;

/**
 * The tolerance in bits: its knob counts thousandths.
 * @param {number} knob
 * @returns {number}
 */
export const toleranceOf = (knob) => knob / THOUSANDTHS;

/**
 * Without a server nothing is measured on the visitor's text.
 * @param {ChooseLab} lab
 * @returns {ChoiceKnob}
 */
function offered({ data: { knobs, served } }) {
  const choices = Object.entries(knobs.measured.choices).filter(([word]) => served || word !== OWN);
  return { ...knobs.measured, choices: Object.fromEntries(choices) };
}

/**
 * Make the controls.
 * @param {ChooseLab} lab
 * @returns {{bar: HTMLElement[], more: HTMLElement[], isMoved: boolean, update: (values: ChooseValues) => void,
 *   edit: (shown: Shown) => void}} `edit` moves the editor of a schedule to the model that is shown.
 */
export function render(lab) {
  const { knobs } = lab.data;
  const measured = segmented(offered(lab), lab.values.measured, { onChange: (word) => lab.commit({ measured: word }) });
  const cost = segmented(knobs.cost, lab.values.cost, { onChange: (word) => lab.commit({ cost: word }) });
  const quality = segmented(knobs.quality, lab.values.quality, { onChange: (word) => lab.commit({ quality: word }) });
  const tolerance = numberKnob(lab, "tolerance", (number) => `${toleranceOf(number).toFixed(3)} bits`);
  /** @param {ChooseValues} values */
  function update(values) {
    measured.set(values.measured);
    cost.set(values.cost);
    quality.set(values.quality);
    quality.element.hidden = values.measured === OWN;
  }
  const bar = [measured.element, quality.element, cost.element, tolerance.element];
  const own = editor(lab);
  return { bar, more: own.elements, isMoved: anyMoved(lab, ["schedule"]), update, edit: own.update };
}

const LEAD =
  "Edit a schedule of your own: its costs are counted at once. A layer without a window of its own takes this W.";

/**
 * The editor of the visitor's own schedule, for a model with as many layers as the one that is shown.
 * @param {ChooseLab} lab
 */
function editor(lab) {
  const { knobs } = lab.data;
  const room = h("div", { class: "own-strip" });
  const remove = button("Take it out of the picture", () => lab.commit({ schedule: "" }));
  const row = () => lab.values.schedule || "w";
  const window = slider(knobs.window, lab.values.window, {
    say: (value) => howMany(value, "key"),
    onInput: (value) => lab.set({ window: value, schedule: row() }),
    onChange: (value) => lab.commit({ window: value, schedule: row() }),
  });
  let strip = /** @type {ReturnType<typeof layerStrip.render> | null} */ (null);
  let drawn = "";

  /** @param {Shown["comparison"]} comparison */
  function stripFor({ n_layers: nLayers, key_numbers: numbers, stacks }) {
    if (strip && drawn === `${nLayers} ${numbers}`) return strip;
    drawn = `${nLayers} ${numbers}`;
    const knob = { ...knobs.schedule, default: "w".repeat(nLayers) };
    const model = { n_kv_heads: numbers, head_dim: 1, bytes_per_number: BYTES_PER_NUMBER, stacks };
    strip = layerStrip.render(knob, model, {
      onChange: (letters) => lab.commit({ schedule: rowOf(letters, knob) }),
    });
    room.replaceChildren(strip.element);
    return strip;
  }
  /** @param {Shown} shown */
  function update({ comparison, yours }) {
    const { n_layers: nLayers, n_tokens: seqLen } = comparison;
    window.set(lab.values.window);
    remove.hidden = !lab.values.schedule;
    const letters = yours?.letters ?? "w".repeat(nLayers);
    stripFor(comparison).update({ letters, window: lab.values.window, sinks: 0, seqLen, shown: null });
  }
  const elements = [h("p", { class: "lead" }, LEAD), h("div", { class: "row" }, window.element, remove), room];
  return { elements, update };
}
