// How far information can travel through layers: the same as reach.py, and a test
// holds the two equal.  A schedule is a list of patterns, first layer first.

/** @import { Pattern, Schedule } from "./web/core/types.d.ts" */

import { bandOf, isFull, keysOf, nPinned, visible } from "./patterns/pattern.js";

/** The part of all influence that is called "most". */
export const MOST = 0.9;

const ROUNDING = 1e-6;

/**
 * How many tokens L layers of windows of W can learn from, the query included.
 * @param {number} windowSize
 * @param {number} layers
 * @returns {number}
 */
export const exactReach = (windowSize, layers) => layers * (windowSize - 1) + 1;

/**
 * The rule of thumb W x L that is widely quoted.
 * @param {number} windowSize
 * @param {number} layers
 * @returns {number}
 */
export const roundReach = (windowSize, layers) => windowSize * layers;

/**
 * How many tokens a query far into the text can learn from, itself included.
 * @param {Schedule} schedule
 * @returns {number | null | undefined} Null where one full layer brings the whole text before it, and
 *   undefined for a mix that is not counted here: patterns with gaps, or different chunks.
 */
export function stackReach(schedule) {
  if (schedule.some(isFull)) return null;
  const [{ kind, chunk_size: size }] = schedule;
  if (kind === "chunked" && schedule.every((pattern) => pattern.chunk_size === size)) return size;
  return added(schedule, ([back, ahead]) => back + ahead, 1);
}

/**
 * The rule of thumb that is widely quoted, W * L: the window sizes of all layers, added up.
 * @param {Schedule} schedule - Of windows around the query.
 * @returns {number | undefined} Undefined where a layer is none.
 */
export const roundStackReach = (schedule) => added(schedule, ([back, ahead]) => back + ahead + 1, 0);

/**
 * @param {Schedule} schedule
 * @param {(band: [back: number, ahead: number]) => number} number
 * @param {number} start
 */
function added(schedule, number, start) {
  const bands = schedule.map(bandOf).filter((band) => band !== null);
  if (bands.length < schedule.length || schedule.some(isFull)) return undefined;
  return bands.reduce((sum, band) => sum + number(band), start);
}

/**
 * How many tokens at the start of the text are read from any distance.
 * @param {Schedule} schedule
 * @returns {number}
 */
export const sinksOf = (schedule) => Math.max(0, ...schedule.map(nPinned));

/** @type {WeakMap<Pattern, number[][]>} */
const tables = new WeakMap();

/**
 * The keys of every query.  They are listed once for a pattern and a length, because drawing asks
 * again and again.
 * @param {Pattern} pattern - The table is kept by this object.
 * @param {number} seqLen
 * @returns {number[][]} `table[query]`: its keys, oldest first.
 */
export function keyTable(pattern, seqLen) {
  const known = tables.get(pattern);
  if (known?.length === seqLen) return known;
  const table = Array.from({ length: seqLen }, (_, query) => keysOf(pattern, query, seqLen));
  tables.set(pattern, table);
  return table;
}

/**
 * @param {number} place
 * @param {number} length
 */
const oneHot = (place, length) => new Float64Array(length).fill(1, place, place + 1);

/**
 * From the top down, what each row of states becomes one layer lower.
 * @param {Schedule} schedule
 * @param {Float64Array} top - The row above the last layer.
 * @param {(pattern: Pattern, row: Float64Array) => Float64Array} step
 * @returns {Float64Array[]} All rows, the tokens first.
 */
function descend(schedule, top, step) {
  const rows = [top];
  for (const pattern of [...schedule].reverse()) rows.push(step(pattern, rows[rows.length - 1]));
  return rows.reverse();
}

/**
 * Which states can matter for the last state of `query`.  It is exact for every schedule: a layer
 * adds what its reached tokens may read.
 * @param {Schedule} schedule
 * @param {number} query
 * @param {number} seqLen
 * @returns {Float64Array[]} `rows[l][position]` is 1 or 0 after layer l; l = 0 are the tokens.
 */
export function reachable(schedule, query, seqLen) {
  return descend(schedule, oneHot(query, seqLen), (pattern, row) => {
    const seen = new Float64Array(seqLen);
    const table = keyTable(pattern, seqLen);
    row.forEach((reached, at) => reached && table[at].forEach((key) => (seen[key] = 1)));
    return seen;
  });
}

/**
 * What can be said of the tokens within reach of a query.
 * @typedef {object} ReachFacts
 * @property {Float64Array} row - 1 for each token of the text within reach, else 0.
 * @property {number} heard - How many these are.
 * @property {number} back - How far back the oldest of them stands, sinks aside.
 * @property {number} sinks - Sinks that stand apart from the others.
 * @property {number | null} formula - The tokens within reach of a query far into a text, 1 + the sum
 *   of W - 1; null where a layer is no plain window.
 * @property {number} whole - The highest layer that reads everything, counted from 1, or 0.
 * @property {boolean} gaps - Are some between the oldest and the query out of reach?
 */

/**
 * What can be said of the tokens within reach of `query`, exact for every schedule.
 * @param {Schedule} schedule
 * @param {number} query
 * @param {number} seqLen
 * @returns {ReachFacts}
 */
export function reachFacts(schedule, query, seqLen) {
  const row = reachable(schedule, query, seqLen)[0];
  const heard = row.reduce((a, b) => a + b, 0);
  const whole = schedule.findLastIndex(isFull) + 1;
  const formula = formulaOf(schedule);
  const first = sinksOf(schedule);
  const oldest = row.findIndex((seen, at) => seen === 1 && at >= first);
  const sinks = oldest > first ? first : 0;
  const back = formula === null ? query - (sinks ? oldest : row.indexOf(1)) : formula - 1;
  return { row, heard, back, sinks, formula, whole, gaps: heard < Math.min(back, query) + 1 + sinks };
}

/**
 * The tokens within reach of a query far into a text: 1 + the sum of W - 1.
 * @param {Schedule} schedule
 * @returns {number | null} Null where a layer is no plain window.
 */
export function formulaOf(schedule) {
  let reach = 1;
  for (const pattern of schedule) {
    const [back, ahead] = bandOf(pattern) ?? [Infinity, 0];
    if (ahead !== 0 || back === Infinity) return null;
    reach += back;
  }
  return reach;
}

/**
 * The share of each token in the last state of `query` if every layer only averages: it keeps
 * `ownShare` of a token and fills the rest with the mean of what the token reads.
 * @param {Schedule} schedule
 * @param {number} query
 * @param {number} seqLen
 * @param {number} ownShare - From 0 to 1.
 * @returns {Float64Array} One share for each token; they sum to 1.
 */
export function dilutedShares(schedule, query, seqLen, ownShare) {
  return descend(schedule, oneHot(query, seqLen), (pattern, row) => {
    const lower = row.map((share) => ownShare * share);
    const table = keyTable(pattern, seqLen);
    row.forEach((share, at) => {
      if (share === 0) return;
      const keys = table[at];
      keys.forEach((key) => (lower[key] += ((1 - ownShare) * share) / keys.length));
    });
    return lower;
  })[0];
}

/**
 * One way from the token `query` on top down to position `key` of row `level`, always jumping as far
 * as allowed.
 * @param {Schedule} schedule
 * @param {number} query
 * @param {number} level
 * @param {number} key
 * @returns {number[] | null} The position in each row, top first; null if there is no way.
 */
export function route(schedule, query, level, key) {
  const leads = leadingTo(schedule, Math.max(query, key), level, key);
  const rows = schedule.length - level;
  if (!leads[rows].has(query)) return null;
  const way = [query];
  for (let up = rows; up > 0; up--) {
    const pattern = schedule[level + up - 1];
    const open = [...leads[up - 1]].filter((below) => visible(pattern, way[way.length - 1], below));
    way.push(open.reduce((best, at) => (Math.abs(at - key) < Math.abs(best - key) ? at : best)));
  }
  return way;
}

/**
 * From which positions there is a way down to position `key` of row `level`.
 * @param {Schedule} schedule
 * @param {number} last - Positions beyond it are not looked at.
 * @param {number} level
 * @param {number} key
 * @returns {Set<number>[]} One set for each row from `level` to the top.
 */
function leadingTo(schedule, last, level, key) {
  const leads = [new Set([key])];
  for (const pattern of schedule.slice(level)) {
    const below = [...leads[leads.length - 1]];
    const above = Array.from({ length: last + 1 }, (_, at) => at);
    leads.push(new Set(above.filter((at) => below.some((read) => visible(pattern, at, read)))));
  }
  return leads;
}

/**
 * How many of the nearest tokens carry `part` of all influence.
 * @param {ArrayLike<number>} byAge - The share of each token, the query first.
 * @param {number} part - From 0 to 1.
 * @returns {number}
 */
export function nearestCarrying(byAge, part) {
  let carried = 0;
  for (let age = 0; age < byAge.length; age++) {
    carried += byAge[age];
    if (carried >= part - ROUNDING) return age + 1;
  }
  return byAge.length;
}
