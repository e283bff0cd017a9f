// A pattern for every layer, written as letters, with one W and one S for all that have no window of their own:
// the same as schedule.py, and a test holds the two equal.  And what a schedule is called.

/** @import { Pattern, Schedule } from "../web/core/types.d.ts" */

import { statedBy } from "./pattern.js";
import { layersIn } from "./schedule_text.js";

/** @type {Record<string, (window: number, sinks: number) => Pattern>} */
const LAYER_PATTERNS = {
  w: (window, sinks) =>
    sinks ? { kind: "sink", window_size: window, n_sink_tokens: sinks } : { kind: "sliding", window_size: window },
  f: () => ({ kind: "causal" }),
  d: (window) => ({ kind: "dilated", window_size: window, dilation: 2 }),
  c: (window) => ({ kind: "chunked", chunk_size: window }),
};
const REMEMBERED = 64;

/** @type {Map<string, Pattern>} */
const made = new Map();

/**
 * Equal patterns are one object, because what is worked out of a pattern is kept by object.
 * @param {string} letter
 * @param {number} window
 * @param {number} sinks
 */
function layerPattern(letter, window, sinks) {
  const key = `${letter} ${window} ${sinks}`;
  const pattern = made.get(key) ?? LAYER_PATTERNS[letter](window, sinks);
  made.set(key, pattern);
  return pattern;
}

/**
 * The patterns of the first layers, from the values of a lab's knobs.
 * @param {{schedule: string, window: number, sinks: number}} values - A letter for every layer, W and S.
 * @param {number} [layers] - How many are wanted; all without it.
 * @returns {Schedule}
 */
export function scheduleOf({ schedule, window, sinks }, layers = Infinity) {
  if (made.size > REMEMBERED) made.clear();
  return layersIn(schedule)
    .slice(0, layers)
    .map(({ letter, size }) => layerPattern(letter, size ?? window, sinks));
}

/**
 * Do all layers read in the same way?
 * @param {Schedule} schedule
 * @returns {boolean}
 */
export const isUniform = (schedule) =>
  schedule.every((pattern) => pattern === schedule[0] || JSON.stringify(pattern) === JSON.stringify(schedule[0]));

/**
 * What is read in one layer, in a word: "window".
 * @param {Pattern} pattern
 * @returns {string}
 */
export const patternWord = (pattern) => statedBy(pattern).word;

/**
 * The same with its size: "window 4", "full".
 * @param {Pattern} pattern
 * @returns {string}
 */
export const patternLabel = (pattern) =>
  [patternWord(pattern), pattern.window_size ?? pattern.chunk_size].filter(Boolean).join(" ");

/**
 * The same with its numbers: "window W = 4".
 * @param {Pattern} pattern
 * @returns {string}
 */
export const patternName = (pattern) => statedBy(pattern).name(pattern);

/**
 * What all layers read: "window of 4", "chunks of 4", or "your schedule" where the layers differ.
 * @param {Schedule} schedule
 * @returns {string}
 */
export const runName = (schedule) => (isUniform(schedule) ? statedBy(schedule[0]).run(schedule[0]) : "your schedule");

/**
 * The same in one word, for the head of a column.
 * @param {Schedule} schedule
 * @returns {string}
 */
export const runWord = (schedule) => (isUniform(schedule) ? patternWord(schedule[0]) : "schedule");

/**
 * The same after "with": "W = 4", "W = 4 + 2 sinks", "chunks of 4", "a dilated window of 4".
 * @param {Schedule} schedule
 * @returns {string}
 */
export const runAfterWith = (schedule) =>
  runName(schedule)
    .replace(/^window of /, "W = ")
    .replace(/^\w+ window /, "a $&");

/**
 * The same where W is not the one on screen: "W = 4", and "W = 4 in your schedule" where the layers differ.
 * @param {Schedule} schedule
 * @param {number} size
 * @returns {string}
 */
export const resizedAfterWith = (schedule, size) =>
  isUniform(schedule) ? runAfterWith(schedule) : `W = ${size} in ${runAfterWith(schedule)}`;

/**
 * The words with a capital letter at their start.
 * @param {string} words
 * @returns {string}
 */
export const capitalised = (words) => words.replace(/^./, (first) => first.toUpperCase());
