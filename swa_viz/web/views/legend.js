// The colour scale of a stage, with its numbers, and how numbers become colours.

/** @import { Pattern } from "../core/types.d.ts" */

import { pairsOf } from "../../cost.js";
import { isPinned, statedBy } from "../../patterns/pattern.js";
import { h } from "../core/dom.js";
import { rampOf } from "../core/scale.js";
import { palette } from "../core/theme.js";
import { keysOf } from "./keys.js";

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
 * @property {string} unit - What the numbers are: "weight" or "score".
 */

/**
 * What the legend explains.
 * @typedef {object} Explained
 * @property {Scale} scale
 * @property {Pattern} pattern - That of the layer.
 * @property {Pattern} full - Full attention, beside which it is shown.
 * @property {number} seqLen
 * @property {boolean} pending - Are numbers on their way?
 */

const TICKS = 5;
/** @type {Record<string, string>} */
const NAMES = { weight: "weight (square-root scale)", score: "score (query · key / √head_dim)" };

/**
 * Weights are shown on a square-root scale from 0 to 1, so that small ones can be told apart;
 * scores on a straight scale between the smallest and the largest.
 * @param {{stage: string, layer: number, head: number}} values - What is on screen.
 * @param {Numbers} full - The run with full attention.
 * @param {Numbers | null} windowed - The other run, as soon as it is there.
 * @returns {Scale}
 */
export function scaleFor({ stage, layer, head }, full, windowed) {
  if (stage === "weights") return { range: [0, 1], bend: Math.sqrt, unit: "weight" };
  const runs = windowed ? [full, windowed] : [full];
  return { range: extent(runs, layer, head), bend: (share) => share, unit: "score" };
}

/**
 * The smallest and the largest finite value of one head in some runs.
 * @param {Numbers[]} runs
 * @param {number} layer
 * @param {number} head
 */
function extent(runs, layer, head) {
  let [low, high] = [Infinity, -Infinity];
  for (const run of runs)
    for (let query = 0; query < run.seqLen; query++)
      for (let key = 0; key < run.seqLen; key++) {
        const value = run.value(layer, head, query, key);
        if (!Number.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
  return low < high ? [low, high] : [0, 1];
}

/**
 * Show a legend in an element, and keep it up to date.
 * @param {HTMLElement} element
 * @returns {{update: (explained: Explained) => void}}
 */
export function render(element) {
  const name = h("span", { class: "scale-name" });
  const ramp = h("div", { class: "ramp" });
  const ticks = Array.from({ length: TICKS }, () => h("span"));
  const keys = keysOf({ outside: "", pinned: "", row: "the query's row", pending: "" });
  element.replaceChildren(h("div", { class: "scale" }, name, ramp, h("div", { class: "ticks" }, ticks), keys.element));
  let looks = "";

  /** @param {Explained} explained */
  function update(explained) {
    const { scale, pending } = explained;
    const gradient = rampOf(palette(element));
    const next = `${scale.unit} ${scale.range} ${gradient}`;
    if (next !== looks) {
      looks = next;
      name.textContent = NAMES[scale.unit];
      ramp.style.background = gradient;
      ticks.forEach((tick, i) => (tick.textContent = tickText(scale, i / (TICKS - 1))));
    }
    keys.say("outside", outsideText(explained));
    keys.say("pinned", pinnedText(explained));
    keys.say("pending", pending ? "read, its number still on the way" : "");
  }
  return { update };
}

/**
 * The number at a place of the scale, which is where its colour stands.
 * @param {Scale} scale
 * @param {number} place - From 0 to 1.
 */
function tickText({ range: [low, high], unit }, place) {
  const isWeight = unit === "weight";
  const value = low + (isWeight ? place * place : place) * (high - low);
  return value.toFixed(isWeight ? 2 : 1);
}

/**
 * What the hidden cells are, while there are some.
 * @param {Omit<Explained, "scale" | "pending">} shown
 * @returns {string}
 */
export function outsideText({ pattern, full, seqLen }) {
  const isHidden = pairsOf(pattern, seqLen) < pairsOf(full, seqLen);
  return isHidden ? (statedBy(pattern).hiddenWords ?? "") : "";
}

/**
 * What the pinned tokens are, while there are some.
 * @param {Omit<Explained, "scale" | "pending">} shown
 * @returns {string}
 */
export function pinnedText({ pattern, seqLen }) {
  const words = statedBy(pattern).pinnedWords;
  const isThere = Array.from({ length: seqLen }, (_, key) => key).some((key) => isPinned(pattern, key));
  return words && isThere ? `★ ${words}` : "";
}
