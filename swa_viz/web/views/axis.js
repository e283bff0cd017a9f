// The axes of a chart, around the numbers that it shows.

/** @import { Axis } from "./chart.js" */

import { thousands } from "../../wording/numbers.js";

const ROOM = 1.15;
const ORDERS = Array.from({ length: 22 }, (_, i) => i - 15);
/** What may stand between a power of ten and the next, the finest first. */
const BETWEEN = [
  Array.from({ length: 90 }, (_, i) => (10 + i) / 10),
  Array.from({ length: 45 }, (_, i) => (10 + 2 * i) / 10),
  Array.from({ length: 36 }, (_, i) => (40 + 10 * i) / 40),
  [1, 1.5, 2, 3, 4, 6, 8],
  [1, 2, 5],
  [1],
];
/** The sizes of equal steps. */
const STEPS = [-3, -2, -1, 0, 1].flatMap((order) => [1, 2, 5].map((size) => size * 10 ** order));
const MOST_MARKS = 8;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * An axis on which every step is as many times the one before: it ends a little beyond the numbers, and
 * its marks are round.
 * @param {string} title
 * @param {readonly number[]} numbers
 * @returns {Axis}
 */
export function growingAxis(title, numbers) {
  const [low, high] = [Math.min(...numbers) / ROOM, Math.max(...numbers) * ROOM];
  const round = BETWEEN.map((steps) =>
    ORDERS.flatMap((order) => steps.map((step) => Number((step * 10 ** order).toPrecision(3)))).filter(
      (mark) => mark >= low && mark <= high,
    ),
  );
  const enough = round.find((marks) => marks.length <= MOST_MARKS) ?? sparse(round[round.length - 1]);
  return { title, ends: [low, high], marks: enough.map((mark) => [mark, words(mark)]) };
}

/**
 * Every second or third of too many marks.
 * @param {number[]} marks
 */
function sparse(marks) {
  const every = Math.ceil(marks.length / MOST_MARKS);
  return marks.filter((_, i) => i % every === 0);
}

/** @param {number} mark */
function words(mark) {
  if (mark >= 10) return thousands(mark);
  if (mark >= 0.01) return String(mark);
  const times = Number(mark.toExponential().split("e")[0]);
  return times === 1 ? smallPower(mark) : `${times} × ${smallPower(mark / times)}`;
}

/**
 * The power of ten nearest to a small number: 1e-9 -> "10⁻⁹".
 * @param {number} number
 * @returns {string}
 */
export function smallPower(number) {
  const digits = [...String(Math.round(-Math.log10(number)))].map((digit) => SUPERSCRIPTS[Number(digit)]);
  return `10⁻${digits.join("")}`;
}

/**
 * An axis of positions, from the first token on.
 * @param {string} title
 * @param {number} last - The last position.
 * @returns {Axis}
 */
export function positionAxis(title, last) {
  const step = [1, 2, 5, 10, 20, 50].find((size) => last / size <= MOST_MARKS) ?? last;
  const marks = Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
  return { title, ends: [0, Math.max(last, 1)], marks: marks.map((mark) => [mark, `${mark}`]), straight: true };
}

/**
 * An axis with equal steps around some numbers; its marks are round.
 * @param {string} title
 * @param {readonly number[]} numbers
 * @returns {Axis}
 */
export function straightAxis(title, numbers) {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const step = STEPS.find((size) => (high - low) / size <= MOST_MARKS) ?? high - low;
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  const marks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return {
    title,
    ends: [first * step, last * step],
    marks: marks.map((mark) => [mark, mark.toFixed(digits).replace("-", "−")]),
    straight: true,
  };
}
