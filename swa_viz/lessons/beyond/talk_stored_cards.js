// How often a model still finds what was said early, for windows of some sizes, as it was measured once.

/** @import { ChartData, ChartLine } from "../../web/views/chart.js" */
/** @import { AnyLab } from "../../web/lab.js" */

import { mean } from "../../experiments/runs_together.js";
import { card, h } from "../../web/core/dom.js";
import { straightAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { measuredBy } from "../../web/views/measured_by.js";
import { line } from "../../web/views/plain_line.js";
import { spreadLine } from "../../web/views/spread_line.js";
import { counted, percent } from "../../wording/numbers.js";
import { storedOf } from "./kind.js";

/**
 * The share of the right answer in each text: for each window, and then for each answer that is right in turn.
 * @typedef {Record<string, readonly (readonly number[])[]>} Shares
 * @typedef {"who" | "document" | "about"} Group
 * @typedef {"window" | "four sinks" | "every sixth full, four sinks"} Case
 * @typedef {{n_layers: number, lengths: Record<Group, Record<string, [number, number]>>} & Record<string, any>} Model
 * @typedef {{how: {answers: Record<Group, number>}, windows: readonly number[], models: Record<string, Model>}} Stored
 */

const NAME = "smollm2-135m";
/** The window of which the sentences speak. */
const STATED = 16;
/** @type {[Group, string, string][]} */
const GROUPS = [
  [
    "who",
    "Who said it?",
    "Conversations of three speakers: the first sentence is repeated at the end, and who said it",
  ],
  ["document", "What did the document say?", "Documents: a fact of the first sentence is asked for at the end"],
  ["about", "What was the meeting about?", "A meeting: what its beginning was about, asked at the end"],
];
/** The looks and the words of each case. @type {[Case, string, string][]} */
const LINES = [
  ["window", "window", "a window in every layer"],
  ["four sinks", "sinks", "and the first 4 tokens stay visible"],
  ["every sixth full, four sinks", "sixth_sinks", "every sixth layer full, first 4 tokens visible"],
];
const TOP = 1.05;

/**
 * The mean share in each text, at one window.
 * @param {Shares} shares
 * @param {number} at - The place of the window.
 */
const inTexts = (shares, at) => Object.values(shares).map((windows) => mean(windows[at]));

/**
 * @param {Stored} stored
 * @param {Group} group
 * @returns {ChartData}
 */
function chartOf({ how, windows, models }, group) {
  const model = models[NAME];
  /** @type {(role: string, label: string, sharesAt: (at: number) => number[]) => ChartLine} */
  const lineOf = (role, label, sharesAt) =>
    spreadLine(
      role,
      label,
      windows,
      windows.map((_, at) => sharesAt(at)),
    );
  const cases = LINES.map(([which, role, label]) =>
    lineOf(role, label, (at) => inTexts(model[`${group}: ${which}`], at)),
  );
  const x = {
    title: "Window W (keys)",
    ends: /** @type {[number, number]} */ ([windows[0], windows[windows.length - 1]]),
    marks: windows.map((size) => /** @type {[number, string]} */ ([size, `${size}`])),
  };
  /** @type {[number, number]} */
  const ends = [0, TOP];
  const lines = [
    ...cases,
    lineOf("full", "full attention in every layer", () => inTexts(model[`${group}: full`], 0)),
    line("chance", "chance", windows, Array(windows.length).fill(1 / how.answers[group])),
  ];
  return { x, y: { ...straightAxis("share of the right answer", [0, 1]), ends }, unit: "", lines };
}

/**
 * @param {Stored} stored
 * @param {Group} group
 * @param {string} what
 */
function sentenceOf({ how, windows, models }, group, what) {
  const model = models[NAME];
  const at = windows.indexOf(STATED);
  const texts = Object.values(model.lengths[group]);
  const after = Math.min(...texts.map(([, each]) => each));
  const full = percent(mean(inTexts(model[`${group}: full`], 0)));
  const [plain, , repaired] = LINES.map(([which]) => percent(mean(inTexts(model[`${group}: ${which}`], at))));
  return (
    `${what} (${counted(texts.length, "text")}, at least ${after} tokens later). The right ` +
    `one of ${how.answers[group]} answers gets ${full} in full attention and ${plain} with W = ${STATED} in every ` +
    `layer; with every sixth layer full and the first 4 tokens visible ${repaired}.`
  );
}

/**
 * Make the cards; what they show never changes.
 * @param {AnyLab} lab
 * @returns {HTMLElement}
 */
export function render(lab) {
  const stored = /** @type {Stored} */ (storedOf(lab, "talk"));
  const cards = GROUPS.map(([group, title, what]) => {
    const said = sentenceOf(stored, group, what);
    const frame = card(title, said);
    const view = chart.render(frame.element.appendChild(h("div")), `talk-${group}`, { embedded: true });
    view.update(chartOf(stored, group), said);
    return frame.element;
  });
  const lead =
    `Read by ${NAME}, which was trained in full attention. Each answer is right in turn, so nothing but chance is ` +
    "left where the beginning cannot arrive. Where the first 4 tokens stay visible, they belong to the beginning and " +
    "may tell something of it. Bars go from the lowest text to the highest.";
  return h(
    "section",
    {},
    h("h2", {}, "Long texts in a larger model"),
    h("p", { class: "lead" }, lead),
    h("div", { class: "trio" }, cards),
    measuredBy({
      script: "swa_viz/experiments/stored_talk.py",
      stored: "swa_viz/experiments/stored_talk.json",
      data: stored,
    }),
  );
}
