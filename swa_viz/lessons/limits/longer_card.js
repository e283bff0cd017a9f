// Longer than trained: five small models that differ in the window of their training alone, each read in
// every window, and on to four times the length of its training.  What was measured is stored.

/** @import { Axis, ChartLine } from "../../web/views/chart.js" */
/** @import { HeatData } from "../../web/views/heat.js" */
/** @import { LimitsLab } from "./controls.js" */

import { capitalised } from "../../patterns/schedule.js";
import { card, h } from "../../web/core/dom.js";
import * as chart from "../../web/views/chart.js";
import * as heat from "../../web/views/heat.js";
import { counted, thousands } from "../../wording/numbers.js";
import { straightAxis } from "../../web/views/axis.js";
import { line } from "../../web/views/plain_line.js";

/**
 * What several seeds say: their mean, the lowest and the highest.
 * @typedef {{mean: number, lowest: number, highest: number}} Spread
 *
 * What was stored of the family, in bits per byte: `matrix` has a row for each training and a column for
 * each reading, `curves` the same at each of `positions`.
 * @typedef {object} Family
 * @property {number} seeds
 * @property {readonly string[]} texts
 * @property {number} trained_len
 * @property {readonly number[]} positions - The last one of each step.
 * @property {Record<string, Record<string, Spread>>} matrix
 * @property {Record<string, Record<string, readonly Spread[]>>} curves
 */

/**
 * Each member, the window in which it is at home, the looks of its line, and its row.
 * @type {[name: string, readIn: string, role: string, row: string][]}
 */
const MEMBERS = [
  ["w8", "8", "window", "8"],
  ["w32", "32", "sinks", "32"],
  ["w128", "128", "second", "128"],
  ["full", "full", "full", "full"],
  ["random", "128", "mask", "any size"],
];

const ROWS = Object.fromEntries(MEMBERS.map(([name, , , row]) => [name, row]));
/** The second step: it is as far as in training, and no longer as short of a past as the first one. */
const AS_TRAINED = 1;
const DIGITS = 2;

/** @param {number} bits */
const say = (bits) => bits.toFixed(DIGITS);

/**
 * A number with three digits that is surely larger.
 * @param {number} number
 */
const above = (number) => (Math.floor(1000 * number + 1) / 1000).toFixed(3);

/** @param {readonly number[]} numbers */
const rangeWords = (numbers) => `${say(Math.min(...numbers))} to ${say(Math.max(...numbers))}`;

/** @param {string} readIn */
const attentionWords = (readIn) => (readIn === "full" ? "full attention" : `windows of ${readIn}`);

/** @param {string} name - Of a member. */
const trainedWords = (name) => `trained in ${attentionWords(ROWS[name])}`;

/** @param {readonly Spread[]} curve */
const means = (curve) => curve.map(({ mean }) => mean);

/** @param {number} seeds */
const seedWords = (seeds) => (seeds === 1 ? "one seed" : counted(seeds, "seed"));

/**
 * A curve with the lowest and the highest seed at each of its points.
 * @param {Family} family
 * @param {string} role
 * @param {string} label
 * @param {readonly Spread[]} curve
 * @returns {ChartLine}
 */
function curveLine({ positions, seeds }, role, label, curve) {
  const plain = line(role, label, positions, means(curve));
  if (seeds === 1) return plain;
  const [low, high] = [curve.map(({ lowest }) => lowest), curve.map(({ highest }) => highest)];
  return { ...plain, low, high };
}

/**
 * What was stored of the family for this lab.
 * @param {LimitsLab} lab
 * @returns {Family}
 */
const familyOf = (lab) => /** @type {Family} */ (lab.data.extra.family);

/**
 * Each in the attention of its training; and the one that was trained in full, in a window.
 * @param {Family} family
 * @returns {ChartLine[]}
 */
function ownLines(family) {
  const { curves } = family;
  const own = MEMBERS.filter(([name]) => name !== "random").map(([name, readIn, role]) =>
    curveLine(family, role, `${trainedWords(name)}, read so`, curves[name][readIn]),
  );
  return [...own, curveLine(family, "chosen", `${trainedWords("full")}, read in windows of 128`, curves.full["128"])];
}

/**
 * @param {Family} family
 * @returns {ChartLine[]}
 */
const fullLines = (family) =>
  MEMBERS.map(([name, , role]) => curveLine(family, role, trainedWords(name), family.curves[name].full));

/**
 * The positions of a step in words: "897 to 1,024".
 * @param {Family} family
 * @param {number} step
 */
const stepWords = ({ positions }, step) =>
  `${thousands((positions[step - 1] ?? 0) + 1)} to ${thousands(positions[step])}`;

/** @param {Family} family */
function ownSentence(family) {
  const last = family.positions.length - 1;
  const windowed = MEMBERS.filter(([, readIn]) => readIn !== "full").map(([name, readIn]) =>
    means(family.curves[name][readIn]),
  );
  const moved = Math.max(...windowed.map((curve) => Math.abs(curve[last] - curve[AS_TRAINED])));
  const [full, short] = ["full", "128"].map((readIn) => means(family.curves.full[readIn]));
  return (
    `From positions ${stepWords(family, AS_TRAINED)} to positions ${stepWords(family, last)}, what the models need ` +
    `in their windows changes by less than ${above(moved)} bits per byte. The one trained in full attention needs ` +
    `${say(full[AS_TRAINED])} bits per byte at first and ${say(full[last])} at the end, but ${say(short[last])} if ` +
    "it is read in windows of 128."
  );
}

/** @param {Family} family */
function fullSentence(family) {
  const last = family.positions.length - 1;
  const curves = MEMBERS.map(([name]) => means(family.curves[name].full));
  const ends = curves.map((curve) => curve[last]);
  const rises = curves.map((curve) => curve[last] - curve[AS_TRAINED]);
  return (
    `At positions ${stepWords(family, last)} the five need ${rangeWords(ends)} bits per byte in full attention. ` +
    `That is ${rangeWords(rises)} more than at positions ${stepWords(family, AS_TRAINED)}, where the texts of the ` +
    "training ended."
  );
}

/**
 * @param {Family} family
 * @param {string} title
 * @param {string} name - Of the view.
 * @param {string} sentence
 * @param {ChartLine[]} lines
 * @param {Axis} y
 */
function curvesCard({ positions, trained_len: trained }, title, name, sentence, lines, y) {
  const frame = card(title, sentence);
  const view = chart.render(frame.element.appendChild(h("div")), name, { embedded: true });
  /** @type {Axis} */
  const x = {
    title: "up to this position in the text",
    ends: [positions[0], positions[positions.length - 1]],
    marks: positions.map((position) => [position, thousands(position)]),
    straight: true,
  };
  view.update({ x, y, unit: "bits per byte", lines, edges: [{ at: trained, words: "length in training" }] }, sentence);
  return frame.element;
}

/**
 * @param {Family} family
 * @returns {HeatData}
 */
function tableOf({ matrix, seeds }) {
  const names = MEMBERS.map(([name]) => name);
  const columns = Object.keys(matrix[names[0]]);
  const spreads = names.map((name) => columns.map((readIn) => matrix[name][readIn]));
  const values = spreads.map((row) => means(row));
  const every = values.flat();
  const [low, high] = [Math.min(...every), Math.max(...every)];
  const ticks = [low, (3 * low + high) / 4, high];
  return {
    corner: "trained in",
    across: "read in windows of",
    rows: MEMBERS.map(([, , , row]) => row),
    columns,
    values,
    unit: "bits per byte",
    range: [low, high],
    ticks: ticks.map((bits) => [bits, say(bits)]),
    write: say,
    say: (row, column) => {
      const { mean, lowest, highest } = spreads[row][column];
      const spread = seeds === 1 ? "" : ` (${lowest.toFixed(3)} to ${highest.toFixed(3)} over ${seedWords(seeds)})`;
      return (
        `${capitalised(trainedWords(names[row]))}, read in ${attentionWords(columns[column])}: ` +
        `${mean.toFixed(3)} bits per byte${spread}.`
      );
    },
    outlined: (row, column) => values[row][column] === Math.min(...values[row]),
    outline: "the best way to read this model",
  };
}

/** @param {Family} family */
function matrixCard(family) {
  const { matrix } = family;
  const sentence =
    "Each row is a model, each column the windows in which it is read. The one trained in windows of 8 needs " +
    `${say(matrix.w8["8"].mean)} bits per byte in windows of 8 and ${say(matrix.w8.full.mean)} in full attention. ` +
    `The one trained in full attention needs ${say(matrix.full["8"].mean)} in windows of 8 and ` +
    `${say(matrix.full.full.mean)} in full.`;
  const frame = card("Trained in one window, read in another", sentence);
  const view = heat.render(frame.element.appendChild(h("div")), "family");
  return { element: frame.element, update: () => view.update(tableOf(family), sentence) };
}

/**
 * Make the cards; what they show never changes, only its colours do.
 * @param {LimitsLab} lab
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function render(lab) {
  const family = familyOf(lab);
  const [own, full] = [ownLines(family), fullLines(family)];
  const y = straightAxis(
    "bits per byte (lower is better)",
    [...own, ...full].flatMap((each) => each.y),
  );
  const { seeds, texts, trained_len: trained } = family;
  const home = MEMBERS.slice(0, 4).map(([name, readIn]) => family.curves[name][readIn][AS_TRAINED].mean);
  const lead =
    `Five small models have the same sizes, texts and steps, and were trained on ${trained} tokens at a time. Only ` +
    `the window of their training differs. Each number is the mean over ${counted(texts.length, "held-out text")}, ` +
    `from ${seedWords(seeds)}${seeds === 1 ? "" : " (bars: lowest to highest)"}. They are so small that at positions ` +
    `${stepWords(family, AS_TRAINED)}, read as they were trained, they hardly differ (${rangeWords(home)} bits per ` +
    "byte): what a window costs in quality cannot be read from them.";
  const matrix = matrixCard(family);
  const charts = h(
    "div",
    { class: "pair" },
    curvesCard(family, "Each as it was trained", "longer-own", ownSentence(family), own, y),
    curvesCard(family, "All in full attention", "longer-full", fullSentence(family), full, y),
  );
  const heads = [h("h2", {}, "Longer than trained"), h("p", { class: "lead" }, lead)];
  return { element: h("section", {}, heads, charts, matrix.element), update: matrix.update };
}
