// One row of attention, step by step: scores, mask, exponentials, weights.  The softmax of
// attention.py once more, written out so that every number of it can be shown.

/**
 * One key of the row.
 * @typedef {object} Step
 * @property {number} key
 * @property {number} score
 * @property {boolean} isRead - A key that is not read counts as minus infinity.
 * @property {number} exponential - Of the score less the largest one that is read; 0 where it is hidden.
 * @property {number} weight - The exponential's part of their sum.
 */

/**
 * The steps of one row.
 * @param {readonly number[]} scores - One for each key.
 * @param {(key: number) => boolean} isRead
 * @returns {{steps: Step[], largest: number, sum: number}}
 */
export function rowSteps(scores, isRead) {
  const largest = Math.max(...scores.filter((_, key) => isRead(key)));
  const exponentials = scores.map((score, key) => (isRead(key) ? Math.exp(score - largest) : 0));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  const steps = scores.map((score, key) => ({
    key,
    score,
    isRead: isRead(key),
    exponential: exponentials[key],
    weight: exponentials[key] / sum,
  }));
  return { steps, largest, sum };
}

const [MOST_READ, MOST_HIDDEN] = [12, 3];

/**
 * The steps to show where there are many: the heaviest keys that are read, and the youngest of those
 * that are not.
 * @param {readonly Step[]} steps
 * @returns {Step[]} In the order of the text.
 */
export function fewSteps(steps) {
  const read = steps.filter(({ isRead }) => isRead);
  const heavy = read.sort((one, other) => other.weight - one.weight).slice(0, MOST_READ);
  const hidden = steps.filter(({ isRead }) => !isRead).slice(-MOST_HIDDEN);
  return [...hidden, ...heavy].sort((one, other) => one.key - other.key);
}
