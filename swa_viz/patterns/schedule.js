// A pattern for every layer, written as letters, with one W and one S for all of them: the same as
// schedule.py, and a test holds the two equal.  And what a schedule is called.

import { statedBy } from "./pattern.js";

const LAYER_PATTERNS = {
  w: (window, sinks) =>
    sinks ? { kind: "sink", window_size: window, n_sink_tokens: sinks } : { kind: "sliding", window_size: window },
  f: () => ({ kind: "causal" }),
  d: (window) => ({ kind: "dilated", window_size: window, dilation: 2 }),
  c: (window) => ({ kind: "chunked", chunk_size: window }),
};
const REMEMBERED = 64;
const made = new Map();

// Equal patterns are one object, because what is worked out of a pattern is kept by object.
function layerPattern(letter, window, sinks) {
  const key = `${letter} ${window} ${sinks}`;
  if (!made.has(key)) made.set(key, LAYER_PATTERNS[letter](window, sinks));
  return made.get(key);
}

// The patterns of the first `layers` layers, from the values of a lab's knobs.
export function scheduleOf({ schedule, window, sinks }, layers = schedule.length) {
  if (made.size > REMEMBERED) made.clear();
  return [...schedule].slice(0, layers).map((letter) => layerPattern(letter, window, sinks));
}

export const isUniform = (schedule) => schedule.every((pattern) => pattern.kind === schedule[0].kind);

// What is read in one layer, in a word, and with its numbers.
export const patternWord = (pattern) => statedBy(pattern).word;

export const patternName = (pattern) => statedBy(pattern).name(pattern);

// "window of 4", "chunks of 4", or "your schedule" where the layers differ.
export const runName = (schedule) => (isUniform(schedule) ? statedBy(schedule[0]).run(schedule[0]) : "your schedule");

// The same in one word, for the head of a column.
export const runWord = (schedule) => (isUniform(schedule) ? patternWord(schedule[0]) : "schedule");

export const capitalised = (words) => words.replace(/^./, (first) => first.toUpperCase());
