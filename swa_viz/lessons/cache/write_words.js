// What is said of a text that the model has written, in words computed from it.

/** @import { GeneratePayload, WritingStep } from "../../web/core/types.d.ts" */

import { counted } from "../../wording/numbers.js";

/** Two speeds nearer than this differ by chance. */
const NEAR = 1.1;

/** @type {Record<string, string>} */
const ENDS = { length: "It has written as many tokens as you asked for.", end: "The model has ended its text." };

/**
 * How many tokens are written in a second; the first step reads the whole text, so it is left out.
 * @param {readonly WritingStep[]} steps
 * @returns {number | null} Null while there are too few.
 */
function speedOf(steps) {
  const seconds = steps.slice(1).reduce((sum, step) => sum + step.seconds, 0);
  return seconds > 0 ? (steps.length - 1) / seconds : null;
}

/**
 * @param {readonly WritingStep[]} steps
 * @returns {string}
 */
export function speedText(steps) {
  const speed = speedOf(steps);
  return speed === null ? "" : `${speed < 10 ? speed.toFixed(1) : Math.round(speed)} tokens per second`;
}

/**
 * Why the text ends here.
 * @param {GeneratePayload} payload
 * @param {boolean} isWhole
 * @returns {string}
 */
export function endText({ ended, steps }, isWhole) {
  if (!isWhole) return `You stopped it after ${counted(steps.length, "token")}.`;
  return ended === "stop" ? "The text where it stops has come." : (ENDS[ended] ?? ENDS.length);
}

/**
 * What the smaller cache saves, and whether it is faster.
 * @param {GeneratePayload} own
 * @param {GeneratePayload | null} full - The same with full attention, if that was timed.
 * @returns {string}
 */
export function compareText({ steps }, full) {
  const last = steps[steps.length - 1];
  if (!last) return "";
  const times = last.bytes_full / last.bytes_rolling;
  const smaller = times > 1.005 ? `The cache is ${times.toFixed(1)} times smaller than a full one.` : "";
  const [own, other] = [speedOf(steps), full && speedOf(full.steps)];
  if (own === null || !full || !other) return smaller;
  const speeds = `With full attention it wrote ${speedText(full.steps)}`;
  return `${smaller} ${speeds}: ${verdict(own / other, times)}`.trim();
}

/**
 * @param {number} faster
 * @param {number} smaller
 */
function verdict(faster, smaller) {
  if (faster > NEAR) return `here windows are ${faster.toFixed(1)} times as fast.`;
  const slower = faster < 1 / NEAR ? "slower" : "not faster";
  return smaller > NEAR ? `here windows are smaller but ${slower}.` : `here windows are ${slower}.`;
}
