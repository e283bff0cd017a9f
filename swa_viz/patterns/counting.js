// The two sums of which most closed forms for score pairs are made.

/**
 * 1 + 2 + ... + n.
 * @param {number} n
 * @returns {number}
 */
export function triangle(n) {
  return (n * (n + 1)) / 2;
}

/**
 * The pairs of a band of `size` keys over n tokens: n * size less the corner that the first queries miss.
 * @param {number} n
 * @param {number} size
 * @returns {number}
 */
export function band(n, size) {
  const reached = Math.min(size, n);
  return n * reached - triangle(reached - 1);
}
