// The card with the picture: quality against cost, a mark for every way to read.

/** @import { Cost, Option } from "../../experiments/choice.js" */
/** @import { ChartData, ChartLine } from "../../web/views/chart.js" */
/** @import { ChooseLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { needs } from "../../experiments/choice_words.js";
import { card, h } from "../../web/core/dom.js";
import { growingAxis, straightAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { line } from "../../web/views/plain_line.js";

/** The looks and the words of each schedule, from the simplest on. @type {readonly [string, string, string][]} */
const SCHEDULES = [
  ["windows", "window", "a window in every layer"],
  ["1 sink", "sink", "and the first token kept"],
  ["4 sinks", "sinks", "and the first 4 tokens kept"],
  ["1:1", "second", "every second layer full"],
  ["3:1", "fourth", "every fourth layer full"],
  ["5:1", "sixth", "every sixth layer full"],
  ["5:1 + 4 sinks", "sixth_sinks", "every sixth full, first 4 tokens kept"],
  ["full", "rival", "full attention"],
];

/** What each cost is called, and how much of it is one on its axis. @type {Record<Cost, [string, number]>} */
const AXES = {
  pairs: ["score pairs in all layers", 1],
  bytes: ["KV cache in KiB", 2 ** 10],
  seconds: ["milliseconds", 1e-3],
};

/** Bits per answer begin at 0, so equal steps serve them better. */
const HEIGHTS = { text: growingAxis, needle: straightAxis };

/** @type {Record<Cost, string>} */
const TITLES = { pairs: "score pairs", bytes: "the KV cache", seconds: "time" };

/**
 * A line through some options.
 * @param {Shown} shown
 * @param {string} role
 * @param {string} label
 * @param {readonly Option[]} options
 * @returns {ChartLine}
 */
function through({ cost }, role, label, options) {
  const [, one] = AXES[cost];
  const x = options.map((option) => option[cost] / one);
  const y = options.map(({ bits }) => bits);
  return line(role, label, x, y);
}

/**
 * All options of one schedule, with their intervals.
 * @param {Shown} shown
 * @param {readonly [string, string, string]} looks
 * @returns {ChartLine[]} None where none was measured.
 */
function scheduleLine(shown, [schedule, role, label]) {
  const options = shown.comparison.options.filter((option) => option.schedule === schedule);
  if (!options.length) return [];
  const notes = options.map((option) => {
    const size = option.window === null ? "" : `W = ${option.window}`;
    const more = shown.isReference(option) ? "" : needs(option, shown.quality.unit);
    return [size, more].filter(Boolean).join(", ");
  });
  const low = options.map(({ bits, margin }) => Math.max(bits - (margin ?? 0), 0));
  const high = options.map(({ bits, margin }) => bits + (margin ?? 0));
  return [{ ...through(shown, role, label, options), low, high, notes }];
}

/**
 * @param {Shown} shown
 * @returns {ChartData}
 */
function chartOf(shown) {
  const { comparison, choice, line, turn, cost, tolerance, named } = shown;
  const { unit } = shown.quality;
  const schedules = SCHEDULES.flatMap((looks) => scheduleLine(shown, looks));
  const costs = schedules.flatMap(({ x }) => x);
  const reference = comparison.options.find(shown.isReference);
  const ends = [Math.min(...costs), Math.max(...costs)];
  const limit = (reference?.bits ?? NaN) + tolerance;
  const lines = [
    through(shown, "front", "Pareto front", line),
    ...(turn ? [through(shown, "knee", "knee of the front", [turn])] : []),
    ...schedules,
    {
      ...through(shown, "allowed", `${named} + ${tolerance.toFixed(3)}`, []),
      x: ends,
      y: [limit, limit],
    },
    through(shown, "chosen", "recommended", [choice.taken]),
  ];
  const heights = [...schedules.flatMap(({ low, high }) => [...low, ...high]), limit];
  return {
    x: growingAxis(`${AXES[cost][0]}, for ${comparison.n_tokens} tokens`, costs),
    y: HEIGHTS[comparison.quality](`${unit} (lower is better)`, heights),
    unit,
    lines,
  };
}

/**
 * Make the card.
 * @param {ChooseLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("", "");
  const view = chart.render(frame.element.appendChild(h("div")), "front", lab.data);
  /** @param {Shown} shown */
  function update(shown) {
    frame.heading.textContent = `Quality against ${TITLES[shown.cost]}`;
    frame.sentence.textContent =
      "Lower is better, and further left is cheaper. A bar is the 95 % confidence interval of the difference to " +
      `${shown.named}. The dashed line is what your tolerance allows.`;
    view.update(chartOf(shown), `${frame.heading.textContent}. ${frame.sentence.textContent}`);
  }
  return { element: frame.element, update };
}
