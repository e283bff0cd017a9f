// What is on screen in the limits lab: the values, and the four answers that go with them.

/** @import { FirstTokenPayload, PerplexityPayload, Schedule, WindowsPayload } from "../../web/core/types.d.ts" */
/** @import { LimitsLab, LimitsValues } from "./controls.js" */

import { scheduleOf } from "../../patterns/schedule.js";
import { heldToken } from "../../web/lab.js";
import { worstToken } from "./words.js";

/**
 * What the text costs in full attention, or what stands in its place while nobody knows.
 * @typedef {PerplexityPayload & {empty?: string}} Reading
 *
 * What is on screen.
 * @typedef {object} Shown
 * @property {LimitsValues} values
 * @property {Schedule} schedule
 * @property {Reading} full - The last reading with full attention that there was.
 * @property {PerplexityPayload | null} windowed - Null while its numbers are on their way.
 * @property {WindowsPayload | null} windows - The same.
 * @property {FirstTokenPayload | null} first - The same, with another first token.
 * @property {boolean} waiting - Does `full` belong to other values?
 * @property {number | null} locked - The token that a click holds.
 * @property {number} query - The token that is looked at.
 */

/** @type {Reading} */
export const NO_READING = { tokens: [], ids: [], bits: [], expected: [], notice: "" };

/**
 * The answers to some values beside the reading in full; null while they are on their way.
 * @param {ReturnType<LimitsLab["engine"]["peek"]>[]} answers
 * @returns {Pick<Shown, "windowed" | "windows" | "first">}
 */
function othersIn([windowed, windows, first]) {
  return {
    windowed: windowed && "expected" in windowed ? windowed : null,
    windows: windows && "windows" in windows ? windows : null,
    first: first && "moved" in first ? first : null,
  };
}

/**
 * What is to be on screen for some values.
 * @param {LimitsLab} lab
 * @param {LimitsValues} values
 * @param {Reading} before - The last reading with full attention.
 * @returns {Shown}
 */
export function shownFor(lab, values, before) {
  const [found, ...answers] = lab.requests(values).map(lab.engine.peek);
  const full = found ? { ...NO_READING, .../** @type {Partial<Reading>} */ (found) } : before;
  const others = othersIn(found ? answers : []);
  const locked = heldToken(values.token, full.tokens.length);
  const query = locked ?? values.picked ?? worstToken(full, others.windowed);
  return {
    ...{ values, full, ...others, locked },
    schedule: scheduleOf(values),
    waiting: !found,
    query: Math.min(query, full.tokens.length - 1),
  };
}
