// What was stored of windows in the prompt only, alone and beside two other repairs, and what is said of it.

/** @import { LimitsLab } from "./controls.js" */

/**
 * What was stored: bits per byte of what follows a prompt, text by text, for each window.  A name has a sign
 * for each switch that is on: prompt only, first tokens visible, every sixth layer full.
 * @typedef {"---" | "--f" | "-s-" | "-sf" | "p--" | "p-f" | "ps-" | "psf"} Switches
 * @typedef {{trained_window: number | null, full: readonly number[]} &
 *   Record<Switches, readonly (readonly number[])[]>} PrefillModel
 * @typedef {{texts: readonly string[], passages: number, prompt: number, later: number, sinks: number}} How
 * @typedef {{how: How, windows: readonly number[], models: Record<string, PrefillModel>}} Prefill
 */

import { mean } from "../../experiments/runs_together.js";

/** @type {readonly Switches[]} */
export const ROWS = ["---", "--f", "-s-", "-sf", "p--", "p-f", "ps-", "psf"];
const DIGITS = 2;

/**
 * What was stored for this lab.
 * @param {LimitsLab} lab
 * @returns {Prefill}
 */
export const prefillOf = (lab) => /** @type {Prefill} */ (lab.data.extra.prefill);

/**
 * The mean of the texts, as the page writes it.
 * @param {readonly number[]} texts
 * @returns {string}
 */
export const meanWords = (texts) => mean(texts).toFixed(DIGITS);

/**
 * The windows with which every text needs less than with any of the others.
 * @param {Prefill} prefill
 * @param {PrefillModel} model
 * @param {Switches} which
 * @param {readonly Switches[]} others
 */
const betterAt = ({ windows }, model, which, others) =>
  windows.filter((_, i) =>
    model[which][i].every((bits, text) => others.every((other) => bits < model[other][i][text])),
  );

/**
 * Some of the windows in words: "at each W", "at W = 16 and 32", "at no W".
 * @param {readonly number[]} some
 * @param {readonly number[]} all
 */
function atWords(some, all) {
  if (some.length === all.length) return "at each W";
  return some.length ? `at W = ${some.join(" and ")}` : "at no W";
}

/**
 * What is said of one model.
 * @param {Prefill} prefill
 * @param {PrefillModel} model
 * @returns {string}
 */
export function sentence(prefill, model) {
  const { windows } = prefill;
  const [plain, prompt, both] = /** @type {const} */ (["---", "p--", "ps-"]).map((name) => model[name][0]);
  const full = meanWords(model.full);
  if (model.trained_window !== null) {
    const worse = betterAt(prefill, model, "---", ["p--"]);
    return (
      `This model was trained in windows of ${model.trained_window} and needs ${full} bits per byte in full ` +
      `attention. With W = ${windows[0]} everywhere it needs ${meanWords(plain)}, and with the windows in the prompt ` +
      `only ${meanWords(prompt)}. That costs every text more ${atWords(worse, windows)}. What follows the prompt is ` +
      "then read in full attention, for which this model was not trained."
    );
  }
  const one = betterAt(prefill, model, "-s-", ["---"]);
  const other = betterAt(prefill, model, "p--", ["---"]);
  const together = betterAt(prefill, model, "ps-", ["-s-", "p--"]);
  return (
    `This model was trained in full attention, where it needs ${full} bits per byte. With W = ${windows[0]} ` +
    `everywhere it needs ${meanWords(plain)}. To keep the first tokens visible helps every text ` +
    `${atWords(one, windows)}. Windows in the prompt only help every text ${atWords(other, windows)}. Both together ` +
    `need ${meanWords(both)} at W = ${windows[0]}, and beat either alone on every text ${atWords(together, windows)}.`
  );
}

/**
 * What is said above both models.
 * @param {Prefill} prefill
 * @returns {string}
 */
export function lead({ how: { texts, passages, prompt, later, sinks } }) {
  return (
    "A long prompt is most of the work, so the windows can be laid on it alone: the tokens that follow then read all " +
    `keys. Three repairs, alone and together: windows in the prompt only, the first ${sinks} tokens visible, every ` +
    `sixth layer full. Measured on the ${later} tokens that follow a prompt of ${prompt}, in ${passages} held-out ` +
    `passages (${texts.join("; ")}). The script is swa_viz/experiments/stored_prefill.py.`
  );
}
