// An axis on which every step is as many times the one before, around some numbers.

/** @import { Axis } from "../../web/views/chart.js" */

import { thousands } from "../../wording/numbers.js";

const ROOM = 1.15;
const STEPS = [1, 2, 5];
const [LOWEST, HIGHEST] = [-2, 6];

/**
 * The axis: it ends a little beyond the numbers, and its marks are round.
 * @param {string} title
 * @param {readonly number[]} numbers
 * @returns {Axis}
 */
export function axisOf(title, numbers) {
  const [low, high] = [Math.min(...numbers) / ROOM, Math.max(...numbers) * ROOM];
  const orders = Array.from({ length: HIGHEST - LOWEST }, (_, i) => 10 ** (LOWEST + i));
  const round = orders.flatMap((order) => STEPS.map((step) => step * order));
  const marks = round.filter((mark) => mark >= low && mark <= high);
  return { title, ends: [low, high], marks: marks.map((mark) => [mark, words(mark)]) };
}

/** @param {number} mark */
const words = (mark) => (mark < 1 ? String(Number(mark.toPrecision(1))) : thousands(mark));
