// Questions on the rule: which keys a query reads in one layer, how many pairs that makes, and what a
// second layer adds.

/** @import { Choose, Question, Reading } from "./question.js" */

import { formulaText, pairsOf } from "../../cost.js";
import { keysOf, visible } from "../../patterns/pattern.js";
import { runAfterWith } from "../../patterns/schedule.js";
import { numbered, ruleText } from "../../patterns/sentences.js";
import { counted, thousands } from "../../wording/numbers.js";
import { ageText, anotherQuery, anotherSize, nameOf, numbers, range } from "./question.js";

const NEAR = 2;
const LEAST_BEFORE = 3;
const [OLDEST_KEY, LARGEST_SIZE] = [10, 24];

/**
 * A size, a query and the pattern of that size.
 * @param {Reading} reading
 * @param {Choose} choose
 */
function setting(reading, choose) {
  const size = anotherSize(reading, choose);
  const query = anotherQuery(reading, LEAST_BEFORE, choose);
  if (size === null || query === null) return null;
  const pattern = reading.resized(size);
  return { size, query, pattern, how: runAfterWith([pattern]), look: { ...reading.setSize(size), token: query + 1 } };
}

/**
 * Can this query read that key?  The key lies near the edge of what is read.
 * @param {Reading} reading
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function reads(reading, choose) {
  const set = setting(reading, choose);
  if (!set) return null;
  const { size, query, pattern, how, look } = set;
  const near = range(0, query).filter((key) => Math.abs(query - key - size + 0.5) < NEAR);
  const key = choose(near.length ? near : range(0, query));
  const isRead = visible(pattern, query, key);
  const [who, what] = [nameOf(reading.words, query), nameOf(reading.words, key)];
  return {
    question: `Can ${who} read ${what} in one layer, with ${how}?`,
    choices: ["Yes", "No"],
    right: isRead ? 0 : 1,
    why:
      `The key is ${ageText(query, key)} older than the query. The rule is ${ruleText(pattern)}, ` +
      `so the key is ${isRead ? "read" : "hidden"}.`,
    look,
    given: { pattern, query, key },
  };
}

/**
 * How many keys does a query read?
 * @param {Reading} reading
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function keys(reading, choose) {
  const set = setting(reading, choose);
  if (!set) return null;
  const { size, query, pattern, how, look } = set;
  const read = keysOf(pattern, query, reading.seqLen);
  return {
    question: `How many keys does ${nameOf(reading.words, query)} read in one layer, with ${how}?`,
    ...numbers(read.length, [read.length - 1, read.length + 1, size, query + 1, read.length + 2]),
    why: `It reads ${numbered(read)}: ${counted(read.length, "key")}. A query reads itself too.`,
    look,
    given: { pattern, query, seqLen: reading.seqLen },
  };
}

/**
 * How many score pairs does one layer need?
 * @param {Reading} reading
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function pairs(reading, choose) {
  const size = anotherSize(reading, choose);
  if (size === null) return null;
  const { seqLen } = reading;
  const pattern = reading.resized(size);
  const count = pairsOf(pattern, seqLen);
  const mistakes = [seqLen * size, pairsOf({ kind: "causal" }, seqLen), pairsOf(reading.resized(size + 1), seqLen)];
  return {
    question:
      `How many score pairs does one layer need for these ${counted(seqLen, "token")}, ` +
      `with ${runAfterWith([pattern])}?`,
    ...numbers(count, [...mistakes, count - size, count + size], thousands),
    why: `Counted: ${formulaText(pattern, seqLen)}. That makes ${counted(count, "pair")}.`,
    look: reading.setSize(size),
    given: { pattern, seqLen },
  };
}

/**
 * How large must the window be, so that a query just reads a key?
 * @param {Reading} reading
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function needed(reading, choose) {
  const query = anotherQuery(reading, LEAST_BEFORE, choose);
  if (query === null) return null;
  const key = choose(range(Math.max(query - OLDEST_KEY, 0), query - 1));
  const patterns = range(1, Math.min(reading.seqLen, LARGEST_SIZE) + 1).map(reading.resized);
  const size = patterns.findIndex((pattern) => visible(pattern, query, key)) + 1;
  if (size < 2) return null;
  const { sizeName } = reading;
  const [who, what] = [nameOf(reading.words, query), nameOf(reading.words, key)];
  return {
    question: `How large must ${sizeName} be at least, so that ${who} reads ${what} in one layer?`,
    ...numbers(size, [size - 1, size + 1, 2 * size, size + 2]),
    why:
      `The key is ${ageText(query, key)} older than the query. With ${sizeName} = ${size} the rule is ` +
      `${ruleText(patterns[size - 1])}; with ${sizeName} = ${size - 1} the key is hidden.`,
    look: { ...reading.setSize(size), token: query + 1 },
    given: { patterns, query, key },
  };
}

/**
 * Through how many layers does a token arrive: one, two, or more?
 * @param {Reading} reading
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function twice(reading, choose) {
  const set = setting(reading, choose);
  if (!set) return null;
  const { size, query, pattern, how, look } = set;
  const once = keysOf(pattern, query, reading.seqLen);
  const both = new Set(once.flatMap((key) => keysOf(pattern, key, reading.seqLen)));
  const key = choose(range(Math.max(query - 2 * size, 0), query));
  const right = [once.includes(key), both.has(key), true].indexOf(true);
  const reached = [...both].sort((one, other) => one - other);
  const [who, what] = [nameOf(reading.words, query), nameOf(reading.words, key)];
  return {
    question: `Can ${who} learn of ${what}, with ${how} in every layer?`,
    choices: ["Yes, in one layer", "Yes, but only through two layers", "No, not even through two layers"],
    right,
    why: `In one layer it reads ${numbered(once)}. These have read tokens too: through two layers ${numbered(
      reached,
    )} can arrive.`,
    look,
    given: { pattern, query, key, seqLen: reading.seqLen },
  };
}
