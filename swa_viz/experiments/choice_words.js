// A recommendation in sentences, with its reason: the same as choice_words.py, and a test holds the two equal.

/** @import { Choice, Cost, Option, Way } from "./choice.js" */

import { asTyped } from "../patterns/schedule_text.js";
import { isWay } from "./choice.js";

/**
 * What Python calls things: each schedule, with {window} in it, one's own, and what is said of a {share} of a cost.
 * @typedef {Readonly<Record<"windowed" | "fixed", string>>} OwnNames
 * @typedef {{names: Readonly<Record<string, string>>, own: OwnNames, shares: Readonly<Record<Cost, string>>}} Words
 *
 * What is measured: its unit, and what one and several measurements are called.
 * @typedef {{unit: string, one: string, several: string}} Quality
 */

const FULL = "full";

/**
 * What a way to read is called in a sentence.
 * @param {Way} way
 * @param {Words} words
 * @returns {string}
 */
export function nameOf([schedule, window], { names, own }) {
  if (names[schedule]) return names[schedule].replace("{window}", String(window));
  return own[window === null ? "fixed" : "windowed"]
    .replace("{window}", String(window))
    .replace("{row}", asTyped(schedule));
}

/**
 * What an option costs, as a share of what full attention costs.
 * @param {Option} option
 * @param {readonly Option[]} options
 * @param {Cost} cost
 * @returns {number}
 */
export function shareOf(option, options, cost) {
  const full = options.find(({ schedule }) => schedule === FULL);
  return option[cost] / (full?.[cost] ?? NaN);
}

/**
 * How much worse an option is than the reference, or better, and how sure that is.
 * @param {Option} option
 * @param {string} unit
 * @returns {string}
 */
export function needs({ extra, margin }, unit) {
  const spread = margin === null ? "" : ` ± ${margin.toFixed(3)}`;
  return `${Math.abs(extra).toFixed(3)}${spread} ${unit} ${extra < 0 ? "less" : "more"}`;
}

/**
 * A sentence's first letter is a capital.
 * @param {string} words
 * @returns {string}
 */
export const capital = (words) => words[0].toUpperCase() + words.slice(1);

/**
 * What to take and why.
 * @param {Option} taken
 * @param {string} does - What it costs.
 * @param {Way} reference
 * @param {string} allowed - The tolerance.
 * @param {Words} words
 * @param {string} unit
 */
function reason(taken, does, reference, allowed, words, unit) {
  const isFull = reference[0] === FULL;
  const named = nameOf(reference, words);
  const compared = isFull ? does : `${does} of full attention`;
  if (isWay(taken, reference)) {
    const share = isFull ? "" : ` It ${compared}.`;
    return `Take ${named}: nothing cheaper is surely within ${allowed} of it.${share}`;
  }
  const name = nameOf([taken.schedule, taken.window], words);
  return `${capital(name)} ${compared} and needs ${needs(taken, unit)} than ${named}.`;
}

/**
 * What to take and why, what is cheaper and worse, and what the stretches cannot decide.
 * @param {Choice} choice
 * @param {readonly Option[]} options
 * @param {Way} reference
 * @param {Cost} cost
 * @param {number} tolerance
 * @param {Words} words
 * @param {Quality} quality
 * @returns {string[]}
 */
export function sentences({ taken, open, beyond }, options, reference, cost, tolerance, words, { unit, one, several }) {
  const allowed = `${tolerance.toFixed(3)} ${unit}`;
  const share = `${Math.round(100 * shareOf(taken, options, cost))} %`;
  const does = words.shares[cost].replace("{share}", share);
  const said = [reason(taken, does, reference, allowed, words, unit)];
  const name = (/** @type {Option} */ option) => nameOf([option.schedule, option.window], words);
  if (beyond) said.push(`Of what is cheaper and not good enough, ${name(beyond)} needs least: ${needs(beyond, unit)}.`);
  if (open) {
    const who = open.margin === null ? one : several;
    said.push(
      `${capital(name(open))} is cheaper and needs ${needs(open, unit)}: ${who} cannot ` +
        `decide whether that is within ${allowed}.`,
    );
  }
  return said;
}
