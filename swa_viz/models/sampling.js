// How the next token is chosen, and when to stop: the same as sampling.py, which says why chance is a function of
// the seed and of the place in the text.  A test holds the two equal.

/** @import { Writing } from "../web/core/types.d.ts" */

const WORD = 2 ** 32;
const GOLDEN = 0x9e3779b9;

/**
 * One of 2^32 numbers, turned into another one of them in which no order is left.
 * @param {number} number
 */
function scrambled(number) {
  let word = Math.imul(number ^ (number >>> 16), 0x7feb352d);
  word = Math.imul(word ^ (word >>> 15), 0x846ca68b);
  return (word ^ (word >>> 16)) >>> 0;
}

/**
 * The random number with which the token at a position is drawn.
 * @param {number} seed
 * @param {number} position
 * @returns {number} Above 0 and below 1.
 */
export function uniform(seed, position) {
  const words = [seed % WORD, Math.floor(seed / WORD), position];
  const state = words.reduce((before, word) => scrambled(((before ^ word) + GOLDEN) >>> 0), 0);
  return (state + 0.5) / WORD;
}

/**
 * The token at which the cumulated probabilities, the likeliest first, exceed `number`.
 * @param {Float32Array} logits
 * @param {Pick<Writing, "temperature" | "top_k" | "top_p">} writing
 * @param {number} number - From 0 to 1.
 * @returns {number} Its id.
 */
export function choose(logits, { temperature, top_k: k, top_p: p }, number) {
  const ids = Uint32Array.from(logits.keys()).sort((one, other) => logits[other] - logits[one] || one - other);
  if (temperature === 0) return ids[0];
  const sizes = Float64Array.from(ids, (id) => Math.exp((logits[id] - logits[ids[0]]) / (temperature / 100)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let sum = 0;
  const reached = [];
  for (const size of sizes.subarray(0, k ?? sizes.length)) {
    const before = sum + size / total - size / total;
    if (before >= p / 100) break;
    reached.push((sum += size / total));
  }
  return ids[reached.findIndex((share) => share > number * sum)];
}

/**
 * It passes streamed text on until one of some strings appears, which is not shown.
 * @typedef {object} Stops
 * @property {boolean} found
 * @property {(text: string) => string} push - The text that can be shown now.
 * @property {() => string} rest - What was held back, when no more text comes.
 */

/**
 * Watch for the strings before which a text ends.
 * @param {readonly string[]} entries
 * @returns {Stops}
 */
export function stopStrings(entries) {
  let held = "";
  /** @type {Stops} */
  const stops = { found: false, push, rest };

  /** @type {Stops["push"]} */
  function push(text) {
    const pending = held + text;
    const starts = entries
      .filter((entry) => pending.includes(entry))
      .map((entry) => [pending.indexOf(entry), entry.length]);
    if (starts.length) {
      stops.found = true;
      held = "";
      const [[first]] = starts.sort(([at, length], [other, more]) => at + length - (other + more) || at - other);
      return pending.slice(0, first);
    }
    const shown = pending.length - Math.max(0, ...entries.map((entry) => countBegun(pending, entry)));
    held = pending.slice(shown);
    return pending.slice(0, shown);
  }

  /** @type {Stops["rest"]} */
  function rest() {
    const last = held;
    held = "";
    return last;
  }
  return stops;
}

/**
 * How many characters at the end of `pending` may be the beginning of `entry`.
 * @param {string} pending
 * @param {string} entry
 */
function countBegun(pending, entry) {
  let count = entry.length - 1;
  while (!pending.endsWith(entry.slice(0, count))) count--;
  return count;
}
