// What the limits lab asks: what windows of other sizes cost, and how far the first token is heard.

/** @import { PerplexityPayload, Schedule, WindowsPayload } from "../../web/core/types.d.ts" */
/** @import { Choose, Question } from "../../web/questions/question.js" */
/** @import { Shown } from "./shown.js" */

import { resizedAfterWith, scheduleOf } from "../../patterns/schedule.js";
import { reachable } from "../../reach.js";
import { numbers, range, words } from "../../web/questions/question.js";
import { counted } from "../../wording/numbers.js";
import { meanBits } from "./words.js";

/**
 * A text that was read in full, and with windows of many sizes.
 * @typedef {object} Scene
 * @property {number} query - The token on screen.
 * @property {number} seqLen
 * @property {number} size - The window on screen.
 * @property {number} best - The mean in full attention, in bits.
 * @property {WindowsPayload["windows"]} sizes
 * @property {WindowsPayload["bits"]} bits - The mean for each of them.
 * @property {(size: number) => Schedule} schedule
 */

/** What a window may cost more and still be called good enough, in bits. */
const ALLOWED = 0.5;
/** Less than this is nothing in print. */
const NOTHING = 0.05;
const SIZES = range(2, 13);
const TO_THE_END = "to the end of the text";

/** @param {number} bits */
const bitsText = (bits) => `${bits.toFixed(1)} bits`;

/** @param {number} bits */
function changeText(bits) {
  if (Math.abs(bits) < NOTHING) return "less than 0.05 bits more or less";
  return `${bitsText(Math.abs(bits))} ${bits > 0 ? "more" : "less"}`;
}

/**
 * What does a token cost with a window of another size?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function costs({ sizes, bits, best, size: shown, schedule }, choose) {
  const open = range(0, sizes.length).filter((at) => sizes[at] !== shown);
  if (!open.length) return null;
  const at = choose(open);
  const near = [bits[at + 1], bits[at - 1], best, ...bits].filter((each) => each !== undefined);
  const choices = words(bitsText(bits[at]), near.map(bitsText), choose);
  const how = resizedAfterWith(schedule(sizes[at]), sizes[at]);
  return (
    choices && {
      question: `What does a token of this text cost on average, with ${how}?`,
      ...choices,
      why: `In full attention it costs ${bitsText(best)}. The chart shows every size.`,
      look: { window: sizes[at] },
      given: { schedule: schedule(sizes[at]) },
    }
  );
}

/**
 * What does half a window cost?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function halving({ sizes, bits, schedule }, choose) {
  const halves = range(0, sizes.length - 1).filter((at) => sizes[at + 1] === 2 * sizes[at]);
  if (!halves.length) return null;
  const changes = halves.map((at) => bits[at] - bits[at + 1]);
  const place = choose(range(0, halves.length));
  const [at, change] = [halves[place], changes[place]];
  const choices = words(changeText(change), [...changes, 2 * change, change / 2].map(changeText), choose);
  return (
    choices && {
      question: `W is halved from ${sizes[at + 1]} to ${sizes[at]}. What does a token cost then, on average?`,
      ...choices,
      why: `It costs ${bitsText(bits[at + 1])} before, and ${bitsText(bits[at])} then.`,
      look: { window: sizes[at] },
      given: { schedules: [schedule(sizes[at + 1]), schedule(sizes[at])] },
    }
  );
}

/**
 * Which window is the smallest that is good enough?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function enough({ sizes, bits, best, schedule }, choose) {
  if (sizes.length < 2) return null;
  const allowed = choose([ALLOWED, 2 * ALLOWED]);
  const at = bits.findIndex((mean) => mean <= best + allowed);
  if (at < 0) return null;
  const before = at ? `With W = ${sizes[at - 1]} it costs ${bitsText(bits[at - 1])}, and w` : "W";
  return {
    question:
      `Which is the smallest of W = ${sizes.join(", ")} with which a token costs at most ` +
      `${bitsText(allowed)} more than in full attention, on average?`,
    ...numbers(sizes[at], [sizes[at + 1], sizes[at - 1], sizes[at + 2], sizes[at - 2]].filter(Boolean)),
    why: `In full attention a token costs ${bitsText(best)}. ${before}ith W = ${sizes[at]}, ${bitsText(bits[at])}.`,
    look: { window: sizes[at] },
    given: { schedules: sizes.map(schedule), sizes, allowed },
  };
}

/**
 * How far is the first token heard?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function heard({ seqLen, size: shown, schedule }, choose) {
  if (seqLen < 3) return null;
  const size = choose(SIZES.filter((each) => each !== shown));
  const layers = schedule(size);
  const last = range(0, seqLen).findLast((query) => reachable(layers, query, seqLen)[0][0] === 1) ?? 0;
  const isAll = last === seqLen - 1;
  const ceiling = layers.length * (size - 1);
  const inside = numbers(
    last,
    [ceiling, size - 1, size, layers.length * size].filter((each) => each < seqLen - 1),
  );
  const counts = isAll ? inside.choices.filter((_, at) => at !== inside.right) : inside.choices;
  return {
    question:
      "Another first token is typed. How many tokens later can a prediction change at most, " +
      `with ${resizedAfterWith(layers, size)}?`,
    choices: [...counts, TO_THE_END],
    right: isAll ? counts.length : inside.right,
    why: isAll
      ? `Through ${counted(layers.length, "layer")} the first token reaches all ${seqLen} tokens.`
      : "Every layer adds what its window reads before the token itself, and there are " +
        `${counted(layers.length, "layer")}. Beyond that the logits stay bit for bit the same.`,
    look: { window: size },
    given: { schedule: layers, seqLen },
  };
}

/** The kinds of question, by their names in the address. */
export const KINDS = { costs, halving, enough, heard };

/**
 * What the questions are about; null while numbers are on their way.
 * @param {Pick<Shown, "values" | "windows" | "waiting" | "query"> & {full: PerplexityPayload}} shown
 * @returns {Scene | null}
 */
export function sceneOf({ values, full, windows, waiting, query }) {
  if (waiting || !windows || windows.tokens.length < 2) return null;
  return {
    query,
    seqLen: full.tokens.length,
    size: values.window,
    best: meanBits(full.bits),
    sizes: windows.windows,
    bits: windows.bits,
    schedule: (size) => scheduleOf({ ...values, window: size }),
  };
}
