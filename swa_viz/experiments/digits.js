// The readers of handwritten digits, for the browser: the same as digits.py, one digit at a time.  A reader is so
// small that a page computes it by itself in some milliseconds.

/** @import { Pattern } from "../web/core/types.d.ts" */

import { keyRanges } from "../patterns/ranges.js";

/**
 * A matrix in eight bits: whole numbers, row by row, and a scale for each row.
 * @typedef {{numbers: Int8Array, scales: Float32Array}} Matrix
 *
 * What a reader has learned, by the names in Python.
 * @typedef {{matrices: Readonly<Record<string, Matrix>>, vectors: Readonly<Record<string, Float32Array>>}} Parameters
 *
 * Its sizes, by the names in TransformerConfig.
 * @typedef {{n_heads: number, rope_theta: number, norm_eps: number}} Sizes
 *
 * A vector for each pixel, one after the other.
 * @typedef {Float64Array} States
 */

/**
 * A linear map of each state.
 * @param {States} states
 * @param {Matrix} matrix
 */
function mapped(states, { numbers, scales }) {
  const [nRows, width] = [scales.length, numbers.length / scales.length];
  const made = new Float64Array((states.length / width) * nRows);
  for (let place = 0; place < made.length; place++) {
    const [state, row] = [Math.floor(place / nRows) * width, place % nRows];
    let sum = 0;
    for (let i = 0; i < width; i++) sum += numbers[row * width + i] * states[state + i];
    made[place] = sum * scales[row];
  }
  return made;
}

/**
 * Each state divided by the root of its mean square.
 * @param {States} states
 * @param {Float32Array} gains
 * @param {number} epsilon
 */
function normed(states, gains, epsilon) {
  const width = gains.length;
  const made = new Float64Array(states.length);
  for (let first = 0; first < states.length; first += width) {
    const state = states.subarray(first, first + width);
    const size = Math.sqrt(state.reduce((sum, each) => sum + each * each, 0) / width + epsilon);
    state.forEach((each, i) => (made[first + i] = (each / size) * gains[i]));
  }
  return made;
}

/**
 * Turn feature i and feature i + half of each head together, by an angle that grows with the position.
 * @param {States} states - They are changed.
 * @param {number} n - So many.
 * @param {Sizes} sizes
 */
function turn(states, n, { n_heads: nHeads, rope_theta: theta }) {
  const headDim = states.length / n / nHeads;
  const half = headDim / 2;
  for (let place = 0; place < n * nHeads; place++)
    for (let pair = 0; pair < half; pair++) {
      const angle = Math.floor(place / nHeads) / theta ** (pair / half);
      const [cos, sin, at] = [Math.cos(angle), Math.sin(angle), place * headDim + pair];
      const [one, other] = [states[at], states[at + half]];
      [states[at], states[at + half]] = [one * cos - other * sin, other * cos + one * sin];
    }
  return states;
}

/**
 * The keys that each query reads.
 * @param {Pattern} pattern
 * @param {number} n
 */
function keysOf(pattern, n) {
  return Array.from({ length: n }, (_, query) =>
    keyRanges(pattern, query, n).flatMap(([start, stop, step]) =>
      Array.from({ length: Math.max(Math.ceil((stop - start) / step), 0) }, (_each, i) => start + i * step),
    ),
  );
}

/**
 * Scores of any size as shares of one.
 * @param {readonly number[]} scores
 */
function softmax(scores) {
  const most = Math.max(...scores);
  const grown = scores.map((score) => Math.exp(score - most));
  const sum = grown.reduce((all, each) => all + each, 0);
  return grown.map((each) => each / sum);
}

/**
 * What each query takes from the values of the keys that it reads, head by head.
 * @param {{query: States, key: States, value: States}} states
 * @param {readonly (readonly number[])[]} keys - Of each query.
 * @param {number} nHeads
 */
function attended({ query, key, value }, keys, nHeads) {
  const width = query.length / keys.length;
  const headDim = width / nHeads;
  const made = new Float64Array(query.length);
  keys.forEach((read, position) => {
    for (let head = 0; head < nHeads; head++) {
      const [first, within] = [position * width + head * headDim, head * headDim];
      const scores = read.map((other) => {
        let sum = 0;
        for (let i = 0; i < headDim; i++) sum += query[first + i] * key[other * width + within + i];
        return sum / Math.sqrt(headDim);
      });
      softmax(scores).forEach((weight, place) => {
        for (let i = 0; i < headDim; i++) made[first + i] += weight * value[read[place] * width + within + i];
      });
    }
  });
  return made;
}

/** @param {number} x */
const silu = (x) => x / (1 + Math.exp(-x));

/** @param {States} one @param {States} other */
const added = (one, other) => one.map((each, i) => each + other[i]);

/**
 * The states after a layer.
 * @param {States} states
 * @param {readonly (readonly number[])[]} keys
 * @param {Parameters} parameters
 * @param {Sizes} sizes
 * @param {number} layer
 */
function afterLayer(states, keys, { matrices, vectors }, sizes, layer) {
  /** @param {string} name */
  const of = (name) => matrices[`transformer.blocks.${layer}.${name}.weight`];
  /** @param {States} x @param {string} name */
  const norm = (x, name) => normed(x, vectors[`transformer.blocks.${layer}.${name}.weight`], sizes.norm_eps);
  const read = norm(states, "attention_norm");
  const [query, key] = ["query", "key"].map((name) => turn(mapped(read, of(name)), keys.length, sizes));
  const heads = attended({ query, key, value: mapped(read, of("value")) }, keys, sizes.n_heads);
  const heard = added(states, mapped(heads, of("output")));
  const alone = norm(heard, "feed_forward_norm");
  const [gate, up] = ["gate", "up"].map((name) => mapped(alone, of(`feed_forward.${name}`)));
  return added(
    heard,
    mapped(
      gate.map((each, i) => silu(each) * up[i]),
      of("feed_forward.down"),
    ),
  );
}

/**
 * Make a reader: a function from the greys of a digit, pixel by pixel, to how probable each of the ten is.
 * @param {Parameters} parameters
 * @param {Sizes} sizes
 * @param {readonly Pattern[]} schedule - What each layer reads.
 * @returns {(greys: readonly number[]) => number[]}
 */
export function digitReader(parameters, sizes, schedule) {
  const { numbers, scales } = parameters.matrices["transformer.embedding.weight"];
  const width = numbers.length / scales.length;
  /** @type {number[][][]} */
  let keys = [];
  return (greys) => {
    const n = greys.length;
    if (keys[0]?.length !== n) keys = schedule.map((pattern) => keysOf(pattern, n));
    let states = Float64Array.from({ length: n * width }, (_, i) => {
      const grey = greys[Math.floor(i / width)];
      return numbers[grey * width + (i % width)] * scales[grey];
    });
    keys.forEach((ofLayer, layer) => {
      states = afterLayer(states, ofLayer, parameters, sizes, layer);
    });
    const last = normed(states, parameters.vectors["transformer.norm.weight"], sizes.norm_eps);
    const mean = Float64Array.from({ length: width }, (_, i) => {
      let sum = 0;
      for (let at = i; at < last.length; at += width) sum += last[at];
      return sum / n;
    });
    return softmax([...mapped(mean, parameters.matrices["digits.weight"])]);
  };
}
