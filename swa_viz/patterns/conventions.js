// Other programs' window numbers, read as each of them reads it: the same table and arithmetic as
// CONVENTIONS in conventions.py, whose rows come here as plain data.

/** @import { Pattern } from "../web/core/types.d.ts" */

import { thousands } from "../wording/numbers.js";
import { bandOf, looksAhead } from "./pattern.js";

/**
 * How a program reads its window number: a row of CONVENTIONS.
 * @typedef {object} Convention
 * @property {string} label - The program, in a menu.
 * @property {string} says - Its rule, with w for its number.
 * @property {string} source - Where that is written.
 * @property {string} url - The page of that source; "" for our own rule.
 * @property {"sliding" | "centred" | "chunked"} kind - Of our pattern; "centred" counts on both sides.
 * @property {number} n_per_unit - How much of the number makes one key on a side.
 * @property {number} extra_keys - Keys that the number does not count; on each side where it is centred.
 * @property {boolean} rounds_down - May the number be odd, although it is split in two?
 */

/**
 * What a program's number means.  A program that splits its number in two cannot take an odd one.
 * @param {number} number
 * @param {Convention} convention
 * @returns {{pattern: Pattern, number: number, even: boolean}} `number` is what was used: the next even
 *   one where the number must be even and is not; then `even` is false.
 */
export function fromConvention(number, convention) {
  const even = convention.rounds_down || number % convention.n_per_unit === 0;
  const used = even ? number : number + 1;
  const { kind, n_per_unit: perUnit, extra_keys: extra } = convention;
  const fields = {
    sliding: { window_size: used + extra },
    centred: { radius: Math.floor(used / perUnit) + extra },
    chunked: { chunk_size: used + extra },
  };
  const pattern = { kind, ...fields[kind] };
  return { pattern, number: used, even };
}

/**
 * How many keys a window has before and after its query, and a chunk before its last query.
 * @param {Pattern} pattern
 * @returns {[back: number, ahead: number]}
 * @throws {RangeError} If the pattern is no window.
 */
export function sidesOf(pattern) {
  if (pattern.chunk_size) return [pattern.chunk_size - 1, 0];
  const sides = bandOf(pattern);
  if (!sides) throw new RangeError(`a “${pattern.kind}” pattern is no window around its query`);
  return sides;
}

/**
 * How many keys a query reads that stands far from both ends of the text; in chunks, at most.
 * @param {Pattern} pattern - A window.
 * @returns {number}
 */
export function keysInside(pattern) {
  const [back, ahead] = sidesOf(pattern);
  return back + 1 + ahead;
}

/**
 * The same in words: "7", or "1 to 7".
 * @param {Pattern} pattern
 * @returns {string}
 */
export function keysText(pattern) {
  const keys = thousands(keysInside(pattern));
  return pattern.chunk_size && pattern.chunk_size > 1 ? `1 to ${keys}` : keys;
}

/**
 * A window in our words: "W = 7", "radius 3" or "chunks of 7".
 * @param {Pattern} pattern
 * @returns {string}
 */
export function inOurWords(pattern) {
  if (pattern.chunk_size) return `chunks of ${pattern.chunk_size}`;
  const [back, ahead] = sidesOf(pattern);
  return looksAhead(pattern) ? `radius ${ahead}` : `W = ${back + 1}`;
}

/**
 * A rule with its number put in: "q − kv ≤ w" -> "q − kv ≤ 6".
 * @param {string} rule
 * @param {number} number
 * @returns {string}
 */
export function withNumber(rule, number) {
  return rule.replace(/\bw\b/g, String(number));
}
