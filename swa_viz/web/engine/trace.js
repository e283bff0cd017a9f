// One run of the model, as the views read it: tokens, and one number per layer, head, query, key.

/** @import { OverviewPayload, Pattern, TracePayload } from "../core/types.d.ts" */

import { partOf } from "../../patterns/part.js";
import { visible } from "../../patterns/pattern.js";

/**
 * A run, and its numbers.
 * @typedef {object} Numbered
 * @property {number} seqLen
 * @property {(layer: number, head: number, query: number, key: number) => number} value - NaN where
 *   nothing was computed.  Layers and heads count from 1; head 0 is the mean of all heads.
 * @property {(layer: number, head: number, key: number) => readonly number[]} valueStart - The first
 *   numbers of a key's value vector; none where they were not asked for.
 *
 * @typedef {TracePayload & Numbered} Trace
 */

/**
 * A long text from afar: `share` is what the queries of a block give to the keys of a block, on average, by
 * a head from 1, or by the mean of all.
 * @typedef {OverviewPayload & {nBlocks: number, share: (head: number, row: number, column: number) => number}} Overview
 */

/**
 * The numbers of one layer: those of each head lie together, `length` of them.
 * @typedef {object} Layer
 * @property {number} length
 * @property {Float32Array} values
 * @property {(query: number, key: number) => number} at - The place of a number in its head; below 0
 *   where there is none.
 */

/** @type {Float32Array | null} */
let table = null;

/** All 65,536 half-precision numbers, made once. */
function halfTable() {
  table ??= Float32Array.from({ length: 65536 }, (_, bits) => halfNumber(bits));
  return table;
}

/** @param {number} bits */
function halfNumber(bits) {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits >> 15 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** @param {string} base64 */
function decodeHalf(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const lookup = halfTable();
  return Float32Array.from(new Uint16Array(bytes.buffer), (bits) => lookup[bits]);
}

/**
 * Where each number of a head stands: only those of keys that a query may read were sent, unless all
 * were.
 * @param {Pattern} pattern
 * @param {number} seqLen
 * @param {boolean} sendsAll
 */
function rowOffsets(pattern, seqLen, sendsAll) {
  const offsets = new Int32Array(seqLen * seqLen).fill(-1);
  let next = 0;
  for (let query = 0; query < seqLen; query++)
    for (let key = 0; key < seqLen; key++)
      if (sendsAll || visible(pattern, query, key)) offsets[query * seqLen + key] = next++;
  return { offsets, length: next };
}

/**
 * From a server: base64 of half precision, only the keys that a query may read.
 * @param {TracePayload} payload
 * @param {string | null} packed - The numbers of the layer; null where they were not asked for.
 * @param {number} layer - From 0.
 * @returns {Layer}
 */
function packedLayer({ tokens, schedule, stage, part }, packed, layer) {
  if (packed === null) return { length: 0, at: () => -1, values: new Float32Array() };
  const seqLen = tokens.length;
  const pattern = partOf(schedule[layer], part?.first ?? 0);
  const { offsets, length } = rowOffsets(pattern, seqLen, stage === "scores" && !part);
  return { length, at: (query, key) => offsets[query * seqLen + key], values: decodeHalf(packed) };
}

/**
 * From this browser: all numbers, of which those that no query reads are none.
 * @param {TracePayload} payload
 * @param {Float32Array} dense - The numbers of all layers.
 * @param {number} layer - From 0.
 * @returns {Layer}
 */
function denseLayer({ tokens, schedule, stage, n_heads: nHeads }, dense, layer) {
  const seqLen = tokens.length;
  const length = seqLen * seqLen;
  const size = nHeads * length;
  /** @type {Layer["at"]} */
  const at = (query, key) => (stage === "scores" || visible(schedule[layer], query, key) ? query * seqLen + key : -1);
  return { length, at, values: dense.subarray(layer * size, (layer + 1) * size) };
}

/**
 * The first numbers of the value vectors.
 * @param {TracePayload} payload
 * @returns {Numbered["valueStart"]}
 */
function valueStarts({ tokens, schedule, n_heads: nHeads, value_starts: sent = [] }) {
  const ofLayers = schedule.map((_, layer) => {
    if (!(sent instanceof Float32Array)) return decodeHalf(sent[layer] ?? "");
    const size = sent.length / schedule.length;
    return sent.subarray(layer * size, (layer + 1) * size);
  });
  return (layer, head, key) => {
    const numbers = ofLayers[layer - 1];
    const size = numbers.length / (nHeads * tokens.length);
    const place = (head - 1) * tokens.length + key;
    return [...numbers.subarray(place * size, (place + 1) * size)];
  };
}

/**
 * The number of one head, or the mean of all.
 * @param {Float32Array} values - Head after head, `length` numbers each.
 * @param {number} head - From 1; 0 is the mean.
 * @param {number} nHeads
 * @param {number} length
 * @param {number} place - In a head.
 */
function ofHead(values, head, nHeads, length, place) {
  if (head > 0) return values[(head - 1) * length + place];
  let sum = 0;
  for (let h = 0; h < nHeads; h++) sum += values[h * length + place];
  return sum / nHeads;
}

/**
 * Make an overview ready to be read.
 * @param {OverviewPayload} payload
 * @returns {Overview}
 */
export function openOverview(payload) {
  const nBlocks = Math.ceil(payload.n_tokens / payload.size);
  const values = decodeHalf(payload.blocks);
  const length = values.length / payload.n_heads;
  /** @type {Overview["share"]} */
  const share = (head, row, column) =>
    column > row ? NaN : ofHead(values, head, payload.n_heads, length, (row * (row + 1)) / 2 + column);
  return { ...payload, nBlocks, share };
}

/**
 * Make the numbers of a run ready to be read.
 * @param {TracePayload} payload - With its numbers, as `dense` or as `values`.
 * @returns {Trace}
 */
export function openTrace(payload) {
  const { dense, values: packed = [], n_heads: nHeads } = payload;
  const layers = payload.schedule.map((_, layer) =>
    dense ? denseLayer(payload, dense, layer) : packedLayer(payload, packed[layer], layer),
  );
  /** @type {Trace["value"]} */
  const value = (layer, head, query, key) => {
    const { at, length, values } = layers[layer - 1];
    const place = at(query, key);
    return place < 0 ? NaN : ofHead(values, head, nHeads, length, place);
  };
  return { ...payload, seqLen: payload.tokens.length, value, valueStart: valueStarts(payload) };
}
