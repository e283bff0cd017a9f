// The card with the picture: quality against cost, a mark for every way to read.

/** @import { Cost, Option } from "../../experiments/choice.js" */
/** @import { ChartData, ChartLine } from "../../web/views/chart.js" */
/** @import { ChooseLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { needs } from "../../experiments/choice_words.js";
import { card, h } from "../../web/core/dom.js";
import { growingAxis, straightAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { yoursText } from "./yours.js";
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
const YOURS = /** @type {const} */ (["yours", "your own schedule"]);

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
 * Options with their intervals.
 * @param {Shown} shown
 * @param {readonly Option[]} options
 * @param {string} role
 * @param {string} label
 * @returns {ChartLine[]} None where none was measured.
 */
function optionsLine(shown, options, role, label) {
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
 * A line for each schedule that was measured; whatever is not one of ours is the visitor's own.
 * @param {Shown} shown
 */
function scheduleLines(shown) {
  const { options } = shown.comparison;
  const known = SCHEDULES.flatMap(([name, role, label]) =>
    optionsLine(
      shown,
      options.filter(({ schedule }) => schedule === name),
      role,
      label,
    ),
  );
  const own = options.filter((option) => SCHEDULES.every(([name]) => name !== option.schedule));
  return [...known, ...optionsLine(shown, own, ...YOURS)];
}

/**
 * Where the visitor's own schedule stands on the axis of costs while its quality is not measured.
 * @param {Shown} shown
 */
function ownEdges({ yours, cost }) {
  const counted = yours?.costs[cost];
  return yours && !yours.measured && counted ? [{ at: counted / AXES[cost][1], words: "yours" }] : [];
}

/**
 * @param {Shown} shown
 * @returns {ChartData}
 */
function chartOf(shown) {
  const { comparison, choice, line, turn, cost, tolerance, named } = shown;
  const { unit } = shown.quality;
  const schedules = scheduleLines(shown);
  const edges = ownEdges(shown);
  const costs = [...schedules.flatMap(({ x }) => x), ...edges.map(({ at }) => at)];
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
    edges,
  };
}

/**
 * @param {ChooseLab} lab
 * @param {Shown} shown
 */
function ownText(lab, { model, comparison, yours, problem, words, quality, named }) {
  if (problem) return `Your own schedule does not fit ${model}. ${problem}`;
  return yours ? yoursText(yours, comparison, words, { unit: quality.unit, named, served: lab.data.served }) : "";
}

/**
 * Make the card.
 * @param {ChooseLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("", "");
  const view = chart.render(frame.element.appendChild(h("div")), "front", lab.data);
  const own = frame.element.appendChild(h("p", { class: "finding own-schedule", role: "status" }));
  /** @param {Shown} shown */
  function update(shown) {
    frame.heading.textContent = `Quality against ${TITLES[shown.cost]}`;
    frame.sentence.textContent =
      "Lower is better, and further left is cheaper. A bar is the 95 % confidence interval of the difference to " +
      `${shown.named}. The dashed line is what your tolerance allows.`;
    own.textContent = ownText(lab, shown);
    view.update(chartOf(shown), `${frame.heading.textContent}. ${frame.sentence.textContent}`);
  }
  return { element: frame.element, update };
}
