// What the fixes lab says, in words computed from the text and from what was measured.

/** @import { Fix, How, Shown, Stored } from "./shown.js" */

import { counted, percent } from "../../wording/numbers.js";
import { measuredAt, spread } from "./shown.js";

/** Two ways whose seeds lie further apart than this differ. */
const APART = 0.02;
/** Several standard errors above chance are no chance any more. */
const ERRORS = 3;

/** What each task asks. @type {Record<string, string>} */
const TASK = {
  recall: "A name gets a colour, and the name returns at the end. Its colour must follow.",
  copy: "Six colours stand in a row. After “again” the same six must follow.",
  brackets: "After “end” must follow the kind of the latest bracket that is still open.",
};

/** @param {Shown} shown */
function arrivalText({ fix, arrives }) {
  const layers = counted(fix.schedule.length, "layer");
  return {
    window: "A layer reads it directly.",
    asked: "A layer reads it if the query asks for a span that long.",
    state: "It has left the window, and is one of the words that the state of each layer sums up.",
    layers: `No layer reads it directly, but it can arrive through ${layers}.`,
    outside: "It cannot arrive through any layer, so the model can only guess.",
  }[arrives];
}

/**
 * The task, and where its answer stands.
 * @param {Shown} shown
 * @returns {string}
 */
export function textSentence(shown) {
  const { values, words, source, query } = shown;
  return (
    `${TASK[values.task]} “${words[source]}” decides the answer and stands ${counted(query - source, "word")} before ` +
    `the query. ${arrivalText(shown)}`
  );
}

/**
 * The lowest and the highest seed, if there are several.
 * @param {{low: number, high: number}} range
 * @param {number} seeds
 */
const rangeText = ({ low, high }, seeds) =>
  seeds > 1 ? ` (${percent(low)} to ${percent(high)} over ${counted(seeds, "seed")})` : " (one seed)";

/**
 * What a way does that the plain window does not, judged by all seeds.
 * @param {Fix} fix
 * @param {Fix} plain
 * @param {string} task
 * @param {number} at
 */
function judgement(fix, plain, task, at) {
  const [own, other] = [fix, plain].map(({ accuracy }) => spread(accuracy[task], at));
  if (own.low > other.high + APART) return "Every seed is better than every seed of the plain window.";
  if (own.high < other.low - APART) return "Every seed is worse than every seed of the plain window.";
  return "Its seeds and those of the plain window overlap: no difference could be told here.";
}

/**
 * Is it no better than a guess?
 * @param {How} how
 * @param {string} task
 * @param {number} share
 * @param {number} seeds
 */
function isGuess({ chance, n_asked: asked }, task, share, seeds) {
  const error = Math.sqrt((chance[task] * (1 - chance[task])) / (asked * seeds));
  return share < chance[task] + ERRORS * error;
}

/**
 * What was measured at the chosen distance.
 * @param {Stored} stored
 * @param {Shown} shown
 * @returns {string}
 */
export function verdict({ how, fixes }, { values, fix }) {
  const { task, distance, fix: name } = values;
  const at = measuredAt(how, distance);
  const seeds = fix.accuracy[task].length;
  const own = spread(fix.accuracy[task], at);
  const guess = isGuess(how, task, own.mean, seeds) ? " That is no better than a guess." : "";
  const first =
    `At a distance of ${how.distances[at]} words ${percent(own.mean)} of the answers are right` +
    `${rangeText(own, seeds)}.${guess}`;
  if (name === "window" || name === "full") return first;
  const plain = spread(fixes.window.accuracy[task], at);
  return `${first} With the plain window it is ${percent(plain.mean)}. ${judgement(fix, fixes.window, task, at)}`;
}

/**
 * The models of which the page shows results.
 * @param {How} how
 * @returns {string}
 */
export const seedsText = ({ seeds, n_asked: asked }) =>
  `Each point is ${counted(asked, "text")} for each of ${counted(seeds.length, "seed")}; bars go from the lowest ` +
  "seed to the highest.";
