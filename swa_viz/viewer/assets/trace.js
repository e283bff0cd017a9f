// One run of the model, as the views read it: tokens, and one number per layer, head, query, key.

import { visible } from "./patterns.js";

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

// payload -> trace.  `value(layer, head, query, key)` is NaN where nothing was computed; head 0 is
// the mean of all heads, head h counts from 1, layers count from 1.
export function openTrace(payload) {
  const seqLen = payload.tokens.length;
  const layers = payload.schedule.map((pattern, index) => {
    const { offsets, length } = rowOffsets(pattern, seqLen, payload.stage === "scores");
    return { pattern, offsets, length, values: decodeHalf(payload.values[index]) };
  });
  const value = (layer, head, query, key) => {
    const { offsets, length, values } = layers[layer - 1];
    const place = offsets[query * seqLen + key];
    if (place < 0) return NaN;
    if (head > 0) return values[(head - 1) * length + place];
    let sum = 0;
    for (let h = 0; h < payload.n_heads; h++) sum += values[h * length + place];
    return sum / payload.n_heads;
  };
  return { ...payload, seqLen, value };
}
