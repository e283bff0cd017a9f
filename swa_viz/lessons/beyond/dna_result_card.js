// What a base costs at each window on held-out DNA, and what a base of a second copy costs at each distance.

/** @import { ChartData } from "../../web/views/chart.js" */
/** @import { Stored } from "./dna_words.js" */

import { mean } from "../../experiments/runs_together.js";
import { card, h } from "../../web/core/dom.js";
import { straightAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { measuredBy } from "../../web/views/measured_by.js";
import { spreadLine } from "../../web/views/spread_line.js";
import { thousands } from "../../wording/numbers.js";

/** The looks of the windows whose second copies are drawn, the smallest first. */
const LOOKS = ["chosen", "reach_a", "reach_c", "sinks", "full"];
/** Full attention stands beyond the largest window, where it would be if it doubled. */
const BEYOND = 256;

/** @param {number | null} window */
const nameOf = (window) => (window === null ? "full" : `W = ${window}`);

/** @type {(low: number, high: number) => string} */
const overSeeds = (low, high) => `${low.toFixed(3)} to ${high.toFixed(3)} over seeds`;

/**
 * @param {Stored} stored
 * @param {number} at
 */
const bitsAt = ({ bits }, at) => bits.map((seed) => seed[at]);

/**
 * @param {Stored} stored
 * @returns {ChartData}
 */
function bitsChart(stored) {
  const places = stored.windows.map((window) => window ?? BEYOND);
  const all = stored.windows.map((_, at) => bitsAt(stored, at));
  const marks = stored.windows.flatMap((window) =>
    window === null || Math.log2(window) % 1 === 0
      ? [/** @type {[number, string]} */ ([window ?? BEYOND, window === null ? "full" : `${window}`])]
      : [],
  );
  const x = { title: "Window W (bases)", ends: /** @type {[number, number]} */ ([1, BEYOND]), marks };
  const y = straightAxis("bits a base", all.flat());
  return { x, y, unit: "bits", lines: [spreadLine("window", "held-out DNA, no copy planted", places, all, overSeeds)] };
}

/**
 * @param {Stored} stored
 * @returns {ChartData}
 */
function copiesChart({ copy_windows, distances, copies }) {
  const lines = copy_windows.map((window, at) => {
    const all = distances.map((_, i) => copies.map((seed) => seed[at][i]));
    return spreadLine(LOOKS[at], nameOf(window), distances, all, overSeeds);
  });
  const x = {
    title: "Distance between the copies (bases)",
    ends: /** @type {[number, number]} */ ([distances[0], distances[distances.length - 1]]),
    marks: distances.map((each) => /** @type {[number, string]} */ ([each, `${each}`])),
  };
  return { x, y: straightAxis("bits a base of the second copy", [0, 2.2]), unit: "bits", lines };
}

/**
 * @param {Stored} stored
 * @returns {string}
 */
function bitsSentence(stored) {
  const { windows, how } = stored;
  const [one, four, twelve, full] = [1, 4, 12, null].map((window) => mean(bitsAt(stored, windows.indexOf(window))));
  return (
    `${how.genome}, ${thousands(how.counted)} bases that no model has learned: a base costs ${one.toFixed(3)} bits ` +
    `(perplexity ${(2 ** one).toFixed(2)} of 4) with W = 1, ${four.toFixed(3)} with W = 4, ${twelve.toFixed(3)} with ` +
    `W = 12 and ${full.toFixed(3)} (${(2 ** full).toFixed(2)}) in full attention. Means of ${how.seeds} seeds; ` +
    "bars go from the lowest to the highest. Each model learned in windows of many sizes; one that learns in a " +
    "single size can do better at that size."
  );
}

/**
 * @param {Stored} stored
 * @returns {string}
 */
function copiesSentence({ copy_windows, distances, copies, how }) {
  const costAt = (/** @type {number | null} */ window, /** @type {number} */ distance) =>
    mean(copies.map((seed) => seed[copy_windows.indexOf(window)][distances.indexOf(distance)])).toFixed(2);
  return (
    `${how.motif} bases were planted a second time in ${how.copies} held-out stretches. A base of the second copy, ` +
    `after its first ${how.recognised}, costs ${costAt(null, 96)} bits in full attention if the copies lie 96 bases ` +
    `apart, ${costAt(128, 96)} with W = 128 and ${costAt(32, 96)} with W = 32. The bases themselves were made to ` +
    "repeat; nothing else in the stretch was changed."
  );
}

/**
 * A card whose picture never changes.
 * @param {string} title
 * @param {string} said
 * @param {string} name - Of the picture.
 * @param {ChartData} data
 * @param {Stored} stored
 */
function chartCard(title, said, name, data, stored) {
  const frame = card(title, said);
  chart.render(frame.element.appendChild(h("div")), name, { embedded: true }).update(data, said);
  frame.element.append(sourceOf(stored));
  return frame.element;
}

/**
 * @param {Stored} stored
 * @returns {HTMLElement}
 */
export const renderBits = (stored) =>
  chartCard("What do near bases tell?", bitsSentence(stored), "dna-windows", bitsChart(stored), stored);

/**
 * @param {Stored} stored
 * @returns {HTMLElement}
 */
export const renderCopies = (stored) =>
  chartCard("Does a far copy help?", copiesSentence(stored), "dna-copies", copiesChart(stored), stored);

/** @param {Stored} stored */
function sourceOf(stored) {
  const { how, windows, bits, copy_windows, distances, copies } = stored;
  return measuredBy({
    script: "training/dna.py",
    stored: "swa_viz/experiments/stored_dna.json",
    data: { how, windows, bits, copy_windows, distances, copies },
    how: `over ${how.seeds} seeds`,
  });
}
