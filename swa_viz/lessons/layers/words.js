// What the layers lab says of the reach of its schedule, in words computed from it.

/** @import { ReachFacts } from "../../reach.js" */
/** @import { Schedule } from "../../web/core/types.d.ts" */
/** @import { LayersLab } from "./controls.js" */

import { pairsOf } from "../../cost.js";
import { triangle } from "../../patterns/counting.js";
import { isFull } from "../../patterns/pattern.js";
import { isUniform, runName } from "../../patterns/schedule.js";
import { MOST, nearestCarrying } from "../../reach.js";
import { counted, percent, thousands } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";

/**
 * Where most of the influence lies.
 * @typedef {object} Near
 * @property {number} tokens - So many of the nearest tokens carry it.
 * @property {number} part - So much of what is not on sinks.
 * @property {number} kept - What the sinks keep of all.
 */

/**
 * The token on top, by its word.
 * @param {{tokens: readonly string[], query: number}} scene
 * @returns {string}
 */
export const nameIn = ({ tokens, query }) => `“${readable(tokens[query])}”`;

/**
 * What to say while the influence is not measured.
 * @param {LayersLab} lab
 * @param {Schedule} schedule
 * @returns {string}
 */
export function pendingText(lab, schedule) {
  const absence = lab.engine.absence();
  if (absence) return `The influence is not measured: ${absence.replace("…", "")}`;
  const what = `${runName(schedule)}, ${counted(schedule.length, "layer")}`;
  return `${lab.mayRun() ? "Measuring" : "Let go to measure"} the influence (${what})`;
}

/**
 * How many of the nearest tokens carry most of the influence that is not on sinks.
 * @param {readonly number[]} shares - One for each token, summing to 1.
 * @param {number} query
 * @param {ReachFacts} facts
 * @returns {Near}
 */
export function nearest(shares, query, { sinks }) {
  const kept = shares.slice(0, sinks).reduce((a, b) => a + b, 0);
  const byAge = shares.slice(sinks, query + 1).reverse();
  return { tokens: nearestCarrying(byAge, MOST * (1 - kept)), part: MOST, kept };
}

/**
 * What was measured, beside what could be.
 * @param {Near} near
 * @param {number} query
 * @param {ReachFacts} facts
 * @param {string} name - Of the query.
 * @returns {string}
 */
export function findingText({ tokens: count, kept }, query, facts, name) {
  const most = percent(MOST).replace(".0", "");
  const carry = `nearest ${counted(count, "token")} ${count === 1 ? "carries" : "carry"} ${most}`;
  const influence = `of the measured influence on ${name}`;
  const limit = limitText(query, facts);
  if (!facts.sinks) return `The ${carry} ${influence}; ${limit}.`;
  const sinks = facts.sinks === 1 ? "The sink carries" : `The ${facts.sinks} sinks carry`;
  return `${sinks} ${percent(kept)} ${influence}; of the rest the ${carry}; ${limit}.`;
}

/**
 * @param {number} query
 * @param {ReachFacts} facts
 */
function limitText(query, { heard, formula, whole }) {
  if (whole) return `${query + 1} are within reach, through layer ${whole}`;
  if (formula === null) return `${heard} of ${counted(query + 1, "token")} ${heard === 1 ? "is" : "are"} within reach`;
  return formula > query + 1
    ? `the text allows ${query + 1}, the ceiling ${thousands(formula)}`
    : `the ceiling is ${thousands(formula)}`;
}

/**
 * The product that is widely quoted, and how far it is off.
 * @param {number} round - In tokens.
 * @param {number} exact
 * @returns {string}
 */
export const ruleOfThumb = (round, exact) =>
  `rule of thumb W × L = ${thousands(round)} (${thousands(round - exact)} too many)`;

/**
 * The exact reach.  The closed form stands for plain windows only; everything else is counted on this
 * text.
 * @param {Schedule} schedule
 * @param {ReachFacts} facts
 * @returns {string}
 */
export function reachBadge(schedule, { heard, formula, whole }) {
  if (whole) return `exact reach: the whole text, through layer ${whole}`;
  if (formula === null) return `exact reach ${counted(heard, "token")} here, counted`;
  const round = formula - 1 + schedule.length;
  const exact = `exact reach ${counted(formula, "token")}`;
  if (isUniform(schedule)) return `${exact} · ${ruleOfThumb(round, formula)}`;
  return `${exact} · all W add up to ${thousands(round)} (${thousands(round - formula)} too many)`;
}

/**
 * Where the cone spans the whole text, and why; else "".
 * @param {Schedule} schedule
 * @param {ReachFacts} facts
 * @param {number} seqLen
 * @returns {string}
 */
export function spanningText(schedule, { whole }, seqLen) {
  if (whole && !isUniform(schedule)) return ` Layer ${whole} reads everything: below it the cone spans the whole text.`;
  const [pattern] = schedule;
  const covers = isUniform(schedule) && !isFull(pattern) && pairsOf(pattern, seqLen) === triangle(seqLen);
  return covers ? " W covers this whole text: the cone spans it from layer 1 on." : "";
}
