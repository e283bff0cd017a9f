// How long attention takes on grids of many sizes, in squares and everywhere, as it was timed once.

/** @import { Pattern } from "../../web/core/types.d.ts" */
/** @import { ChartData, ChartLine } from "../../web/views/chart.js" */

import { card, h } from "../../web/core/dom.js";
import { growingAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { measuredBy } from "../../web/views/measured_by.js";
import { line } from "../../web/views/plain_line.js";
import { listed } from "../../wording/text.js";

/**
 * One pattern on one square grid: of each way to compute it the fastest, the median and the slowest of its
 * milliseconds, or a note why it has none; the score pairs of one head, and how many `band_numba` computes for them.
 * @typedef {object} Timed
 * @property {string} name
 * @property {number} side
 * @property {Pattern} pattern
 * @property {number} pairs
 * @property {number} scored
 * @property {Readonly<Record<string, readonly [number, number, number]>>} times
 * @property {Readonly<Record<string, string>>} notes
 * @property {readonly string[]} disturbed
 *
 * All of them, the smallest grid first, and how they were timed.  `refusals`: the kernels that cannot, and why.
 * @typedef {{machine: string, n_heads: number, head_dim: number, rounds: number,
 *   refusals: Readonly<Record<string, string>>, grids: readonly Timed[]}} Times
 *
 * A time of one pattern on one grid.
 * @typedef {{side: number, way: string, low: number, ms: number, high: number, odd: boolean}} Point
 */

const KERNEL = "band_numba";
/** The looks and the words of each line. @type {readonly [name: string, role: string, label: string][]} */
const LINES = [
  ["all", "full", "everything"],
  ["window-13", "own_full", "window of 13 × 13"],
  ["window-7", "window", "window of 7 × 7"],
  ["window-3", "second", "window of 3 × 3"],
  ["chunks-8", "sinks", "chunks of 8 × 8"],
];
/** The window of which the sentences speak. */
const STATED = "window-7";

/**
 * The time of one way.
 * @param {Timed} timed
 * @param {string} way
 * @returns {Point[]} None where it could not.
 */
function pointsOf({ side, times, disturbed }, way) {
  if (!times[way]) return [];
  const [low, ms, high] = times[way];
  return [{ side, way, low, ms, high, odd: disturbed.includes(way) }];
}

/**
 * The fastest way on each grid.
 * @param {Times} times
 * @param {string} name
 * @param {readonly string[]} [ways] - Only these.
 */
const fastest = ({ grids }, name, ways) =>
  grids
    .filter((timed) => timed.name === name)
    .flatMap((timed) => {
      const all = (ways ?? Object.keys(timed.times)).flatMap((way) => pointsOf(timed, way));
      return all.sort((one, other) => one.ms - other.ms).slice(0, 1);
    });

/** @param {number} ms */
const duration = (ms) => (ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`);

/** @param {number} times */
const timesWords = (times) => `${times < 10 ? times.toFixed(1) : Math.round(times)} times`;

/**
 * @param {string} role
 * @param {string} label
 * @param {readonly Point[]} points
 * @returns {ChartLine}
 */
function lineOf(role, label, points) {
  const [x, y] = [points.map(({ side }) => side ** 2), points.map(({ ms }) => ms)];
  return {
    ...line(role, label, x, y),
    low: points.map(({ low }) => low),
    high: points.map(({ high }) => high),
    hollow: points.map(({ odd }) => odd),
    notes: points.map(({ way }) => way),
  };
}

/**
 * @param {Times} times
 * @returns {ChartData}
 */
function chartOf(times) {
  const lines = LINES.map(([name, role, label]) => lineOf(role, label, fastest(times, name)));
  lines.push(lineOf("mask", "window of 7 × 7 as a mask", fastest(times, STATED, ["sdpa_mask"])));
  const sides = [...new Set(times.grids.map(({ side }) => side))];
  const places = sides.map((side) => side ** 2);
  const x = growingAxis("Places of the grid", places);
  return {
    x: { ...x, marks: sides.map((side) => [side ** 2, `${side}²`]) },
    y: growingAxis(
      "ms of one layer",
      lines.flatMap(({ low, high }) => [...low, ...high]),
    ),
    unit: "ms",
    lines,
  };
}

/**
 * The largest grid in one sentence: what the window saves, and what counting would allow.
 * @param {Times} times
 */
function finding(times) {
  const [window, all] = [STATED, "all"].map((name) => fastest(times, name).slice(-1)[0]);
  const [few, many] = [STATED, "all"].map(
    (name) => times.grids.find((each) => each.name === name && each.side === window.side)?.pairs ?? 0,
  );
  const faster = all.ms / window.ms;
  const verdict = faster > 1 ? `${timesWords(faster)} as long` : "no longer";
  return (
    `On ${window.side} × ${window.side} places a window of 7 × 7 takes ${duration(window.ms)}, and reading ` +
    `everything ${duration(all.ms)}: ${verdict}. Counted in score pairs it is ${timesWords(many / few)} as much.`
  );
}

/**
 * Where the rest of the saving stays: what the kernel computes in vain, and what a mask saves.
 * @param {Times} times
 */
function reasons(times) {
  const largest = /** @type {Timed} */ (times.grids.filter(({ name }) => name === STATED).slice(-1)[0]);
  const { pairs, scored, side, notes } = largest;
  const masked = fastest(times, STATED, ["sdpa_mask"]).slice(-1)[0];
  const plain = fastest(times, "all", ["sdpa"]).find((each) => each.side === masked.side);
  const without = notes.sdpa_mask ? ` On ${side} × ${side} places the mask is ${notes.sdpa_mask}.` : "";
  const mask = plain
    ? ` As a mask for torch's attention the same window takes ${(masked.ms / plain.ms).toFixed(1)} times as long as ` +
      `everything without a mask, on ${masked.side} × ${masked.side} places: torch scores every pair, and most in vain.`
    : "";
  const refused = Object.entries(times.refusals).map(([name, reason]) => `${name} (${reason})`);
  const others = refused.length ? ` These cannot compute the window at all: ${listed(refused)}.` : "";
  return (
    `${KERNEL} walks the rows of the square, for some neighbouring queries at once. So it computes ` +
    `${(scored / pairs).toFixed(1)} pairs for each pair of the 7 × 7 window.${mask}${without}${others}`
  );
}

/** @param {Times} times */
function howText(times) {
  const ways = LINES.flatMap(([name]) => fastest(times, name).map(({ way }) => way));
  return (
    `Shown is the fastest way of each, which is ${listed([...new Set(ways)])}; sdpa is torch's attention without a ` +
    `mask. Each number is the median of up to ${times.rounds} rounds, as time of the processor on one thread, with ` +
    `${times.n_heads} heads of ${times.head_dim} numbers; a bar goes from the fastest round to the slowest. The ` +
    `machine: ${times.machine}.`
  );
}

/**
 * Make the card; what it shows never changes.
 * @param {Times} times
 * @returns {HTMLElement}
 */
export function timesCard(times) {
  const found = finding(times);
  const frame = card("Is a square window faster?", found);
  const view = chart.render(frame.element.appendChild(h("div")), "image-times", { embedded: true });
  const source = measuredBy({
    ...{ script: "swa_viz/timing/grids.py", stored: "swa_viz/timing/grids.json", data: times },
  });
  frame.element.append(h("p", { class: "lead" }, reasons(times)), h("p", { class: "lead" }, howText(times)), source);
  view.update(chartOf(times), found);
  return frame.element;
}
