// The sentences of limits.py, filled in as Python does.

/** @import { Limits, Schedule } from "../web/core/types.d.ts" */

import { looksAhead } from "../patterns/pattern.js";
import { thousands } from "../wording/numbers.js";
import { countCharacters } from "../wording/text.js";

/**
 * A sentence with its gaps filled: fill("{a} and {b}", {a: 12345, b: "two"}) -> "12,345 and two".
 * @param {string} sentence
 * @param {Record<string, number | string>} values
 * @returns {string}
 */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? thousands(value) : String(value);
  });
}

/** Why a request that is well written has no answer. */
export class Refusal extends Error {}

/**
 * Refuse a pattern that looks ahead: there is no cache for it.
 * @param {Schedule} schedule
 * @param {Limits} limits
 * @returns {void}
 * @throws {Refusal} If there is one.
 */
export function checkCausal(schedule, limits) {
  if (schedule.some(looksAhead)) throw new Refusal(limits.looks_ahead);
}

/**
 * Refuse words that have too many characters.
 * @param {string} words
 * @param {number} most - An emoji is one character, as in Python.
 * @param {string} what - What they are.
 * @param {Limits} limits
 * @returns {void}
 * @throws {Refusal} If there are more.
 */
export function checkLength(words, most, what, limits) {
  const found = words.length > most ? countCharacters(words) : words.length;
  if (found > most) throw new Refusal(fill(limits.too_long, { what, most, found }));
}
