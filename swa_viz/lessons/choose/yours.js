// A schedule of the visitor's own: what it costs is counted here, at once; what it is worth must be measured.

/** @import { Cost, Option, Way } from "../../experiments/choice.js" */
/** @import { Words } from "../../experiments/choice_words.js" */
/** @import { LettersKnob } from "../../web/core/types.d.ts" */
/** @import { ChooseValues } from "./controls.js" */
/** @import { Comparison } from "./shown.js" */

import { kvCacheBytes, pairsOf } from "../../cost.js";
import { isWay } from "../../experiments/choice.js";
import { capital, nameOf, needs } from "../../experiments/choice_words.js";
import { scheduleOf } from "../../patterns/schedule.js";
import { asTyped, readTyped, takesWindow } from "../../patterns/schedule_text.js";

/** The bytes of a number in what is stored. */
export const BYTES_PER_NUMBER = 4;

/**
 * One's own schedule for the model that was measured: its letters, which way to read it is, what it costs, and the
 * option that it is where it was measured.  Seconds are not known before.
 * @typedef {object} Yours
 * @property {string} letters
 * @property {Way} way
 * @property {Partial<Record<Cost, number>>} costs
 * @property {Option | null} measured
 *
 * Where it does not fit the model there is a reason instead.
 * @typedef {{yours: Yours | null, problem: string}} Found
 */

/**
 * The shortest row that repeats to these letters.
 * @param {string} letters
 * @param {LettersKnob} knob
 * @returns {string}
 */
export const rowOf = (letters, knob) =>
  readTyped(asTyped(letters), { nLayers: null, letters: Object.keys(knob.letters), atMost: knob.at_most }).text ?? "";

/**
 * One's own schedule, if there is one.
 * @param {ChooseValues} values
 * @param {Comparison} comparison
 * @param {LettersKnob} knob
 * @returns {Found}
 */
export function yoursIn({ schedule: row, window }, comparison, knob) {
  if (!row) return { yours: null, problem: "" };
  const { n_layers: nLayers, n_tokens: seqLen, key_numbers: width, options } = comparison;
  const { text, said } = readTyped(row, { nLayers, letters: Object.keys(knob.letters), atMost: knob.at_most });
  if (text === null) return { yours: null, problem: said };
  const layers = scheduleOf({ schedule: text, window, sinks: 0 });
  /** @type {Way} */
  const way = [row, takesWindow(row) ? window : null];
  const pairs = layers.reduce((sum, pattern) => sum + pairsOf(pattern, seqLen), 0);
  const bytes = kvCacheBytes(layers, seqLen, width, 1, BYTES_PER_NUMBER);
  const measured = options.find((option) => isWay(option, way)) ?? null;
  return { yours: { letters: text, way, costs: { pairs, bytes }, measured }, problem: "" };
}

/**
 * What it costs, as shares of full attention, and what it needs or how that becomes known.
 * @param {Yours} yours
 * @param {Comparison} comparison
 * @param {Words} words
 * @param {{unit: string, named: string, served: boolean}} about
 * @returns {string}
 */
export function yoursText({ way, costs, measured }, { options }, words, { unit, named, served }) {
  const full = options.find(({ schedule }) => schedule === "full");
  const shares = /** @type {const} */ (["pairs", "bytes"]).map((cost) => {
    const share = (costs[cost] ?? NaN) / (full?.[cost] ?? NaN);
    return words.shares[cost].replace("{share}", `${Math.round(100 * share)} %`);
  });
  const said = `${capital(nameOf(way, words))} ${shares.join(" and ")}.`;
  if (measured) return `${said} It needs ${needs(measured, unit)} than ${named}.`;
  return served
    ? `${said} What it is worth is not known yet: “Measure your own text”, above, measures it too.`
    : `${said} What it is worth must be measured: the command below does it.`;
}
