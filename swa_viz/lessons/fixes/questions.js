// What the fixes lab asks: which ways let a far word arrive, what was found there, and what it costs.

/** @import { Choose, Question } from "../../web/questions/question.js" */
/** @import { Fix, FixesLab, FixesValues, Stored } from "./shown.js" */

import { mean } from "../../experiments/runs_together.js";
import { numbers, words } from "../../web/questions/question.js";
import { counted, percent, thousands } from "../../wording/numbers.js";
import { measuredAt, storedOf } from "./shown.js";

/**
 * What was measured, and which way is on screen at which distance.
 * @typedef {object} Scene
 * @property {number} query - The distance on screen: what stands there is not asked about.
 * @property {Stored} stored
 * @property {string} name - Of the way on screen.
 * @property {string} task
 */

/** Shares of right answers up to here are few, and then some; above are most. */
const [FEW, SOME] = [0.35, 0.8];
const N_WRONG = 3;

/**
 * The ways that read the same whatever was learned.
 * @param {Stored} stored
 */
const fixedWays = ({ fixes }) => Object.entries(fixes).filter(([, { spans }]) => !spans);

/**
 * The ways whose reach is counted from their windows, with whether a word so far back can arrive through them.
 * @param {Stored} stored
 * @param {number} distance
 */
function arrivals(stored, distance) {
  const counted = fixedWays(stored).filter(([, fix]) => fix.causal && !fix.state_bytes);
  return counted.map(([name, { label, reach }]) => ({ name, label, arrives: reach > distance }));
}

/**
 * Some of a list, in an order made by chance.
 * @template Item
 * @param {readonly Item[]} list
 * @param {number} count
 * @param {Choose} choose
 * @returns {Item[]}
 */
function some(list, count, choose) {
  const [rest, taken] = [[...list], /** @type {Item[]} */ ([])];
  while (rest.length && taken.length < count) taken.push(...rest.splice(rest.indexOf(choose(rest)), 1));
  return taken;
}

/**
 * Which way lets a word arrive that stands so far back?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function arrives({ stored, query: shown }, choose) {
  const { how, fixes } = stored;
  const far = how.distances.filter((each) => each !== shown && arrivals(stored, each).some((way) => !way.arrives));
  const distance = choose(far);
  const ways = arrivals(stored, distance);
  const right = choose(ways.filter((way) => way.arrives));
  const wrong = some(
    ways.filter((way) => !way.arrives),
    N_WRONG,
    choose,
  );
  const labels = wrong.map(({ label }) => label);
  const choices = words(right.label, labels, choose);
  return (
    choices && {
      question: `A word stands ${counted(distance, "word")} before the query. With which of these can it arrive?`,
      ...choices,
      why:
        `With “${right.label}” ${thousands(fixes[right.name].reach)} words can arrive at the last one, itself ` +
        `included. The others reach ${wrong.map(({ name }) => fixes[name].reach).join(", ")}.`,
      look: { fix: right.name, distance },
      given: { distance, among: [right.name, ...wrong.map(({ name }) => name)] },
    }
  );
}

/**
 * How often was the answer right with this way, so far back?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function found({ stored: { how, fixes }, name: shown, task, query }, choose) {
  const name = choose(Object.keys(fixes).filter((each) => each !== shown));
  const { label, accuracy } = fixes[name];
  const asked = how.distances.filter((each, at) => each !== query && accuracy[task][0][at] !== null);
  const distance = choose(asked);
  const share = mean(accuracy[task].map((seed) => seed[measuredAt(how, distance)] ?? NaN));
  return {
    question:
      `The answer stands ${counted(distance, "word")} back. Task “${task}”, way “${label}”: how many answers were ` +
      "right, on average of the seeds?",
    choices: [`At most ${percent(FEW)}`, "In between", `More than ${percent(SOME)}`],
    right: [FEW, SOME].filter((limit) => share > limit).length,
    why: `It was ${percent(share)}. Who guesses is right in ${percent(how.chance[task])}.`,
    look: { fix: name, distance },
    given: { fix: name, task, distance },
  };
}

/**
 * How many score pairs does this way need?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function price({ stored, name: shown }, choose) {
  const { how, fixes } = stored;
  const open = fixedWays(stored).filter(([name]) => name !== shown && name !== "full");
  const [name, { label, pairs }] = choose(open);
  const [full, plain] = [fixes.full.pairs, fixes.window.pairs];
  return {
    question:
      `Full attention scores ${thousands(full)} pairs of ${how.text_len} words in all its layers and heads. ` +
      `How many does “${label}” score?`,
    ...numbers(pairs, [plain, 2 * pairs, Math.round(pairs / 2), 3 * pairs], thousands),
    why: `The plain window needs ${thousands(plain)}, and this way ${(pairs / plain).toFixed(1)} times as many.`,
    look: { fix: name },
    given: { fix: name },
  };
}

/** @param {Fix} fix */
const kept = ({ kv_bytes: keys, state_bytes: state }) => Number(keys) + state;

/**
 * Which way keeps least?
 * @param {Scene} scene
 * @param {Choose} choose
 * @returns {Question | null}
 */
function keeps({ stored }, choose) {
  const causal = fixedWays(stored).filter(([, { kv_bytes: keys }]) => keys !== null);
  const among = some(causal, N_WRONG + 1, choose).sort(([, one], [, other]) => kept(one) - kept(other));
  const [[name, least], ...others] = among;
  if (others.some(([, other]) => kept(other) === kept(least))) return null;
  const labels = others.map(([, { label }]) => label);
  const choices = words(least.label, labels, choose);
  return (
    choices && {
      question: `After ${stored.how.text_len} words, which of these keeps the fewest bytes of keys, values and state?`,
      ...choices,
      why: `${among.map(([, fix]) => `${fix.label}: ${thousands(kept(fix))} bytes`).join("; ")}.`,
      look: { fix: name },
      given: { among: among.map(([each]) => each) },
    }
  );
}

/** The kinds of question, by their names in the address. */
export const KINDS = { arrives, found, price, keeps };

/**
 * What the questions are about.
 * @param {FixesLab} lab
 * @param {Pick<FixesValues, "fix" | "task" | "distance">} values
 * @returns {Scene}
 */
export const sceneOf = (lab, { fix, task, distance }) => ({ query: distance, stored: storedOf(lab), name: fix, task });
