// Questions on how far information travels through layers.

/** @import { Schedule } from "../core/types.d.ts" */
/** @import { Choose, Question } from "./question.js" */

import { isUniform, resizedAfterWith } from "../../patterns/schedule.js";
import { reachable } from "../../reach.js";
import { counted } from "../../wording/numbers.js";
import { nameOf, numbers, range } from "./question.js";

/**
 * Some layers over a text, and what they could be.
 * @typedef {object} Stack
 * @property {readonly string[]} tokens
 * @property {number} query - The token on top.
 * @property {number} layers - How many count now.
 * @property {number} mostLayers
 * @property {number} size - The window.
 * @property {(size: number, layers: number) => Schedule} schedule
 */

const SIZES = range(2, 9);
const OLDEST = 24;

/**
 * How many tokens can reach the query.
 * @param {Schedule} schedule
 * @param {Stack} stack
 */
const heard = (schedule, { query, tokens }) =>
  reachable(schedule, query, tokens.length)[0].reduce((sum, reached) => sum + reached, 0);

/**
 * Can a token reach the query?
 * @param {Schedule} schedule
 * @param {Stack} stack
 * @param {number} key
 */
const arrives = (schedule, { query, tokens }, key) => reachable(schedule, query, tokens.length)[0][key] === 1;

/**
 * How many tokens can reach the one on top?
 * @param {Stack} stack
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function ceiling(stack, choose) {
  const { query, tokens, mostLayers } = stack;
  const counts = range(1, mostLayers + 1).filter((layers) => layers !== stack.layers);
  // Where the whole text arrives, there is nothing to count.
  const open = SIZES.flatMap((size) => counts.map((layers) => ({ size, layers }))).filter(
    ({ size, layers }) => layers > 1 && heard(stack.schedule(size, layers), stack) <= query,
  );
  if (!open.length) return null;
  const { size, layers } = choose(open);
  const schedule = stack.schedule(size, layers);
  const count = heard(schedule, stack);
  const adds = isUniform(schedule) ? `: W − 1 = ${size - 1} for a window` : "";
  return {
    question:
      `How many tokens, itself included, can influence ${nameOf(tokens, query)} ` +
      `through ${counted(layers, "layer")}, with ${resizedAfterWith(schedule, size)}?`,
    ...numbers(count, [size * layers, count - 1, count + 1, size + layers, size]),
    why:
      `Every layer adds what it reads before the token itself${adds}. ` +
      `Through ${counted(layers, "layer")} ${counted(count, "token")} can arrive.`,
    look: { window: size, layers },
    given: { schedule, query, seqLen: tokens.length },
  };
}

/**
 * A token before the one on top, not its nearest.
 * @param {Stack} stack
 * @param {Choose} choose
 */
const olderToken = ({ query }, choose) => choose(range(Math.max(query - OLDEST, 0), query - 1));

/**
 * How many layers does it take until a token arrives?
 * @param {Stack} stack
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function depth(stack, choose) {
  const { query, tokens, mostLayers } = stack;
  if (query < 3) return null;
  const size = choose(SIZES.filter((each) => each !== stack.size));
  // Some of these tokens are just too far away.
  const furthest = (size - 1) * mostLayers + 2;
  const key = choose(range(Math.max(query - furthest, 0), query - 1));
  const schedules = range(1, mostLayers + 1).map((layers) => stack.schedule(size, layers));
  const layers = schedules.findIndex((schedule) => arrives(schedule, stack, key)) + 1;
  const never = `More than ${mostLayers}`;
  const given = { schedules, query, key, seqLen: tokens.length };
  const how = resizedAfterWith(schedules[mostLayers - 1], size);
  const [who, what] = [nameOf(tokens, query), nameOf(tokens, key)];
  const last = layers || mostLayers;
  const rough = Math.ceil((query - key + 1) / size);
  const others = [rough, last - 1, last + 1, last - 2, last + 2].filter((count) => count <= mostLayers);
  const counts = numbers(last, others);
  return {
    question: `How many layers does it take until ${what} can influence ${who}, with ${how}?`,
    choices: [...counts.choices, never],
    right: layers ? counts.right : counts.choices.length,
    why: layers
      ? `The token is ${counted(query - key, "place")} back, and a window of W = ${size} adds W − 1 = ${size - 1} ` +
        `places with its layer. Layer ${layers} is the first that gets there.`
      : `The token is ${counted(query - key, "place")} back: too far for ${counted(mostLayers, "layer")}.`,
    look: { window: size, layers: layers || mostLayers },
    given,
  };
}

/**
 * How large must the window be, so that a token just arrives?
 * @param {Stack} stack
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function width(stack, choose) {
  const { query, tokens, mostLayers } = stack;
  if (query < 3) return null;
  const layers = choose(range(2, Math.max(mostLayers + 1, 3)));
  const key = olderToken(stack, choose);
  const schedules = range(1, Math.min(tokens.length, OLDEST) + 1).map((size) => stack.schedule(size, layers));
  const size = schedules.findIndex((schedule) => arrives(schedule, stack, key)) + 1;
  if (size < 2) return null;
  const [who, what] = [nameOf(tokens, query), nameOf(tokens, key)];
  return {
    question: `How large must W be at least, so that ${what} can influence ${who} through ${counted(layers, "layer")}?`,
    ...numbers(size, [query - key + 1, size - 1, size + 1, size + 2]),
    why:
      `The token is ${counted(query - key, "place")} back. With W = ${size} it arrives through ` +
      `${counted(layers, "layer")}; with W = ${size - 1} it does not.`,
    look: { window: size, layers },
    given: { schedules, query, key, seqLen: tokens.length },
  };
}

/**
 * Which of these tokens is the oldest that can arrive?
 * @param {Stack} stack
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function oldest(stack, choose) {
  const { query, tokens, mostLayers } = stack;
  const layers = choose(range(1, mostLayers + 1));
  const sizes = SIZES.filter((size) => size !== stack.size && !arrives(stack.schedule(size, layers), stack, 0));
  if (!sizes.length) return null;
  const size = choose(sizes);
  const schedule = stack.schedule(size, layers);
  const first = reachable(schedule, query, tokens.length)[0].indexOf(1);
  const mistakes = [query + 2 - size * layers, first, first + 2, first + 3, first - 1];
  const places = numbers(
    first + 1,
    mistakes.filter((place) => place <= query + 1),
  );
  return {
    question:
      `Which is the oldest token that can influence ${nameOf(tokens, query)} ` +
      `through ${counted(layers, "layer")}, with ${resizedAfterWith(schedule, size)}?`,
    choices: places.choices.map((place) => nameOf(tokens, Number(place) - 1)),
    right: places.right,
    why:
      `Through ${counted(layers, "layer")} the view goes ${counted(query - first, "place")} back from token ` +
      `${query + 1}, to token ${first + 1}.`,
    look: { window: size, layers },
    given: { schedule, query, seqLen: tokens.length },
  };
}
