// What was stored of the forgotten instruction, and what is said of it, in words computed from the numbers.

/** @import { LimitsLab } from "./controls.js" */

import { exactReach } from "../../reach.js";
import { percent, thousands } from "../../wording/numbers.js";

/**
 * What was stored: the share of the right answer at each distance, for each needle.
 * @typedef {{n_tokens: number, window: number, small_window: number, distances: readonly number[]}} Prompt
 * @typedef {Record<string, readonly number[]>} Shares
 * @typedef {{n_layers: number, trained_window: number | null, prompt: Prompt} & Record<Case, Shares>} NeedleModel
 * @typedef {"full" | "window" | "four sinks" | "every sixth full, four sinks" | "prompt only" |
 *   "prompt only, four sinks" | "small window"} Case
 * @typedef {{needles: readonly string[], fillers: readonly string[], n_answers: number}} How
 * @typedef {{how: How, models: Record<string, NeedleModel>}} Needles
 */

/** Who gives the right answer more than all others together has recalled it. */
const RECALLED = 0.5;

/**
 * What was stored for this lab.
 * @param {LimitsLab} lab
 * @returns {Needles}
 */
export const needlesOf = (lab) => /** @type {Needles} */ (lab.data.extra.needle);

/**
 * The shares of all needles at one distance.
 * @param {Shares} shares
 * @param {number} at - Its place among the distances.
 * @returns {number[]}
 */
export const sharesAt = (shares, at) => Object.values(shares).map((each) => each[at]);

/**
 * How far back anything can be and still arrive, in tokens.
 * @param {number} window
 * @param {number} nLayers
 * @returns {number}
 */
export const ceilingOf = (window, nLayers) => exactReach(window, nLayers) - 1;

/**
 * The lowest and the highest share at the distances that pass.
 * @param {NeedleModel} model
 * @param {Case} which
 * @param {(distance: number) => boolean} [passes]
 * @returns {[number, number]}
 */
function rangeOf({ prompt, ...model }, which, passes = () => true) {
  const all = prompt.distances.flatMap((distance, at) => (passes(distance) ? sharesAt(model[which], at) : []));
  return [Math.min(...all), Math.max(...all)];
}

/** @param {[number, number]} range */
function rangeWords([low, high]) {
  const [from, to] = [percent(low), percent(high)];
  return from === to ? from : `${from} to ${to}`;
}

/**
 * Does the right answer get too little in full attention already?
 * @param {NeedleModel} model
 * @returns {boolean}
 */
export const cannotRecall = (model) => rangeOf(model, "full")[0] < RECALLED;

/**
 * What is said of one model.
 * @param {NeedleModel} model
 * @param {number} nAnswers
 * @returns {string}
 */
export function sentence(model, nAnswers) {
  const { n_tokens: length, window } = model.prompt;
  const full = rangeOf(model, "full");
  const near = rangeWords(rangeOf(model, "window", (distance) => distance < window));
  const far = rangeWords(rangeOf(model, "window", (distance) => distance >= window));
  const start = `A prompt of N = ${thousands(length)} tokens is read with W = ${window} in every layer. `;
  if (cannotRecall(model))
    return (
      `${start}This model cannot recall the sentence in full attention: the right answer gets ${rangeWords(full)} of ` +
      `the probability, and chance is ${percent(1 / nAnswers)}. So it cannot show what full attention keeps. It was ` +
      `trained in windows of ${model.trained_window}: inside W it gets ${near}, and beyond W ${far}.`
    );
  return (
    `${start}While the sentence lies inside the window, the right answer gets ${near} of the probability. ` +
    `Beyond W it gets ${far}, and chance is ${percent(1 / nAnswers)}. In full attention it gets ` +
    `${rangeWords(full)}. The ceiling L × (W − 1) = ${thousands(ceilingOf(window, model.n_layers))} tokens would let ` +
    "the sentence arrive, but a ceiling is only the most that can arrive."
  );
}

/**
 * What is said of a change to the windows.
 * @param {NeedleModel} model
 * @param {Case} which
 * @returns {string}
 */
export function changeSentence(model, which) {
  const { window, small_window: small } = model.prompt;
  if (which === "small window") {
    const ceiling = ceilingOf(small, model.n_layers);
    const beyond = rangeOf(model, which, (distance) => distance > ceiling);
    return (
      `With W = ${small} nothing at all arrives from more than L × (W − 1) = ${ceiling} tokens back: there the right ` +
      `answer gets ${rangeWords(beyond)}.`
    );
  }
  return `With the change it gets ${rangeWords(rangeOf(model, which, (distance) => distance >= window))} beyond W.`;
}

/**
 * What is said above both models.
 * @param {Needles} needles
 * @returns {string}
 */
export function lead({ how: { needles, fillers, n_answers: nAnswers } }) {
  const quoted = needles.map((needle) => `“${needle}”`).join(" ");
  return (
    `A sentence stands early in a long text, and its question at the end. Each of ${needles.length} sentences was ` +
    `hidden in one text of its own (${fillers.join("; ")}): ${quoted} Each of ${nAnswers} answers is the right one ` +
    `in turn, so a model that knows nothing gives it ${percent(1 / nAnswers)} on average. Each window is much ` +
    "shorter than its prompt, as a window of 4,096 in a prompt of 16,384 is: this is scaled to the models. " +
    "The script is swa_viz/experiments/stored_needle.py."
  );
}
