// Two models under the same windows, as they were measured once: one was trained in full, one in windows.

/** @import { Axis } from "../../web/views/chart.js" */
/** @import { LimitsLab } from "./controls.js" */

import { card, h } from "../../web/core/dom.js";
import * as chart from "../../web/views/chart.js";
import { growingAxis } from "../../web/views/axis.js";
import { line } from "../../web/views/plain_line.js";

/**
 * What was stored of a model: bits per byte for each window, by the names of the cases.
 * @typedef {{n_layers: number, trained_window: number | null, full: number, reach: Record<string, Moved>} &
 *   Record<Case, number[]>} StoredModel
 * @typedef {{bits: number[], changed: number}} Moved - The first token was changed.
 * @typedef {"plain" | "one sink" | "four sinks" | "every second full" | "every sixth full" |
 *   "every sixth full, four sinks"} Case
 * @typedef {{texts: string[], passages: number, predicted: number}} How
 * @typedef {{how: How, windows: number[], models: Record<string, StoredModel>}} Stored
 */

/** The looks and the words of each case. @type {[Case, string, string][]} */
const LINES = [
  ["plain", "window", "a window in every layer"],
  ["one sink", "sink", "and the first token stays visible"],
  ["four sinks", "sinks", "and the first 4 tokens stay visible"],
  ["every second full", "second", "every second layer full"],
  ["every sixth full", "sixth", "every sixth layer full"],
  ["every sixth full, four sinks", "sixth_sinks", "every sixth layer full, first 4 tokens visible"],
];
/** The window of which the sentences speak. */
const STATED = 32;

/**
 * What was stored for this lab.
 * @param {LimitsLab} lab
 * @returns {Stored}
 */
export const storedOf = (lab) => /** @type {Stored} */ (lab.data.extra.stored);

/**
 * A case at the window of which the sentences speak, in bits per byte.
 * @param {Stored} stored
 * @param {string} name - Of the model.
 * @param {Case} which
 * @returns {string}
 */
export const statedBits = ({ windows, models }, name, which) => models[name][which][windows.indexOf(STATED)].toFixed(2);

/**
 * @param {Stored} stored
 * @param {string} name
 */
function sentence(stored, name) {
  const { trained_window: trained, full } = stored.models[name];
  const how = trained === null ? "in full attention" : `in windows of ${trained}`;
  return (
    `This model was trained ${how}. With W = ${STATED} in every layer it needs ` +
    `${statedBits(stored, name, "plain")} bits per byte, in full attention ${full.toFixed(2)}. ` +
    `If the first token stays visible, it needs ${statedBits(stored, name, "one sink")}.`
  );
}

/**
 * @param {Stored} stored
 * @param {string} name
 * @param {Axis} y
 */
function chartOf({ windows, models }, name, y) {
  const model = models[name];
  /** @type {Axis} */
  const x = {
    title: "Window W (keys)",
    ends: [windows[0], windows[windows.length - 1]],
    marks: windows.map((size) => [size, `${size}`]),
  };
  const full = line("full", "full attention in every layer", windows, Array(windows.length).fill(model.full));
  const cases = LINES.map(([which, role, label]) => line(role, label, windows, model[which]));
  return { x, y, unit: "bits per byte", lines: [...cases, full] };
}

/**
 * Make the cards, one for each model; what they show never changes.
 * @param {LimitsLab} lab
 * @returns {{element: HTMLElement}}
 */
export function render(lab) {
  const stored = storedOf(lab);
  const { texts, passages, predicted } = stored.how;
  const every = Object.values(stored.models).flatMap((model) => [
    model.full,
    ...LINES.flatMap(([which]) => model[which]),
  ]);
  const y = growingAxis("bits per byte (lower is better)", every);
  const cards = Object.keys(stored.models).map((name) => {
    const said = sentence(stored, name);
    const frame = card(name, said);
    const view = chart.render(frame.element.appendChild(h("div")), `windows-${name}`, { embedded: true });
    view.update(chartOf(stored, name, y), `${name}. ${said}`);
    return frame.element;
  });
  const lead =
    "A model that was trained in full attention loses most when its first token leaves the window, and keeping that " +
    "token visible repairs most of it. A model that was trained in windows does not collapse: it loses where its " +
    `windows are widened. Measured on ${passages} held-out passages of ${predicted} tokens (${texts.join("; ")}).`;
  const element = h("section", {}, h("h2", {}, "Trained in full, or in windows?"), h("p", { class: "lead" }, lead));
  element.append(h("div", { class: "pair" }, cards));
  return { element };
}
