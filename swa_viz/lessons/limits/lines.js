// What all charts of this lab are made of.

/** @import { ChartLine } from "../../web/views/chart.js" */

/**
 * A line whose points are all to be trusted.
 * @param {string} role
 * @param {string} label
 * @param {readonly number[]} x
 * @param {readonly number[]} y
 * @returns {ChartLine}
 */
export const line = (role, label, x, y) => ({ role, label, x, y, low: [], high: [], hollow: [], notes: [], last: "" });
