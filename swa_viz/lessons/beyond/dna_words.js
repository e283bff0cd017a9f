// What is known of a stretch of DNA: what each base costs, what is expected, and the sentences of it.

/** @import { Lab } from "../../web/lab.js" */
/** @import { ChoiceKnob, NumberKnob } from "../../web/core/types.d.ts" */
/** @import { SharedKnobs } from "./kind.js" */

import { mean } from "../../experiments/runs_together.js";
import { percent } from "../../wording/numbers.js";
import { keyRanges } from "../../patterns/ranges.js";
import { exactReach } from "../../reach.js";

/**
 * The lab, with the base under the pointer: no knob, so it never enters the link.
 * @typedef {Lab<SharedKnobs & {stretch: ChoiceKnob, base: NumberKnob}, {pickedBase?: number | null}>} DnaLab
 *
 * What was measured, as `stored_dna.py` says it; the window null reads everything.
 * @typedef {object} Stored
 * @property {{n_layers: number, seeds: number, counted: number, copies: number, motif: number, recognised: number,
 *   first_copy: number, copied: number, distance: number, parameters: number, genome: string}} how
 * @property {readonly (number | null)[]} windows
 * @property {readonly (readonly number[])[]} bits
 * @property {readonly (number | null)[]} copy_windows
 * @property {readonly number[]} distances
 * @property {readonly (readonly (readonly number[])[])[]} copies
 * @property {Record<string, {bases: string, expected: string}>} shown
 *
 * The probabilities of A, C, G and T.
 * @typedef {readonly number[]} Shares
 *
 * What is on screen: `at` is the place of the stored window.
 * @typedef {object} Shown
 * @property {Stored} stored
 * @property {string} stretch
 * @property {string} bases
 * @property {number} base
 * @property {number} window
 * @property {number} at
 * @property {readonly Shares[]} windowed - At this window, for each base of the stretch.
 * @property {readonly Shares[]} full
 */

/** The bases, in the order of their probabilities. */
export const BASES = "ACGT";
/** A probability was stored as a whole number of these. */
const WHOLE = 255;
/** The smallest probability that can be told from 0. */
const LEAST = 0.5 / WHOLE;

/**
 * The place of the largest stored window that holds no more than W bases.
 * @param {readonly (number | null)[]} windows
 * @param {number} window
 * @returns {number}
 */
export const placeOf = (windows, window) => windows.filter((size) => size !== null && size <= window).length - 1;

/**
 * What is expected of each base, at one of the stored windows.
 * @param {Uint8Array} bytes - At all windows, base after base.
 * @param {number} at
 * @param {number} count - Of the bases.
 * @returns {Shares[]}
 */
export const sharesAt = (bytes, at, count) =>
  Array.from({ length: count }, (_, i) => {
    const from = (at * count + i) * BASES.length;
    return Array.from(bytes.subarray(from, from + BASES.length), (whole) => whole / WHOLE);
  });

/**
 * What a base costs, in bits.
 * @param {Shares} shares
 * @param {string} base
 * @returns {number}
 */
export const costOf = (shares, base) => -Math.log2(Math.max(shares[BASES.indexOf(base)], LEAST));

/**
 * What a base is to the one that is chosen: what predicts it begins one base before.
 * @param {Shown} shown
 * @returns {("query" | "window" | "layers" | "outside" | "after")[]}
 */
export function rolesOf({ bases, base, window, stored }) {
  const last = base - 1;
  const [[start]] = keyRanges({ kind: "sliding", window_size: window }, Math.max(last, 0), bases.length);
  const reached = last - exactReach(window, stored.how.n_layers);
  return Array.from(bases, (_, i) => {
    if (i === base) return "query";
    if (i > base) return "after";
    if (i >= start) return "window";
    return i > reached ? "layers" : "outside";
  });
}

/**
 * The bases that come twice, as [first, one after the last]; none in a stretch as it is.
 * @param {Shown} shown
 * @returns {[number, number][]}
 */
export function copiesIn({ stretch, stored: { how } }) {
  if (stretch !== "copy") return [];
  return [how.first_copy, how.first_copy + how.distance].map((start) => [start, start + how.copied]);
}

/**
 * What a stretch costs a base, at this window and in full attention.
 * @param {Shown} shown
 * @param {number} from
 * @param {number} to
 */
function costsIn({ bases, windowed, full }, from, to) {
  const places = Array.from({ length: to - from }, (_, i) => from + i);
  return [windowed, full].map((shares) => mean(places.map((i) => costOf(shares[i], bases[i]))));
}

/**
 * @param {Shown} shown
 * @returns {string}
 */
export function baseSentence(shown) {
  const { bases, base, windowed, full } = shown;
  const came = bases[base];
  const [share, inFull] = [windowed, full].map((shares) => percent(shares[base][BASES.indexOf(came)]));
  return (
    `Base ${base + 1} is ${came}. From the bases in its window the model expects ${came} with ${share}: ` +
    `that costs ${costOf(windowed[base], came).toFixed(2)} bits. In full attention it expects it with ${inFull} ` +
    `(${costOf(full[base], came).toFixed(2)} bits).`
  );
}

/**
 * @param {Shown} shown
 * @returns {string}
 */
export function stretchSentence(shown) {
  const { how } = shown.stored;
  const [, second] = copiesIn(shown);
  if (!second) {
    const [windowed, full] = costsIn(shown, 1, shown.bases.length);
    return (
      `A base of this stretch costs ${windowed.toFixed(2)} bits with this window, ${full.toFixed(2)} in full ` +
      "attention. Not knowing anything costs 2."
    );
  }
  const [windowed, full] = costsIn(shown, second[0] + how.recognised, second[1]);
  return (
    `The framed bases come twice, ${how.distance} bases apart; the second copy was planted. After its first ` +
    `${how.recognised} bases, a base of it costs ${windowed.toFixed(2)} bits with this window and ` +
    `${full.toFixed(2)} in full attention, which can still look at the first copy. Not knowing anything costs 2.`
  );
}
