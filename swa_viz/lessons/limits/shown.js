// What is on screen in the limits lab: the values, and the three answers that go with them.

/** @import { PerplexityPayload, Schedule, WindowsPayload } from "../../web/core/types.d.ts" */
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
 * @property {boolean} waiting - Does `full` belong to other values?
 * @property {number | null} locked - The token that a click holds.
 * @property {number} query - The token that is looked at.
 */

/** @type {Reading} */
export const NO_READING = { tokens: [], ids: [], bits: [], expected: [], notice: "" };

/**
 * What is to be on screen for some values.
 * @param {LimitsLab} lab
 * @param {LimitsValues} values
 * @param {Reading} before - The last reading with full attention.
 * @returns {Shown}
 */
export function shownFor(lab, values, before) {
  const [found, other, all] = lab.requests(values).map(lab.engine.peek);
  const full = found ? { ...NO_READING, .../** @type {Partial<Reading>} */ (found) } : before;
  const windowed = found && other && "expected" in other ? other : null;
  const windows = found && all && "windows" in all ? all : null;
  const locked = heldToken(values.token, full.tokens.length);
  const query = locked ?? values.picked ?? worstToken(full, windowed);
  const last = full.tokens.length - 1;
  return {
    ...{ values, full, windowed, windows, locked },
    schedule: scheduleOf(values),
    waiting: !found,
    query: Math.min(query, last),
  };
}
