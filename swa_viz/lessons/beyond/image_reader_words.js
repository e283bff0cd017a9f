// The readers of digits in words: what their layers read, how often they are right, and what follows.

/** @import { Pattern } from "../../web/core/types.d.ts" */
/** @import { Stored } from "./image_kind.js" */

import { mean, spreadOf } from "../../experiments/runs_together.js";
import { counted, percent, thousands } from "../../wording/numbers.js";

/**
 * A reader: what its layers read, what that costs, how many pixels the one in the middle can hear of, and how often
 * each seed was right on digits that none had learned from, and on those that it learned from.
 * @typedef {object} Reader
 * @property {string} name
 * @property {readonly Pattern[]} schedule
 * @property {number} pairs
 * @property {number} field
 * @property {readonly number[]} held_out
 * @property {readonly number[]} learned
 */

/** The layers of the readers that differ in their square alone. */
const DEPTH = 2;
/** Who names such a share of the digits that it learned from has learned them. */
const LEARNED = 0.99;

/**
 * "85.4 % (84.0 % to 86.2 %)".
 * @param {readonly number[]} shares - Of the seeds.
 * @returns {string}
 */
export function spread(shares) {
  const { mean: middle, low, high } = spreadOf(shares);
  return `${percent(middle)} (${percent(low)} to ${percent(high)})`;
}

/**
 * The readers whose layers all read the same square, without gaps, the smallest first.
 * @param {readonly Reader[]} readers
 * @returns {Reader[]}
 */
export const bySquare = (readers) =>
  readers.filter(
    ({ schedule }) =>
      schedule.length === DEPTH && schedule.every(({ kind, dilation }) => kind === "window_2d" && dilation === 1),
  );

/**
 * @param {Reader} reader
 * @returns {number}
 */
export const sizeOf = ({ schedule }) => schedule[0].window;

/**
 * Do its layers read everything, wherever a query stands?
 * @param {Reader} reader
 * @returns {boolean}
 */
export function isWhole({ schedule }) {
  const [{ window, height }] = schedule;
  return window >= 2 * height - 1;
}

/**
 * What one layer reads, in few words.
 * @param {Pattern} pattern
 */
function layerWords({ kind, window: size, dilation, chunk_size: chunk, shift, height }) {
  if (kind === "chunked_2d") return shift ? `${chunk} × ${chunk} shifted` : `chunks ${chunk} × ${chunk}`;
  if (size >= 2 * height - 1) return "everything";
  return `${size} × ${size}${dilation > 1 ? " with gaps" : ""}`;
}

/**
 * What its layers read, in few words.
 * @param {Reader} reader
 * @returns {string}
 */
export function words({ schedule }) {
  const named = schedule.map(layerWords);
  const isSame = named.every((each) => each === named[0]);
  return isSame ? named[0] : named.join(", ");
}

/**
 * What the seeds of two readers say: only one that is better in all of them is better for certain.
 * @param {Reader} small
 * @param {Reader} whole
 */
function verdict({ held_out: small }, { held_out: whole }) {
  const [one, other] = [spreadOf(small), spreadOf(whole)];
  if (one.low > other.high) return "Here the smaller square is better in every seed.";
  if (one.high < other.low) return "Here reading everything is better in every seed.";
  return "Their seeds overlap, so neither is better for certain.";
}

/**
 * What was measured nearest to the chosen square.
 * @param {readonly Reader[]} readers - By their square.
 * @param {number} around
 * @returns {string}
 */
export function sentenceOf(readers, around) {
  const size = 2 * around + 1;
  const whole = readers[readers.length - 1];
  const near = readers.filter((reader) => sizeOf(reader) <= size).at(-1) ?? readers[0];
  const other = sizeOf(near) === size || isWhole(near) ? "" : ` Measured nearest to ${size} × ${size}:`;
  const saved = (whole.pairs / near.pairs).toFixed(1);
  if (near === whole) return `A reader of ${DEPTH} layers that read everything names ${spread(whole.held_out)} right.`;
  return (
    `${other} A reader with ${DEPTH} layers of ${words(near)} names ${spread(near.held_out)} of the digits right, ` +
    `and one that reads everything ${spread(whole.held_out)}, for ${saved} times as many score pairs. ` +
    verdict(near, whole)
  ).trim();
}

/**
 * How well two readers know the digits that they learned from: one that does not has learned too little to be compared.
 * @param {Reader} best
 * @param {Reader} whole
 */
function learnedSentence(best, whole) {
  const shares = [best, whole].map(({ learned }) => mean(learned));
  const [one, other] = shares.map(percent);
  const known = Math.min(...shares) >= LEARNED ? ": both know them, and differ in what carries over to others" : "";
  return `Of the digits that they learned from, the two name ${one} and ${other} right${known}.`;
}

/**
 * Which reader is right most often, and what it costs beside the one that reads everything.
 * @param {readonly Reader[]} readers
 */
function bestSentence(readers) {
  const [best] = [...readers].sort((one, other) => mean(other.held_out) - mean(one.held_out));
  const whole = /** @type {Reader} */ (readers.find(isWhole));
  const layers = `${counted(best.schedule.length, "layer")} of ${words(best)}`;
  const found =
    `Most often right, by the mean of its seeds, is the reader with ${layers}: ${spread(best.held_out)} with ` +
    `${thousands(best.pairs)} score pairs.`;
  if (best === whole) return found;
  return (
    `${found} Reading everything takes ${thousands(whole.pairs)} for ${spread(whole.held_out)}. ` +
    learnedSentence(best, whole)
  );
}

/**
 * What came out, and how it was measured.
 * @param {Stored} stored
 * @returns {string}
 */
export const howText = ({ facts, readers }) =>
  `${bestSentence(readers)} Readers with ${thousands(facts.parameters)} parameters in two layers, which see a ` +
  `digit's 64 pixels as tokens, learned for ${thousands(facts.n_steps)} steps of ${facts.batch_size} digits each, ` +
  `from ${thousands(facts.n_learned)} in all, and were asked about ${facts.n_held_out} others. ` +
  `A reader knows where a pixel stands only by what it attends to. “Heard of” counts the ` +
  "pixels that can reach the one in the middle through all layers.";
