// What a question is, and what questions of all kinds share: chance that can be repeated, choices in
// an order that gives nothing away, and names for tokens.

/** @import { Pattern } from "../core/types.d.ts" */

import { counted } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";

/**
 * A question about what is on screen.  The answer is computed, never typed in.
 * @typedef {object} Question
 * @property {string} question
 * @property {readonly string[]} choices
 * @property {number} right - The place of the right choice.
 * @property {string} why - The reason, in a sentence or two.
 * @property {Record<string, any>} look - The values of the knobs with which the picture shows it.
 * @property {Record<string, any>} given - What the question is about, in plain data.
 */

/**
 * Chance: it takes one of a list.
 * @typedef {<Item>(list: readonly Item[]) => Item} Choose
 */

/**
 * What one layer reads, and what else it could read.
 * @typedef {object} Reading
 * @property {number} seqLen
 * @property {number} query - It is on screen already, so questions are about others.
 * @property {readonly string[] | null} words - The texts of the tokens; null: they have only numbers.
 * @property {number} size - Of the window or the chunks.
 * @property {string} sizeName - What a visitor calls it: "W".
 * @property {(size: number) => Pattern} resized - The same pattern of another size.
 * @property {(size: number) => Record<string, any>} setSize - The values of the knobs for that size.
 */

const [SMALLEST, LARGEST] = [2, 12];
const MOST_CHOICES = 4;

/**
 * Chance that gives the same for the same seed (mulberry32).
 * @param {number} seed
 * @returns {Choose}
 */
export function chance(seed) {
  let state = seed;
  return (list) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return list[((mixed ^ (mixed >>> 14)) >>> 0) % list.length];
  };
}

/**
 * Whole numbers from `first` up to, but without, `stop`.
 * @param {number} first
 * @param {number} stop
 * @returns {number[]}
 */
export const range = (first, stop) => Array.from({ length: Math.max(stop - first, 0) }, (_, i) => first + i);

/**
 * A size that hides something of this text, and is not the one on screen.
 * @param {Pick<Reading, "seqLen" | "size">} reading
 * @param {Choose} choose
 * @returns {number | null} Null for a text that is too short.
 */
export function anotherSize({ seqLen, size }, choose) {
  const sizes = range(SMALLEST, Math.min(LARGEST + 1, seqLen - 1)).filter((each) => each !== size);
  return sizes.length ? choose(sizes) : null;
}

/**
 * A query that is not the one on screen, and has at least `before` tokens before it.
 * @param {Pick<Reading, "seqLen" | "query">} reading
 * @param {number} before
 * @param {Choose} choose
 * @returns {number | null} Null for a text that is too short.
 */
export function anotherQuery({ seqLen, query }, before, choose) {
  const queries = range(before, seqLen).filter((each) => each !== query);
  return queries.length ? choose(queries) : null;
}

/**
 * A token by its word and its number, as it stands on screen.
 * @param {readonly string[] | null} words
 * @param {number} position
 * @returns {string}
 */
export const nameOf = (words, position) =>
  words ? `“${readable(words[position])}” (token ${position + 1})` : `token ${position + 1}`;

/**
 * "3 tokens" as an age: how much older a key is than a query.
 * @param {number} query
 * @param {number} key
 * @returns {string}
 */
export const ageText = (query, key) => counted(query - key, "token");

/**
 * Numbers to choose from, in order: the right one, and of the others as many as there is room for.
 * @param {number} right
 * @param {readonly number[]} others - Likely mistakes, the likeliest first.
 * @param {(number: number) => string} [say]
 * @returns {Pick<Question, "choices" | "right">}
 */
export function numbers(right, others, say = String) {
  const wrong = [...new Set(others)].filter((number) => number > 0 && number !== right);
  const all = [right, ...wrong.slice(0, MOST_CHOICES - 1)].sort((one, other) => one - other);
  return { choices: all.map(say), right: all.indexOf(right) };
}

/**
 * Words to choose from, in an order made by chance.
 * @param {string} right
 * @param {readonly string[]} others
 * @param {Choose} choose
 * @returns {Pick<Question, "choices" | "right"> | null} Null where there is nothing to choose between.
 */
export function words(right, others, choose) {
  const wrong = [...new Set(others)].filter((word) => word !== right).slice(0, MOST_CHOICES - 1);
  if (!wrong.length) return null;
  const place = choose(range(0, wrong.length + 1));
  return { choices: [...wrong.slice(0, place), right, ...wrong.slice(place)], right: place };
}
