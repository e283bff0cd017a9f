// One run of the model, as the views read it: tokens, and one number per layer, head, query, key.

import { visible } from "../../patterns/pattern.js";

let table = null;

// All 65,536 half-precision numbers, made once.
function halfTable() {
  if (table) return table;
  table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const sign = bits >> 15 ? -1 : 1;
    if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else if (exponent === 31) table[bits] = fraction ? NaN : sign * Infinity;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return table;
}

function decodeHalf(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const lookup = halfTable();
  return Float32Array.from(new Uint16Array(bytes.buffer), (bits) => lookup[bits]);
}

// Where each query's values start: only keys that it may read were sent, unless all were.
function rowOffsets(pattern, seqLen, sendsAll) {
  const offsets = new Int32Array(seqLen * seqLen).fill(-1);
  let next = 0;
  for (let query = 0; query < seqLen; query++)
    for (let key = 0; key < seqLen; key++)
      if (sendsAll || visible(pattern, query, key)) offsets[query * seqLen + key] = next++;
  return { offsets, length: next };
}

// From a server: base64 of half precision, only the keys that a query may read.
function packedLayer(payload, layer, seqLen) {
  const { offsets, length } = rowOffsets(payload.schedule[layer], seqLen, payload.stage === "scores");
  const values = decodeHalf(payload.values[layer]);
  return { length, at: (query, key) => offsets[query * seqLen + key], values };
}

// From this browser: all numbers, of which those that no query reads are none.
function denseLayer(payload, layer, seqLen) {
  const length = seqLen * seqLen;
  const size = payload.n_heads * length;
  const all = payload.stage === "scores";
  const at = (query, key) => (all || visible(payload.schedule[layer], query, key) ? query * seqLen + key : -1);
  return { length, at, values: payload.dense.subarray(layer * size, (layer + 1) * size) };
}

// payload -> trace.  `value(layer, head, query, key)` is NaN where nothing was computed; head 0 is
// the mean of all heads, head h counts from 1, layers count from 1.
export function openTrace(payload) {
  const seqLen = payload.tokens.length;
  const openLayer = payload.dense ? denseLayer : packedLayer;
  const layers = payload.schedule.map((_, layer) => openLayer(payload, layer, seqLen));
  const value = (layer, head, query, key) => {
    const { at, length, values } = layers[layer - 1];
    const place = at(query, key);
    if (place < 0) return NaN;
    if (head > 0) return values[(head - 1) * length + place];
    let sum = 0;
    for (let h = 0; h < payload.n_heads; h++) sum += values[h * length + place];
    return sum / payload.n_heads;
  };
  return { ...payload, seqLen, value };
}
