// Turn rounded weights back into the safetensors file that the graphs read: the reverse of
// rounded_weights.py, which says how they are packed.

/**
 * Where a tensor stands in the file, and its axes.
 * @typedef {{shape: number[], data_offsets: [start: number, stop: number]}} Entry
 */

const LARGEST = 511;
const bits = new DataView(new ArrayBuffer(4));

/**
 * A number as 16-bit floating point, rounded to the nearest, halves to even.
 * @param {number} number
 */
function half(number) {
  bits.setFloat32(0, number);
  const all = bits.getUint32(0);
  const sign = (all >>> 16) & 0x8000;
  const size = all & 0x7fffffff;
  if (size < 0x38800000) {
    const steps = Math.abs(number) * 2 ** 24;
    const below = Math.floor(steps);
    const rest = steps - below;
    return sign | (rest > 0.5 || (rest === 0.5 && below % 2) ? below + 1 : below);
  }
  return sign | ((size + 0xc8000fff + ((size >>> 13) & 1)) >>> 13);
}

/**
 * The tensors of a file in the order of their places.
 * @param {Record<string, Entry>} header
 */
function entriesOf(header) {
  return Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([, entry]) => entry)
    .sort((a, b) => a.data_offsets[0] - b.data_offsets[0]);
}

/**
 * The file with its weights as half precision.
 * @param {Uint8Array} packed - The file with its weights rounded to ten bits.
 * @returns {Uint8Array}
 */
export function restoreWeights(packed) {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const headerLength = 8 + Number(view.getBigUint64(0, true));
  const entries = entriesOf(JSON.parse(new TextDecoder().decode(packed.subarray(8, headerLength))));
  const total = headerLength + entries[entries.length - 1].data_offsets[1];
  const count = entries.reduce((sum, { shape }) => sum + (shape.length === 2 ? shape[0] * shape[1] : 0), 0);
  const low = packed.subarray(packed.length - 2 * count, packed.length - count);
  const high = packed.subarray(packed.length - count);

  const file = new Uint8Array(total);
  file.set(packed.subarray(0, headerLength));
  const out = new DataView(file.buffer);
  let place = headerLength;
  let used = 0;
  for (const {
    shape: [rows, columns],
    data_offsets: [offset],
  } of entries) {
    const start = headerLength + offset;
    if (!columns) {
      file.set(packed.subarray(place, place + 2 * rows), start);
      place += 2 * rows;
      continue;
    }
    for (let row = 0; row < rows; row++, place += 4) {
      const scale = view.getFloat32(place, true);
      for (let column = 0; column < columns; column++, used++) {
        const number = Math.fround((low[used] + 256 * high[used] - LARGEST) * scale);
        out.setUint16(start + 2 * (row * columns + column), half(number), true);
      }
    }
  }
  return file;
}
