// A line of means, each with a bar from the lowest to the highest of what it is the mean of.

/** @import { ChartLine } from "./chart.js" */

import { spreadOf } from "../../experiments/runs_together.js";
import { line } from "./plain_line.js";

/**
 * @param {string} role
 * @param {string} label
 * @param {readonly number[]} x
 * @param {readonly (readonly number[])[]} all - At each x; where these are single numbers, there are no bars.
 * @param {(low: number, high: number) => string} [say] - What a reader is told of a bar.
 * @returns {ChartLine}
 */
export function spreadLine(role, label, x, all, say) {
  const spreads = all.map(spreadOf);
  const plain = line(
    role,
    label,
    x,
    spreads.map((each) => each.mean),
  );
  if (all.every((each) => each.length < 2)) return plain;
  const [low, high] = [spreads.map((each) => each.low), spreads.map((each) => each.high)];
  return { ...plain, low, high, notes: say ? spreads.map((each) => say(each.low, each.high)) : [] };
}
