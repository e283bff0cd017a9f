// What is said of the models: each sentence is made from what was counted.

/** @import { Pattern } from "../../web/core/types.d.ts" */
/** @import { Counted, Shown } from "./shown.js" */

import { bandOf, looksAhead } from "../../patterns/pattern.js";
import { patternName } from "../../patterns/schedule.js";
import { headsOf } from "../../presets/preset.js";
import { amount, binarySize, counted, thousands } from "../../wording/numbers.js";
import { listed } from "../../wording/text.js";
import { keysIn } from "./shown.js";

/**
 * How many times more: "2.29 times", "12.4 times".
 * @param {number} ratio
 * @returns {string}
 */
export const timesText = (ratio) => `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1)} times`;

/**
 * A window in a few words: "W = 512", "chunks of 8,192", "64 keys on each side".
 * @param {Pattern} pattern
 * @returns {string}
 */
export function windowText(pattern) {
  if (looksAhead(pattern)) return `${thousands(bandOf(pattern)?.[0] ?? 0)} keys on each side`;
  return bandOf(pattern) ? `W = ${thousands(keysIn(pattern))}` : patternName(pattern);
}

/**
 * The layers of a model: "26 layers: 22 with a window W = 512, 4 full".
 * @param {Counted} model
 * @returns {string}
 */
export function layersText({ full, windows }) {
  const nFull = full.filter(Boolean).length;
  const rest = full.length - nFull;
  if (!rest) return `${full.length}, all full`;
  const named = listed(windows.map(windowText));
  return nFull ? `${full.length}: ${rest} with ${named}, ${nFull} full` : `${full.length}, all with ${named}`;
}

/**
 * The heads: query heads, heads whose keys and values are stored, and their width.
 * @param {Counted} model
 * @returns {string}
 */
export function headsText({ preset, full }) {
  const each = headsOf(preset);
  /** @param {number} i */
  const words = (i) => {
    const { n_heads: heads, n_kv_heads: stored, head_dim: key, value_dim: value } = each[i];
    return `${heads} / ${stored} / ${key === value ? key : `${key} and ${value}`}`;
  };
  const [local, whole] = [full.indexOf(false), full.indexOf(true)];
  const some = [local, whole].filter((i) => i >= 0).map(words);
  return some[0] === (some[1] ?? some[0]) ? some[0] : `windows ${some[0]}; full ${some[1]}`;
}

/**
 * @param {Counted} model
 * @returns {string}
 */
export function reachText({ reach }) {
  if (reach === null) return "the whole text";
  return reach === undefined ? "not counted here" : counted(reach, "token");
}

/**
 * @param {Counted} model
 * @returns {string}
 */
export function thumbText({ reach, rounded }) {
  if (typeof reach !== "number" || rounded === undefined) return "does not apply";
  return `${thousands(rounded)} (${thousands(rounded - reach)} too many)`;
}

/**
 * What is special about a model, in a few words.
 * @param {Counted} model
 * @returns {string[]}
 */
export function marksOf({ preset, full }) {
  const { nope_layers: silent, sink_logits: sinks, shared_kv_layers: shared, key_is_value_layers: same } = preset;
  const whole = full.flatMap((isFull, i) => (isFull ? [i] : []));
  const inFull = String(silent) === String(whole) ? "in its full layers" : `in ${counted(silent.length, "layer")}`;
  return [
    silent.length ? `no positions ${inFull}` : "",
    sinks ? "sink logits" : "",
    shared.length ? `${counted(shared.length, "layer")} store nothing of their own` : "",
    same.length ? "values made from keys in full layers" : "",
  ].filter(Boolean);
}

/**
 * What a model must keep.
 * @param {Counted} model
 */
function keptText({ preset: { label }, bytes, windows }) {
  if (!bytes) return `${label} is an encoder: it generates nothing, so it keeps nothing.`;
  const { windowed, full } = bytes;
  if (!windows.length) return `${label} has no windows and keeps ${binarySize(full)}.`;
  if (windowed === full) return `${label} keeps ${binarySize(full)}: no window is shorter than this text.`;
  const saved = timesText(full / windowed);
  return `${label} keeps ${binarySize(windowed)}, ${saved} less than without its windows.`;
}

/**
 * How far a model reaches.
 * @param {Counted} model
 * @param {number} tokens
 */
function farText({ preset: { label }, full, reach }, tokens) {
  const nFull = full.filter(Boolean).length;
  if (nFull === full.length) return `Every layer of ${label} reads the whole text.`;
  if (nFull)
    return `In ${label}, ${nFull} full ${nFull === 1 ? "layer brings" : "layers bring"} the whole text into reach.`;
  if (typeof reach !== "number") return "";
  const rest = reach >= tokens ? "which is more than this text" : "and nothing older can matter";
  return `${label} reaches at most ${counted(reach, "token")}, ${rest}.`;
}

/**
 * The sentences above the comparison.
 * @param {Shown} shown
 * @returns {string[]}
 */
export function verdict({ first, second, tokens }) {
  const each = first.name === second.name ? [first] : [first, second];
  return [
    `With ${counted(tokens, "token")}, and keys and values in bfloat16:`,
    ...each.map(keptText),
    ...each.map((model) => farText(model, tokens)),
  ].filter(Boolean);
}

/**
 * A number of the model with what its windows save: "58.7 million (2.29 times fewer)".
 * @param {{windowed: number, full: number}} both
 * @param {(number: number) => string} [say]
 * @returns {string}
 */
export function savedText({ windowed, full }, say = amount) {
  return windowed === full ? say(full) : `${say(windowed)} (${timesText(full / windowed)} fewer)`;
}
