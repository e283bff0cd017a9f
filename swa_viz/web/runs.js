// The two runs of the model that a lab shows together: with full attention, and as its knobs say.

/** @import { AnyLab } from "./lab.js" */
/** @import { Part, Place, TracePayload } from "./core/types.d.ts" */

/**
 * A run of the model, or what stands in its place while there is none.
 * @typedef {object} Run
 * @property {readonly string[]} tokens
 * @property {number} seqLen
 * @property {(layer: number, head: number, query: number, key: number) => number} value
 * @property {TracePayload["next"]} next
 * @property {TracePayload["changes"]} [changes]
 * @property {Place & Partial<Part>} [part] - Of some tokens of a long text: where they stand.
 * @property {string} [notice] - What was left out of the text.
 * @property {string} [empty] - Why there are no tokens.
 */

/**
 * Both runs for some values.
 * @typedef {object} Runs
 * @property {Run} full - The last run with full attention that there was.
 * @property {Run | null} windowed - The other run; null while its numbers are on their way.
 * @property {boolean} waiting - Does `full` belong to other values?
 */

/** Full attention, with which everything is compared. */
export const FULL = { kind: "causal" };

/**
 * What stands in the place of a run before there is one.
 * @type {Run}
 */
export const NO_RUN = { tokens: [], seqLen: 0, next: [], value: () => NaN };

/**
 * The run in an answer; one that has no tokens has no numbers either.
 * @param {ReturnType<AnyLab["engine"]["peek"]>} answer
 * @returns {Run | null}
 */
function runIn(answer) {
  if (!answer) return null;
  return "value" in answer ? answer : { ...NO_RUN, ...answer };
}

/**
 * Both runs for some values of a lab whose plans are full attention and then its own schedule.
 * @param {AnyLab} lab
 * @param {AnyLab["values"]} values
 * @param {Run} before - The last run with full attention.
 * @returns {Runs}
 */
export function runsFor(lab, values, before) {
  const [found, windowed] = lab.requests(values).map(lab.engine.peek).map(runIn);
  return { full: found ?? before, windowed: found ? windowed : null, waiting: !found };
}
