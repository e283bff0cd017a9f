// What is said of a conversation in which one speaker said something that is asked for at its end.

/** @import { ChoicesPayload, ChoiceKnob, NumberKnob, Request } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { Likely } from "../../web/views/bars.js" */
/** @import { SharedKnobs } from "./kind.js" */
/** @import { Windows } from "./reading.js" */

import { exactReach } from "../../reach.js";
import { counted, percent } from "../../wording/numbers.js";
import { readAt } from "./reading.js";

/**
 * @typedef {SharedKnobs & {needle: ChoiceKnob, filler: NumberKnob, before: NumberKnob}} TalkKnobs
 * @typedef {Lab<TalkKnobs>} TalkLab
 *
 * What is on screen: the prompt in tokens, the sentence in it by its first token and the one after it, the shares
 * of the answers, null while they are on their way, and which of these is right.
 * @typedef {object} Shown
 * @property {readonly string[]} tokens
 * @property {readonly [number, number]} said
 * @property {Likely[] | null} full
 * @property {Likely[] | null} windowed
 * @property {number} right
 * @property {Windows} windows
 */

/**
 * The share of each answer in the probability of all.
 * @param {ChoicesPayload | null} found
 * @returns {Likely[] | null}
 */
export function sharesOf(found) {
  if (!found) return null;
  const { choices, probabilities } = found;
  const all = probabilities.reduce((sum, each) => sum + each, 0);
  return choices.map((piece, id) => ({ id, piece, share: probabilities[id] / all }));
}

/**
 * Which of the answers stands in the sentence.
 * @param {string} sentence
 * @param {Request["choices"]} choices
 * @returns {number}
 */
export const rightOf = (sentence, choices) => (choices ?? []).findIndex((choice) => sentence.includes(`${choice}.`));

/**
 * Where the sentence stands, and whether anything of it can arrive at the end.
 * @param {Shown} shown
 * @returns {string}
 */
export function placeText({ tokens, said: [first, stop], windows }) {
  const { size, layers } = windows;
  const [oldest, newest] = [tokens.length - 1 - first, tokens.length - stop];
  const reach = counted(exactReach(size, layers), "token");
  const begins = `The underlined sentence begins ${counted(oldest, "token")} before the end.`;
  if (readAt(oldest, windows) === "window") return `${begins} With W = ${size} one layer reads all of it.`;
  if (readAt(newest, windows) === "outside") {
    return `${begins} With W = ${size} the ${layers} layers reach ${reach}: nothing of it can arrive.`;
  }
  return `${begins} With W = ${size} no layer reads all of it. It can arrive through ${layers} layers, reach ${reach}.`;
}

/**
 * What the right answer gets, in full attention and through the windows.
 * @param {Shown} shown
 * @returns {string}
 */
export function answerText({ full, windowed, right, windows }) {
  if (!full) return "";
  const end = windowed ? `, and ${percent(windowed[right].share)} with W = ${windows.size}` : "";
  return (
    `In full attention the right answer “${full[right].piece.trim()}” gets ${percent(full[right].share)} of the ` +
    `probability of all answers${end}. Chance is ${percent(1 / full.length)}. A model also likes some names by ` +
    "itself: choose another speaker, and see whether the largest share moves along."
  );
}
