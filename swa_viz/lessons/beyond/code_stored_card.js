// What far names cost a model that has read code, for windows of many sizes, as it was measured once.

/** @import { ChartData, ChartLine } from "../../web/views/chart.js" */
/** @import { AnyLab } from "../../web/lab.js" */

import { mean } from "../../experiments/runs_together.js";
import { card, h } from "../../web/core/dom.js";
import { straightAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { measuredBy } from "../../web/views/measured_by.js";
import { spreadLine } from "../../web/views/spread_line.js";
import { storedOf } from "./kind.js";

/**
 * What a program costs at each window: the bits of each far name, and the mean of all other tokens.
 * @typedef {{far: readonly (readonly number[])[], rest: readonly number[]}} Costs
 * @typedef {"window" | "four sinks" | "every sixth full, four sinks"} Case
 * @typedef {{n_tokens: number, names: readonly string[], ages: readonly number[]}} Program
 * @typedef {{n_layers: number, programs: readonly Program[]} & Record<Case | "full", readonly Costs[]>} Model
 * @typedef {{how: {programs: number, far: number}, windows: readonly number[], models: Record<string, Model>}} Stored
 */

const NAME = "smollm2-135m";
/** The window of which the sentence speaks. */
const STATED = 32;
/** The looks and the words of each case. @type {[Case, string, string][]} */
const LINES = [
  ["window", "window", "a window in every layer"],
  ["four sinks", "sinks", "and the first 4 tokens stay visible"],
  ["every sixth full, four sinks", "sixth_sinks", "every sixth layer full, first 4 tokens visible"],
];

/**
 * The mean cost of a far name in each program, at one window.
 * @param {readonly Costs[]} costs
 * @param {number} at - The place of the window.
 */
const inPrograms = (costs, at) => costs.map(({ far }) => mean(far[at]));

/**
 * @param {Stored} stored
 * @returns {ChartData}
 */
function chartOf({ windows, models }) {
  const model = models[NAME];
  /** @type {(role: string, label: string, costsAt: (at: number) => number[]) => ChartLine} */
  const lineOf = (role, label, costsAt) =>
    spreadLine(
      role,
      label,
      windows,
      windows.map((_, at) => costsAt(at)),
      (low, high) => `${low.toFixed(1)} to ${high.toFixed(1)} in single programs`,
    );
  const lines = [
    ...LINES.map(([which, role, label]) => lineOf(role, label, (at) => inPrograms(model[which], at))),
    lineOf("full", "full attention in every layer", () => inPrograms(model.full, 0)),
  ];
  const x = {
    title: "Window W (keys)",
    ends: /** @type {[number, number]} */ ([windows[0], windows[windows.length - 1]]),
    marks: windows.map((size) => /** @type {[number, string]} */ ([size, `${size}`])),
  };
  const highest = Math.max(...lines.flatMap(({ high }) => high));
  return { x, y: straightAxis("bits for a far name", [0, highest]), unit: "bits", lines };
}

/** @param {Stored} stored */
function sentenceOf({ how, windows, models }) {
  const model = models[NAME];
  const at = windows.indexOf(STATED);
  const full = mean(inPrograms(model.full, 0));
  const [plain, , repaired] = LINES.map(([which]) => mean(inPrograms(model[which], at)));
  const rest = mean(model.window.map(({ rest: bits }) => bits[at])) - mean(model.full.map(({ rest: bits }) => bits[0]));
  const count = model.programs.reduce((sum, { names }) => sum + names.length, 0);
  return (
    `${NAME} has read code. ${how.programs} programs that were written for this measurement have ${count} names that ` +
    `stood last at least ${how.far} tokens before the query. In full attention such a name costs ` +
    `${full.toFixed(1)} bits, with W = ${STATED} in every layer ${plain.toFixed(1)}; with every sixth layer full and ` +
    `the first 4 tokens visible ${repaired.toFixed(1)}. All other tokens lose ${rest.toFixed(1)} bits each with ` +
    `W = ${STATED}: this model was trained in full attention. Bars go from the lowest program to the highest.`
  );
}

/**
 * Make the card; what it shows never changes.
 * @param {AnyLab} lab
 * @returns {HTMLElement}
 */
export function render(lab) {
  const stored = /** @type {Stored} */ (storedOf(lab, "code"));
  const said = sentenceOf(stored);
  const frame = card("A model that has read code", said);
  const view = chart.render(frame.element.appendChild(h("div")), "code-stored", { embedded: true });
  view.update(chartOf(stored), said);
  frame.element.append(
    measuredBy({
      script: "swa_viz/experiments/stored_code.py",
      stored: "swa_viz/experiments/stored_code.json",
      data: stored,
    }),
  );
  return frame.element;
}
