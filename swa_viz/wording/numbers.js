// Numbers as people read them.

const GROUPED = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/**
 * A whole number with its thousands separated: 12345.6 -> "12,346".
 * @param {number} number - It is rounded.
 * @returns {string}
 */
export function thousands(number) {
  return GROUPED.format(Math.round(number));
}

/**
 * A number of things: counted(1, "token") -> "1 token"; counted(4096, "token") -> "4,096 tokens".
 * @param {number} number
 * @param {string} noun - The word for one of them.
 * @returns {string}
 */
export function counted(number, noun) {
  return `${thousands(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * The same where there may be none: howMany(0, "token") -> "none".
 * @param {number} number
 * @param {string} noun
 * @returns {string}
 */
export const howMany = (number, noun) => (number ? counted(number, noun) : "none");

/**
 * A probability as text: 0.136 -> "13.6 %", and never "0.0 %" for something that is not nothing.
 * @param {number} share - From 0 to 1.
 * @returns {string}
 */
export function percent(share) {
  if (share > 0 && share < 0.0005) return "< 0.1 %";
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * A weight as text, short enough to stand under a token: 0.254 -> "0.25", 0.001 -> "<.01".
 * @param {number} weight - From 0 to 1.
 * @returns {string}
 */
export function weightText(weight) {
  if (weight > 0 && weight < 0.005) return "<.01";
  return weight.toFixed(2);
}

/**
 * A count of any order, short: 12345 -> "12,345"; 58722304 -> "58.7 million"; 4.3e9 -> "4.30 billion".
 * @param {number} number
 * @returns {string}
 */
export function amount(number) {
  if (number < 1e6) return thousands(number);
  const [size, word] = [
    [1e6, "million"],
    [1e9, "billion"],
    [1e12, "trillion"],
  ].findLast(([least]) => number >= Number(least)) ?? [1, ""];
  return `${(number / Number(size)).toPrecision(3)} ${word}`;
}

/**
 * Bytes in binary units: 536870912 -> "0.50 GiB", 28311552 -> "27.0 MiB".
 * @param {number} bytes
 * @returns {string}
 */
export function binarySize(bytes) {
  if (bytes >= 2 ** 28) return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  if (bytes >= 2 ** 18) return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return `${(bytes / 2 ** 10).toFixed(1)} KiB`;
}

/**
 * A change in whole bits with its sign, short enough to stand under a token: 6.62 -> "+7", -1.2 -> "−1".
 * @param {number} bits
 * @returns {string}
 */
export function signedBits(bits) {
  return `${bits < 0 ? "−" : "+"}${Math.round(Math.abs(bits))}`;
}

/**
 * A whole number with a true minus sign.
 * @param {number} number
 * @returns {string}
 */
export const signed = (number) => String(number).replace("-", "−");
