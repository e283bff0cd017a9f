// Turn rounded weights back into the safetensors file that the graphs read: the twin of
// rounded_weights.py, which says how they are packed.

const LARGEST = 511;
const bits = new DataView(new ArrayBuffer(4));

// A number as 16-bit floating point, rounded to the nearest, halves to even.
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

export function restoreWeights(packed) {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const headerLength = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(packed.subarray(8, headerLength)));
  const tensors = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([, entry]) => entry);
  tensors.sort((a, b) => a.data_offsets[0] - b.data_offsets[0]);
  const total = headerLength + tensors[tensors.length - 1].data_offsets[1];
  const count = tensors.reduce((sum, { shape }) => sum + (shape.length === 2 ? shape[0] * shape[1] : 0), 0);
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
  } of tensors) {
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
