// Counting: how many score pairs a whole text costs, and what that saves.  Closed forms, so that
// nothing is counted cell by cell while the hand moves; a test holds them equal to counting.

import { thousands } from "./web/core/numbers.js";
import { keysRead } from "./patterns/ranges.js";

const triangle = (n) => (n * (n + 1)) / 2;

// A band of W keys over n tokens: n·W less the corner that the first queries miss.
function band(n, size) {
  const reached = Math.min(size, n);
  return n * reached - triangle(reached - 1);
}

// Sinks that a band does not already read, over all queries.
function sinkExtra(n, size, sinks) {
  const beyond = Math.max(n - size, 0);
  const kept = Math.min(sinks, beyond);
  return triangle(kept) + (beyond - kept) * kept;
}

function everyRow(pattern, n) {
  let pairs = 0;
  for (let query = 0; query < n; query++) pairs += keysRead(pattern, query, n);
  return pairs;
}

const PAIRS = {
  causal: (p, n) => triangle(n),
  sliding: (p, n) => band(n, p.window_size),
  centred: (p, n) => {
    const radius = Math.min(p.radius, n - 1);
    return n * (2 * radius + 1) - 2 * triangle(radius);
  },
  sink: (p, n) => band(n, p.window_size) + sinkExtra(n, p.window_size, p.n_sink_tokens),
  global: everyRow,
  dilated: (p, n) => {
    const teeth = Math.min(p.window_size, Math.ceil(n / p.dilation));
    return n * teeth - p.dilation * triangle(teeth - 1);
  },
  chunked: (p, n) => {
    const rest = n % p.chunk_size;
    return ((n - rest) / p.chunk_size) * triangle(p.chunk_size) + triangle(rest);
  },
};

// Score pairs of a whole text of n tokens: the cells of the matrix that are read.
export function pairsOf(pattern, n) {
  return n ? PAIRS[pattern.kind](pattern, n) : 0;
}

// The closed form with this text's numbers in it, or how it was counted where there is none.
const FORMULAS = {
  causal: (p, n) => `N(N+1)/2 = ${thousands(n)} · ${thousands(n + 1)} / 2`,
  sliding: (p, n) =>
    n < p.window_size
      ? `W > N: the window covers the whole text, N(N+1)/2`
      : `N·W − W(W−1)/2 = ${thousands(n)} · ${thousands(p.window_size)} − ${thousands(triangle(p.window_size - 1))}`,
  centred: (p, n) =>
    n <= p.radius
      ? `the radius covers the whole text, N·N`
      : `N(2r+1) − r(r+1) = ${thousands(n)} · ${thousands(2 * p.radius + 1)} − ${thousands(2 * triangle(p.radius))}`,
  sink: (p, n) =>
    `the window's ${thousands(band(n, p.window_size))}, and ${thousands(sinkExtra(n, p.window_size, p.n_sink_tokens))} for sinks that have left it`,
  global: () => "row by row: the window, the global columns, the global rows",
  dilated: (p, n) => {
    const teeth = Math.min(p.window_size, Math.ceil(n / p.dilation));
    return `N·K − d·K(K−1)/2 = ${thousands(n)} · ${teeth} − ${p.dilation} · ${thousands(triangle(teeth - 1))}, with K = ${teeth} keys at most`;
  },
  chunked: (p, n) => {
    const whole = Math.floor(n / p.chunk_size);
    const rest = triangle(n % p.chunk_size);
    const chunks = `${thousands(whole)} ${whole === 1 ? "chunk" : "chunks"} of C(C+1)/2 = ${thousands(triangle(p.chunk_size))}`;
    return rest ? `${chunks}, and ${thousands(rest)} in the last, shorter one` : chunks;
  },
};

export function formulaText(pattern, n) {
  return FORMULAS[pattern.kind](pattern, n);
}

// What the saving grows to for a text much longer than the window: N over this many keys.
const LIMITS = {
  sliding: (p) => ["N/(2W)", 2 * p.window_size],
  centred: (p) => ["N/(2r+1)", 2 * p.radius + 1],
  sink: (p) => ["N/(2(W+S))", 2 * (p.window_size + p.n_sink_tokens)],
  global: (p) =>
    p.causal
      ? ["N/(2(W+G))", 2 * (p.window_size + p.global_positions.length)]
      : ["N/(W+2G)", p.window_size + 2 * p.global_positions.length],
  dilated: (p) => ["N/(2W)", 2 * p.window_size],
  chunked: (p) => ["N/(C+1)", p.chunk_size + 1],
};

// "N/(2W), here N/12", or nothing for full attention.
export function limitText(pattern) {
  if (!LIMITS[pattern.kind]) return "";
  const [formula, keys] = LIMITS[pattern.kind](pattern);
  return `${formula}, here N/${thousands(keys)}`;
}
