// How often the source of a passage is named rightly, and how long that takes, by the size of the window.

/** @import { ChartData, ChartLine } from "../../web/views/chart.js" */
/** @import { Reading, Shown, Stored } from "./books_words.js" */

import { atEach, mean } from "../../experiments/runs_together.js";
import { card, h } from "../../web/core/dom.js";
import { growingAxis, straightAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { measuredBy } from "../../web/views/measured_by.js";
import { line } from "../../web/views/plain_line.js";
import { spreadLine } from "../../web/views/spread_line.js";
import { percent, thousands } from "../../wording/numbers.js";
import { windowWords } from "./books_words.js";

/** The looks and the words of each reading. @type {[Reading, string, string][]} */
const READINGS = [
  ["last", "window", "the answer of the last token"],
  ["all", "reach_c", "the scores of all tokens together"],
];
/** The looks of each length, the shortest first. */
const LENGTH_ROLES = ["reach_c", "sinks", "window"];

/**
 * Where the windows stand on the axis: a window of the whole passage is full attention.
 * @param {Stored["windows"]} windows
 * @param {number} length - Of the passage.
 */
const sizesOf = (windows, length) => windows.map((size) => size ?? length);

/**
 * An axis with a mark at each size.
 * @param {readonly number[]} sizes
 * @param {string} last - The words of the largest.
 * @returns {ChartData["x"]}
 */
function sizeAxis(sizes, last) {
  const end = sizes[sizes.length - 1];
  return {
    title: "Window W (tokens)",
    ends: [sizes[0], end],
    marks: sizes.map((size) => [size, size === end ? last : thousands(size)]),
  };
}

/**
 * The window that is chosen, marked on the axis; full attention stands at the end of each line by itself.
 * @param {Stored["windows"]} windows
 * @param {number} at
 * @returns {NonNullable<ChartData["edges"]>}
 */
const edgesAt = (windows, at) => {
  const size = windows[at];
  return size === null ? [] : [{ at: size, words: `W = ${size}` }];
};

/**
 * @param {Stored} stored
 * @param {number} at
 * @returns {ChartData}
 */
function accuracyChart({ how, sources, windows, right }, at) {
  const sizes = sizesOf(windows, how.passage_len);
  const say = (/** @type {number} */ low, /** @type {number} */ high) =>
    `${percent(low)} to ${percent(high)} over seeds`;
  const lines = READINGS.map(([reading, role, label]) => spreadLine(role, label, sizes, atEach(right[reading]), say));
  const chance = line("chance", "chance", sizes, Array(sizes.length).fill(1 / sources.length));
  return {
    x: sizeAxis(sizes, "full"),
    y: straightAxis("named rightly", [0, 1]),
    unit: "of passages",
    lines: [...lines, chance],
    edges: edgesAt(windows, at),
  };
}

/**
 * @param {Stored} stored
 * @param {number} at
 */
function accuracySentence(stored, at) {
  const { how, right, sources } = stored;
  const whole = stored.windows.length - 1;
  const [last, all] = READINGS.map(([reading]) => atEach(right[reading]).map((all) => percent(mean(all))));
  /** @param {readonly string[]} shares */
  const both = (shares) => (at === whole ? "" : `${shares[at]} with ${windowWords(stored, at)} and `) + shares[whole];
  return (
    `Of ${how.held_out} held-out passages, the answer of the last token is right for ${both(last)} in full ` +
    `attention. The scores of all tokens together are right for ${both(all)}. Chance is ` +
    `${percent(1 / sources.length)}. These ` +
    `are means of ${how.seeds} seeds; bars go from the lowest to the highest. With W = 1 no token knows its ` +
    "neighbours, so that all tokens together are only a bag of words."
  );
}

/**
 * @param {Stored} stored
 * @param {number} at
 * @returns {ChartData}
 */
function timeChart({ windows, times }, at) {
  const longest = times.lengths[times.lengths.length - 1];
  const lines = times.lengths.map((length, i) => {
    const notes = times.kernels[i].map((kernel) => `kernel ${kernel}`);
    const plain = line(
      LENGTH_ROLES[i],
      `a passage of ${thousands(length)} tokens`,
      sizesOf(windows, length),
      times.ms[i],
    );
    return /** @type {ChartLine} */ ({ ...plain, low: times.low[i], high: times.high[i], notes });
  });
  const sizes = [...new Set([...sizesOf(windows, longest), ...times.lengths])].sort((a, b) => a - b);
  return {
    x: sizeAxis(sizes, thousands(longest)),
    y: growingAxis("ms a passage", [...times.low, ...times.high].flat()),
    unit: "ms",
    lines,
    edges: edgesAt(windows, at),
  };
}

/** @param {number} ms */
const inMs = (ms) => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;

/**
 * @param {Stored} stored
 * @param {number} at
 */
function timeSentence(stored, at) {
  const { lengths, ms, rounds, machine } = stored.times;
  const whole = stored.windows.length - 1;
  const said = [lengths.length - 1, 0].map((i) => {
    const [ours, full] = [ms[i][at], ms[i][whole]];
    const ratio = `${inMs(ours)} with ${windowWords(stored, at)}, which is ${(full / ours).toFixed(1)} times as fast`;
    const also = at === whole ? "" : ` and ${ratio}`;
    return `${thousands(lengths[i])} tokens take ${inMs(full)} in full attention${also}`;
  });
  return (
    `The whole model, from the tokens to the answers, by the fastest kernel for each window: ${said.join("; ")}. ` +
    "The shorter a passage, the less attention there is to save. Each line ends at its full attention. Each number " +
    `is the processor time of one thread, the median of ${rounds} rounds, and bars hold the middle half of them ` +
    `(${machine}).`
  );
}

/**
 * Make both cards.
 * @param {Stored} stored
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(stored) {
  const { how } = stored;
  const accuracy = card("How often is it right?", "");
  const accuracyView = chart.render(accuracy.element.appendChild(h("div")), "books-right", { embedded: true });
  const time = card("How long does it take?", "");
  const timeView = chart.render(time.element.appendChild(h("div")), "books-time", { embedded: true });
  const trained = h(
    "p",
    { class: "lead" },
    `The model has ${how.n_layers} layers and ${thousands(how.parameters)} parameters, most of them embeddings. It ` +
      `learned for ${thousands(how.steps)} steps of ${how.batch_size} passages to answer after every token; each ` +
      "step was read in one of these windows, drawn at random.",
  );
  accuracy.element.append(trained);
  const source = measuredBy({
    script: "training/books.py",
    stored: "swa_viz/experiments/stored_books.json",
    data: { ...stored, shown: undefined },
    how: `over ${how.seeds} seeds`,
  });
  return {
    element: h("section", {}, h("div", { class: "pair" }, accuracy.element, time.element), source),
    update({ at }) {
      accuracy.sentence.textContent = accuracySentence(stored, at);
      accuracyView.update(accuracyChart(stored, at), accuracy.sentence.textContent);
      time.sentence.textContent = timeSentence(stored, at);
      timeView.update(timeChart(stored, at), time.sentence.textContent);
    },
  };
}
