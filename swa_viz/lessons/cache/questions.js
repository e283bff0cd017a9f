// What the cache lab asks: where a token lives, what is forgotten, and what that costs.

/** @import { Pattern, Schedule } from "../../web/core/types.d.ts" */
/** @import { Choose, Question } from "../../web/questions/question.js" */
/** @import { Shown } from "./shown.js" */

import { keptBy } from "../../patterns/pattern.js";
import { resizedAfterWith, scheduleOf } from "../../patterns/schedule.js";
import { afterGoingBack } from "../../recompute.js";
import { countKept, evictedBy, slotOf } from "../../slots.js";
import { anotherSize, numbers, range, words } from "../../web/questions/question.js";
import { counted } from "../../wording/numbers.js";
import { nameOf } from "./words.js";

/**
 * A text in a cache.  All questions are about windows in every layer.
 * @typedef {object} Scene
 * @property {readonly string[]} tokens
 * @property {number} query - The position of the step on screen.
 * @property {number} seqLen
 * @property {number} size - The window on screen.
 * @property {string} letters - Windows in every layer.
 * @property {(size: number) => Schedule} schedule
 */

const HELD = "The ring holds them.";
const LOST = "Some are overwritten, and without copies the text is computed from its start.";

/**
 * A size, and a position whose slot was used before.
 * @param {Scene} scene
 * @param {Choose} choose
 */
function wrapped(scene, choose) {
  const size = anotherSize(scene, choose);
  if (size === null) return null;
  const schedule = scene.schedule(size);
  const kept = keptBy(schedule[0]);
  const late = range(kept.pinned + size, scene.seqLen).filter((position) => position !== scene.query);
  if (!late.length) return null;
  const position = choose(late);
  return {
    ...{ size, kept, position },
    how: resizedAfterWith(schedule, size),
    given: { schedule, position },
    look: { window: size, schedule: scene.letters, token: position + 1, keys: "cached" },
  };
}

/**
 * In which slot does a token live?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function slot(scene, choose) {
  const set = wrapped(scene, choose);
  if (!set) return null;
  const { size, kept, position, how, given, look } = set;
  const right = slotOf(kept, position);
  const first = kept.pinned ? `The first ${kept.pinned} slots are for sinks. ` : "";
  const sum = kept.pinned ? `${kept.pinned} + (${position} − ${kept.pinned}) mod ${size}` : `${position} mod ${size}`;
  return {
    question: `In which slot is ${nameOf(scene.tokens, position)} kept, with ${how}?`,
    ...numbers(right, [right + 1, right - 1, position % (size + 1), Math.floor(position / size), size]),
    why: `${first}Position i lives in slot i mod W: ${sum} = ${right}.`,
    ...{ look, given },
  };
}

/**
 * Which token is forgotten?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function evicts(scene, choose) {
  const set = wrapped(scene, choose);
  if (!set) return null;
  const { size, kept, position, how, given, look } = set;
  const gone = /** @type {number} */ (evictedBy(kept, position));
  const near = [gone + 1, gone - 1, 0, position - 1].filter((each) => each >= 0 && each !== position);
  /** @param {number} each */
  const name = (each) => nameOf(scene.tokens, each);
  const choices = words(name(gone), near.map(name), choose);
  return (
    choices && {
      question: `Which token does a layer forget when ${name(position)} is written, with ${how}?`,
      ...choices,
      why:
        `The window holds ${counted(size, "key")}, the new one among them. ` +
        `Position ${position} − ${size} = ${gone} has just left it.`,
      ...{ look, given },
    }
  );
}

/**
 * How many keys are kept?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function holds({ tokens, seqLen, query, letters, size: shown, schedule: resized }, choose) {
  const size = anotherSize({ seqLen, size: shown }, choose);
  if (size === null) return null;
  const schedule = resized(size);
  const position = choose(range(1, seqLen).filter((each) => each !== query));
  const kept = keptBy(schedule[0]);
  const right = countKept(kept, position + 1);
  const most = kept.pinned + size;
  return {
    question:
      `How many keys does a layer keep after ${nameOf(tokens, position)}, ` +
      `with ${resizedAfterWith(schedule, size)}?`,
    ...numbers(right, [position + 1, most, most - 1, most + 1, position]),
    why:
      `${counted(position + 1, "token")} are written, and there are ${counted(most, "slot")}: ` +
      `the smaller of both numbers is kept.`,
    look: { window: size, schedule: letters, token: position + 1, keys: "cached" },
    given: { schedule, position },
  };
}

/**
 * What must be computed again, when tokens are taken back?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function again(scene, choose) {
  const set = wrapped(scene, choose);
  if (!set) return null;
  const { size, kept, position, how, given, look } = set;
  const n = position + 1;
  const back = choose([1, 2, 3].filter((each) => each < n));
  const right = afterGoingBack([kept], n, back);
  /** @param {number} number */
  const say = (number) => counted(number, "token");
  const choices = words(say(right), [0, n - back, back, size, n].map(say), choose);
  return (
    choices && {
      question:
        `${counted(n, "token")} are in the cache, with ${how}. The last ${back === 1 ? "one is" : `${back} are`} ` +
        "rejected. How many tokens must be computed again before the model goes on?",
      ...choices,
      why: `Next, a layer reads the ${counted(size - 1, "key")} before position ${n - back}. ${right ? LOST : HELD}`,
      look: { ...look, drafted: back },
      given: { ...given, back },
    }
  );
}

/** The kinds of question, by their names in the address. */
export const KINDS = { slot, evicts, holds, again };

/**
 * What the questions are about.
 * @param {Pick<Shown, "values" | "query" | "waiting"> & {full: {tokens: readonly string[]}}} shown
 * @returns {Scene | null}
 */
export function sceneOf({ values, full, query, waiting }) {
  if (waiting || full.tokens.length < 2) return null;
  const letters = "w".repeat(scheduleOf(values).length);
  return {
    tokens: full.tokens,
    query,
    seqLen: full.tokens.length,
    size: values.window,
    letters,
    schedule: (size) => scheduleOf({ ...values, schedule: letters, window: size }),
  };
}
