// Steps of a slider over sizes: 1, 2, 3, 4, 6, 8, 12, ...  With even steps it would have no fine ones at
// its start.

/**
 * The steps up to a size; `own` sizes are steps too.
 * @param {number} most
 * @param {...number} own
 * @returns {number[]}
 */
export function stepsTo(most, ...own) {
  const doublings = Array.from({ length: Math.floor(Math.log2(most)) + 1 }, (_, i) => 2 ** i);
  const sizes = doublings.flatMap((size) => [size, 1.5 * size]);
  const steps = sizes.filter((size) => Number.isInteger(size) && size <= most);
  return [...new Set([...steps, ...own])].sort((a, b) => a - b);
}

/**
 * The place of a size among the steps.
 * @param {readonly number[]} steps
 * @param {number} size
 * @returns {number}
 */
export function stepFor(steps, size) {
  const place = steps.findIndex((step) => step >= size);
  return place < 0 ? steps.length - 1 : place;
}
