// The colour scale of a stage, with its numbers, and how numbers become colours.

/** @import { Pattern } from "../core/types.d.ts" */

import { statedBy } from "../../patterns/pattern.js";
import { h } from "../core/dom.js";
import { rgb, scaleColour } from "../core/theme.js";

/**
 * A run of the model, as far as the scale asks about it.
 * @typedef {object} Numbers
 * @property {number} seqLen
 * @property {(layer: number, head: number, query: number, key: number) => number} value
 */

/**
 * How numbers become colours.
 * @typedef {object} Scale
 * @property {number[]} range - The lowest and the highest number.
 * @property {(share: number) => number} bend - What becomes of a share of the range before it is a colour.
 * @property {string} unit - What the numbers are.
 * @property {() => HTMLElement} draw - Makes the legend.
 * @property {string} looks - Legends with equal looks are the same.
 */

const STEPS = 24;
const TICKS = 5;

/**
 * Weights are shown on a square-root scale from 0 to 1, so that small ones can be told apart;
 * scores on a straight scale between the smallest and the largest.
 * @param {{stage: string, layer: number, head: number}} values - What is on screen.
 * @param {Pattern} pattern - That of the layer.
 * @param {Numbers} full - The run with full attention.
 * @param {Numbers | null} windowed - The other run, as soon as it is there.
 * @returns {Scale}
 */
export function legend({ stage, layer, head }, pattern, full, windowed) {
  const weights = stage === "weights";
  const traces = windowed ? [full, windowed] : [full];
  const range = weights ? [0, 1] : extent(traces, layer, head);
  const unit = weights ? "weight" : "score";
  return {
    range,
    bend: weights ? Math.sqrt : (share) => share,
    unit,
    draw: () => drawn(weights, range, pattern),
    looks: `${unit} ${range} ${pattern.kind}`,
  };
}

/**
 * The smallest and the largest finite value of one head in some runs.
 * @param {Numbers[]} traces
 * @param {number} layer
 * @param {number} head
 */
function extent(traces, layer, head) {
  let [low, high] = [Infinity, -Infinity];
  for (const trace of traces)
    for (let query = 0; query < trace.seqLen; query++)
      for (let key = 0; key < trace.seqLen; key++) {
        const value = trace.value(layer, head, query, key);
        if (!Number.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
  return low < high ? [low, high] : [0, 1];
}

/**
 * @param {boolean} weights - Else scores.
 * @param {number[]} range
 * @param {Pattern} pattern
 */
function drawn(weights, range, pattern) {
  const { hiddenWords, pinnedWords } = statedBy(pattern);
  const stops = Array.from({ length: STEPS + 1 }, (_, i) => `${rgb(scaleColour(i / STEPS))} ${(100 * i) / STEPS}%`);
  return h(
    "div",
    { class: "scale" },
    h("span", { class: "scale-name" }, weights ? "weight (square-root scale)" : "score (query · key / √head_dim)"),
    h("div", { class: "ramp", style: `background:linear-gradient(90deg, ${stops.join(",")})` }),
    h("div", { class: "ticks" }, ticks(weights, range)),
    h(
      "ul",
      { class: "keys" },
      entry("outside", hiddenWords),
      entry("pinned", pinnedWords && `★ ${pinnedWords}`),
      entry("row", "the query's row"),
      entry("pending", "read, its number still on the way"),
    ),
  );
}

/**
 * The numbers below the scale.
 * @param {boolean} weights
 * @param {number[]} range
 */
function ticks(weights, [low, high]) {
  return Array.from({ length: TICKS }, (_, i) => {
    const place = i / (TICKS - 1);
    const value = low + (weights ? place * place : place) * (high - low);
    return h("span", {}, value.toFixed(weights ? 2 : 1));
  });
}

/**
 * One line of the legend, or none without words.
 * @param {string} name - Of the swatch.
 * @param {string | null} words
 */
function entry(name, words) {
  return words ? h("li", {}, h("i", { class: `swatch ${name}` }), words) : null;
}
