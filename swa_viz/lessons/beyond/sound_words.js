// What is known of a sound: which frames each window holds, what each model names, and the sentences of it.

/** @import { Lab } from "../../web/lab.js" */
/** @import { ChoiceKnob, NumberKnob, Pattern } from "../../web/core/types.d.ts" */
/** @import { SharedKnobs } from "./kind.js" */

import { counted, percent } from "../../wording/numbers.js";
import { keyRanges } from "../../patterns/ranges.js";
import { exactReach } from "../../reach.js";

/**
 * The lab, with the frame under the pointer: no knob, so it never enters the link.
 * @typedef {Lab<SharedKnobs & {recording: ChoiceKnob, frame: NumberKnob}, {pickedFrame?: number | null}>} SoundLab
 *
 * Where a window lies; `behind` is for streaming.
 * @typedef {"behind" | "around"} Side
 *
 * A recording: its frames in letters (base64), and the digit that is said in each frame.
 * @typedef {{frames: string, labels: string}} Clip
 *
 * What was measured, as `stored_sound.py` says it.
 * @typedef {object} Stored
 * @property {{n_layers: number, frame_ms: number, n_bands: number, seeds: number, held_out: number}} how
 * @property {readonly number[]} radii
 * @property {Record<Side, readonly (readonly number[])[]>} right
 * @property {Record<Side, readonly number[]>} waits_ms
 * @property {Record<string, Record<Side, readonly string[]>>} named
 * @property {Record<string, Clip>} clips
 *
 * What is on screen: `at` is the place of the stored size of window.
 * @typedef {object} Shown
 * @property {Stored} stored
 * @property {string} name
 * @property {Clip} clip
 * @property {number} frame
 * @property {number} window
 * @property {number} at
 *
 * A stretch of frames: the first, and the one after its last.
 * @typedef {[number, number]} Stretch
 */

/** Both places of a window. @type {readonly Side[]} */
export const SIDES = ["behind", "around"];
/** Both in words. @type {Record<Side, string>} */
export const SIDE_WORDS = { behind: "window behind (streaming)", around: "window around" };
/** The sign of a frame in which nothing is said. */
export const SILENT = ".";
const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** @param {string} sign */
const wordOf = (sign) => (sign === SILENT ? "silence" : `“${DIGITS[Number(sign)]}”`);

/**
 * The place of the largest stored window that holds no more than W frames.
 * @param {readonly number[]} radii
 * @param {number} window
 * @returns {number}
 */
export const placeOf = (radii, window) => radii.filter((radius) => 2 * radius + 1 <= window).length - 1;

/**
 * The pattern of each layer.
 * @param {Side} side
 * @param {number} window
 * @returns {Pattern}
 */
const patternOf = (side, window) =>
  side === "behind"
    ? { kind: "sliding", window_size: window }
    : { kind: "centred", radius: Math.floor((window - 1) / 2) };

/**
 * What a frame reads in one layer, and what can reach it through all of them.
 * @param {Side} side
 * @param {Shown} shown
 * @returns {{read: Stretch, reached: Stretch}}
 */
export function stretchesOf(side, { clip, frame, window, stored }) {
  const count = clip.labels.length;
  const [[start, stop]] = keyRanges(patternOf(side, window), frame, count);
  const size = side === "behind" ? window : Math.floor((window - 1) / 2) + 1;
  const back = exactReach(size, stored.how.n_layers) - 1;
  const ahead = side === "behind" ? 0 : back;
  return { read: [start, stop], reached: [Math.max(frame - back, 0), Math.min(frame + ahead + 1, count)] };
}

/**
 * A row of signs as stretches of the same sign.
 * @param {string} signs
 * @returns {{sign: string, from: number, to: number}[]}
 */
export function runsOf(signs) {
  const starts = [...signs].flatMap((sign, i) => (sign === signs[i - 1] ? [] : [i]));
  return starts.map((from, i) => ({ sign: signs[from], from, to: starts[i + 1] ?? signs.length }));
}

/**
 * Of the frames in which something is said, the share that is named rightly.
 * @param {string} labels
 * @param {string} named
 * @returns {number}
 */
function shareRight(labels, named) {
  const spoken = [...labels].flatMap((sign, i) => (sign === SILENT ? [] : [i]));
  return spoken.filter((i) => named[i] === labels[i]).length / spoken.length;
}

/**
 * @param {Shown} shown
 * @returns {string}
 */
export function frameSentence(shown) {
  const { clip, frame, name, at, stored } = shown;
  const { radii, how, named, waits_ms } = stored;
  const [behind, around] = SIDES.map((side) => wordOf(named[name][side][at][frame]));
  const [read] = SIDES.map((side) => stretchesOf(side, shown).read);
  const heard = counted(read[1] - read[0], "frame");
  const wait = waits_ms.around[at];
  const said = clip.labels[frame] === SILENT ? "nothing is said" : `the voice says ${wordOf(clip.labels[frame])}`;
  return (
    `At ${((frame * how.frame_ms) / 1000).toFixed(2)} s ${said}. With a window behind it (${heard} in each layer) ` +
    `the model names ${behind}. With a window around it, which reads ${counted(radii[at], "frame")} of later sound ` +
    `in each of ${how.n_layers} layers, it names ${around}` +
    (wait ? ` and has to wait ${wait} ms for that.` : ": here both windows hold the frame alone.")
  );
}

/**
 * How much of this recording is named rightly.
 * @param {Shown} shown
 * @returns {string}
 */
export function clipSentence({ clip, name, at, window, stored }) {
  const [behind, around] = SIDES.map((side) => percent(shareRight(clip.labels, stored.named[name][side][at])));
  const size = 2 * stored.radii[at] + 1;
  const which = size === window ? "" : ` Names were stored for some sizes only: these are those of W = ${size}.`;
  return (
    `Of the frames in which something is said here, the window behind names ${behind} rightly, ` +
    `and the window around ${around}.${which}`
  );
}
