// The chosen rule in words, with its numbers and for one query.  Tokens count from 1 on screen.

/** @import { Pattern } from "../web/core/types.d.ts" */

import { listed, readable } from "../wording/text.js";
import { keysOf, statedBy } from "./pattern.js";

const SPELLED_OUT = 8;

/**
 * The rule of a pattern with its numbers in it: "0 ≤ age < 6".
 * @param {Pattern} pattern
 * @returns {string}
 */
export function ruleText(pattern) {
  return statedBy(pattern).rule(pattern);
}

/**
 * Stretches of neighbours: [1, 2, 3, 7] -> [[1, 3], [7, 7]].
 * @param {number[]} positions - In order.
 * @returns {[first: number, last: number][]}
 */
export function runs(positions) {
  /** @type {[first: number, last: number][]} */
  const found = [];
  for (const position of positions) {
    const open = found[found.length - 1];
    if (open && open[1] === position - 1) open[1] = position;
    else found.push([position, position]);
  }
  return found;
}

/** @param {[first: number, last: number]} run */
function runText([first, last]) {
  if (first === last) return `${first + 1}`;
  return `${first + 1}${last === first + 1 ? " and" : " to"} ${last + 1}`;
}

/**
 * Tokens by their numbers: "tokens 15 to 20", "tokens 1 and 15 to 20", "tokens 10, 12, 14, … and 20".
 * @param {number[]} keys - In order.
 * @returns {string}
 */
export function numbered(keys) {
  if (keys.length === 1) return `token ${keys[0] + 1}`;
  const parts = runs(keys).map(runText);
  const few = parts.length <= SPELLED_OUT ? parts : [...parts.slice(0, 3), "…", parts[parts.length - 1]];
  return `tokens ${listed(few)}`;
}

/**
 * The same of what a query reads, which may be itself alone.
 * @param {number[]} keys
 * @param {number} query
 */
function numberedFrom(keys, query) {
  return keys.length === 1 && keys[0] === query ? "only itself" : numbered(keys);
}

/**
 * Tokens by their words: "“sat”, “on” and itself".
 * @param {number[]} keys
 * @param {number} query
 * @param {readonly string[]} words
 */
function named(keys, query, words) {
  return listed(keys.map((key) => (key === query ? "itself" : `“${readable(words[key])}”`)));
}

/**
 * What one query reads: "0 ≤ age < 6: token 20 reads tokens 15 to 20."
 * @param {Pattern} pattern
 * @param {number} query
 * @param {number} seqLen
 * @param {readonly string[] | null} words - The texts of the tokens; null: their numbers.
 * @returns {string}
 */
export function ruleSentence(pattern, query, seqLen, words) {
  const keys = keysOf(pattern, query, seqLen);
  const who = words ? `“${readable(words[query])}” (token ${query + 1})` : `token ${query + 1}`;
  const what = words ? named(keys, query, words) : numberedFrom(keys, query);
  return `${ruleText(pattern)}: ${who} reads ${what}.`;
}
