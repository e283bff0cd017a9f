// The weights as the graphs read them: in 32 bits, one after the other.  They travel in 16.  A graph that
// does it itself is opened later.

const N_HALVES = 2 ** 16;
const FRACTION = 2 ** 10;
// The exponent of what is written with the exponent 0, and that of infinity and of what is no number.
const LEAST_EXPONENT = -14;
const NO_EXPONENT = 31;

/**
 * The number that 16 bits stand for.
 * @param {number} bits
 * @returns {number}
 */
function numberOf(bits) {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) % 32;
  const fraction = (bits % FRACTION) / FRACTION;
  if (exponent === NO_EXPONENT) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** LEAST_EXPONENT;
  return sign * (1 + fraction) * 2 ** (exponent + LEAST_EXPONENT - 1);
}

/**
 * The numbers of a file in 32 bits.
 * @param {Uint8Array} file - Safetensors of 16-bit numbers.
 * @returns {Uint8Array}
 */
export function wideWeights(file) {
  const header = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const halves = new Uint16Array(file.slice(header).buffer);
  const numbers = Float32Array.from({ length: N_HALVES }, (_, bits) => numberOf(bits));
  const wide = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) wide[i] = numbers[halves[i]];
  return new Uint8Array(wide.buffer);
}
