// The plainest line of a chart.

/** @import { ChartLine } from "./chart.js" */

/**
 * A line whose points are all to be trusted.
 * @param {string} role
 * @param {string} label
 * @param {readonly number[]} x
 * @param {readonly number[]} y
 * @returns {ChartLine}
 */
export const line = (role, label, x, y) => ({ role, label, x, y, low: [], high: [], hollow: [], notes: [], last: "" });
