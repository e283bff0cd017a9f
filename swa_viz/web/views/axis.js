// An axis around some numbers, on which every step is as many times the one before.

/** @import { Axis } from "./chart.js" */

import { thousands } from "../../wording/numbers.js";

const ROOM = 1.12;
const MOST_MARKS = 8;
const ORDERS = Array.from({ length: 22 }, (_, i) => i - 9);
/** What may stand between a power of ten and the next, the finest first. */
const STEPS = [
  Array.from({ length: 90 }, (_, i) => (10 + i) / 10),
  Array.from({ length: 45 }, (_, i) => (10 + 2 * i) / 10),
  [1, 1.5, 2, 3, 4, 6, 8],
  [1, 2, 5],
  [1],
];

/**
 * The axis: it ends a little beyond the numbers, and its marks are round.
 * @param {string} title
 * @param {readonly number[]} numbers - All above 0.
 * @returns {Axis}
 */
export function growingAxis(title, numbers) {
  const [low, high] = [Math.min(...numbers) / ROOM, Math.max(...numbers) * ROOM];
  const inside = STEPS.map((steps) =>
    ORDERS.flatMap((order) => steps.map((step) => Number((step * 10 ** order).toPrecision(3)))).filter(
      (mark) => mark >= low && mark <= high,
    ),
  );
  const marks = inside.find(({ length }) => length <= MOST_MARKS) ?? inside[STEPS.length - 1];
  return { title, ends: [low, high], marks: marks.map((mark) => [mark, mark >= 10 ? thousands(mark) : String(mark)]) };
}
