// How far information can travel through layers: the same as reach.py, and a test
// holds the two equal.  A schedule is a list of patterns, first layer first.

import { bandOf, isFull, keysOf, nPinned, visible } from "./patterns/pattern.js";

// What the diluted kernel keeps of a token in each layer, and the part that is called "most".
export const OWN_SHARE = 0.5;
export const MOST = 0.9;

// How many tokens L layers of windows of W can learn from, the query included.
export const exactReach = (windowSize, layers) => layers * (windowSize - 1) + 1;

// The round figure that is widely quoted.
export const roundReach = (windowSize, layers) => windowSize * layers;

// How many tokens at the start of the text are read from any distance.
export const sinksOf = (schedule) => Math.max(0, ...schedule.map(nPinned));

const tables = new WeakMap();

// The keys of every query, listed once for a pattern and a length: drawing asks again and again.
export function keyTable(pattern, seqLen) {
  if (tables.get(pattern)?.length !== seqLen)
    tables.set(
      pattern,
      Array.from({ length: seqLen }, (_, query) => keysOf(pattern, query, seqLen)),
    );
  return tables.get(pattern);
}

const oneHot = (place, length) => new Float64Array(length).fill(1, place, place + 1);

// From the top down, what each row of states becomes one layer lower; returned bottom row first.
function descend(schedule, top, step) {
  const rows = [top];
  for (const pattern of [...schedule].reverse()) rows.push(step(pattern, rows[rows.length - 1]));
  return rows.reverse();
}

// Which states can matter for the last state of `query`: rows[l][position] is 1 or 0, l = 0 are
// the tokens.  Exact for every schedule: a layer adds what its reached tokens may read.
export function reachable(schedule, query, seqLen) {
  return descend(schedule, oneHot(query, seqLen), (pattern, row) => {
    const seen = new Float64Array(seqLen);
    const table = keyTable(pattern, seqLen);
    row.forEach((reached, at) => reached && table[at].forEach((key) => (seen[key] = 1)));
    return seen;
  });
}

// What can be said of the tokens within reach of `query`, exact for every schedule:
//   row: 1 for each token of the text within reach; heard: how many; back: how far back the oldest
//   stands, sinks aside; sinks: sinks that stand apart from it; gaps: are some between out of reach?
//   formula: the tokens within reach of a query far into a text, 1 + the sum of W - 1, or null where
//   a layer is no plain window; whole: the highest layer that reads everything, counted from 1, or 0.
export function reachFacts(schedule, query, seqLen) {
  const row = reachable(schedule, query, seqLen)[0];
  const heard = row.reduce((a, b) => a + b, 0);
  const whole = schedule.findLastIndex(isFull) + 1;
  const bands = schedule.map(bandOf);
  const plain = bands.every((band) => band && band[1] === 0 && band[0] < Infinity);
  const formula = plain ? 1 + bands.reduce((sum, [back]) => sum + back, 0) : null;
  const first = Math.min(sinksOf(schedule), query);
  const oldest = row.findIndex((seen, at) => seen && at >= first);
  const sinks = oldest > first ? first : 0;
  const back = formula === null ? query - (sinks ? oldest : row.indexOf(1)) : formula - 1;
  return { row, heard, back, sinks, formula, whole, gaps: heard < Math.min(back, query) + 1 + sinks };
}

// The share of each token in the last state of `query` if every layer only averages: it keeps
// `ownShare` of a token and fills the rest with the mean of what the token reads.
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

// One way from the token `query` on top down to position `key` of row `level`: the position in
// each row, top first, always jumping as far as allowed.  Null if there is no way.
export function route(schedule, query, level, key) {
  const leads = [];
  leads[level] = new Set([key]);
  for (let row = level + 1; row <= schedule.length; row++) {
    leads[row] = new Set();
    for (let at = 0; at <= Math.max(query, key); at++)
      if ([...leads[row - 1]].some((below) => visible(schedule[row - 1], at, below))) leads[row].add(at);
  }
  if (!leads[schedule.length].has(query)) return null;
  const way = [query];
  for (let row = schedule.length; row > level; row--) {
    const open = [...leads[row - 1]].filter((below) => visible(schedule[row - 1], way[way.length - 1], below));
    way.push(open.reduce((best, at) => (Math.abs(at - key) < Math.abs(best - key) ? at : best)));
  }
  return way;
}

// The same for windows of W in a text without a start, by age: the share of the token `age` back.
// It sums to 1 and is as long as the reach.
export function dilutedInfluence(windowSize, layers, ownShare) {
  let shares = Float64Array.of(1);
  for (let layer = 0; layer < layers; layer++) {
    const next = new Float64Array(shares.length + windowSize - 1);
    let inWindow = 0;
    for (let age = 0; age < next.length; age++) {
      if (age < shares.length) inWindow += shares[age];
      if (age >= windowSize) inWindow -= shares[age - windowSize];
      next[age] =
        ((1 - ownShare) * Math.max(inWindow, 0)) / windowSize + (age < shares.length ? ownShare * shares[age] : 0);
    }
    shares = next;
  }
  return shares;
}

// How many of the nearest tokens carry `part` of all influence; `byAge` starts with the token itself.
export function nearestCarrying(byAge, part) {
  let carried = 0;
  const last = byAge.findIndex((share) => (carried += share) >= part - 1e-6);
  return last < 0 ? byAge.length : last + 1;
}
