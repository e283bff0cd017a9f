// What the window lab says of the pattern that is chosen.

/** @import { Convention } from "../../patterns/conventions.js" */
/** @import { Chosen, WindowLab } from "./chosen.js" */

import { inOurWords, keysText, withNumber } from "../../patterns/conventions.js";
import { bandOf, isFull } from "../../patterns/pattern.js";
import { capitalised } from "../../patterns/schedule.js";
import { ruleText } from "../../patterns/sentences.js";
import { thousands } from "../../wording/numbers.js";

/**
 * The heading of the pattern's matrix: "Sliding window, W = 6", or a program and its number.
 * @param {Chosen} chosen
 * @param {WindowLab} lab
 * @returns {string}
 */
export function headingOf({ pattern, number }, { data, values }) {
  const { convention, pattern: patterns } = data.knobs;
  if (values.convention !== "ours") return `${convention.choices[values.convention]}, w = ${number}`;
  const name = capitalised(patterns.choices[pattern.kind]);
  return bandOf(pattern) && !isFull(pattern) ? `${name}, ${inOurWords(pattern)}` : name;
}

/**
 * The sentence below it: the rule, or another program's rule: "Their rule ... reads 7 keys. In
 * our words that is W = 7."
 * @param {Chosen} chosen
 * @param {Convention | undefined} convention
 * @returns {string}
 */
export function leadOf({ pattern, number }, convention) {
  if (!convention) return `Each query reads the keys with ${ruleText(pattern)}.`;
  const rule = withNumber(convention.says, number);
  const keys = keysText(pattern);
  return `Their rule ${rule} reads ${keys} keys. In our words that is ${inOurWords(pattern)}.`;
}

/**
 * How many score pairs there are, beside those of full attention.
 * @param {number} some
 * @param {number} all
 * @returns {string}
 */
export function savingBadge(some, all) {
  return `${thousands(some)} pairs · ${some === all ? "same as full" : `${(all / some).toFixed(1)}× fewer`}`;
}
