// One row of attention, step by step: scores, mask, exponentials, weights, average.  attention.py once
// more, written out so that every number of it can be shown.

/**
 * One key of the row.
 * @typedef {object} Step
 * @property {number} key
 * @property {number} score
 * @property {boolean} isRead - A key that is not read counts as minus infinity.
 * @property {number} exponential - Of the score less the largest one that is read; 0 where it is hidden.
 * @property {number} weight - The exponential's part of their sum.
 * @property {readonly number[]} value - What the key has to say.
 * @property {number[]} product - Weight times value.
 */

/**
 * What steps give together.
 * @typedef {{exponential: number, weight: number, product: number[]}} Total
 */

/**
 * The steps of one row.
 * @param {readonly number[]} scores - One for each key.
 * @param {(key: number) => boolean} isRead
 * @param {(key: number) => readonly number[]} valueOf - The value vector of a key, or its first numbers.
 * @param {number | null} [sinkLogit] - One more score, whose weight goes to nobody.
 * @returns {Step[]}
 */
export function rowSteps(scores, isRead, valueOf, sinkLogit = null) {
  const largest = Math.max(...scores.filter((_, key) => isRead(key)));
  const exponentials = scores.map((score, key) => (isRead(key) ? Math.exp(score - largest) : 0));
  const sink = sinkLogit === null ? 0 : Math.exp(sinkLogit - largest);
  const sum = exponentials.reduce((a, b) => a + b, sink);
  return scores.map((score, key) => {
    const [exponential, value] = [exponentials[key], valueOf(key)];
    const weight = exponential / sum;
    const product = value.map((number) => weight * number);
    return { key, score, isRead: isRead(key), exponential, weight, value, product };
  });
}

/**
 * Steps added up.  Of a whole row the products give the average of the values: the output.
 * @param {readonly Step[]} steps
 * @returns {Total}
 */
export function total(steps) {
  /** @param {(step: Step) => number} numberOf */
  const sum = (numberOf) => steps.reduce((before, step) => before + numberOf(step), 0);
  return {
    exponential: sum(({ exponential }) => exponential),
    weight: sum(({ weight }) => weight),
    product: steps[0].product.map((_, i) => sum(({ product }) => product[i])),
  };
}

const [MOST_READ, MOST_HIDDEN] = [12, 3];

/**
 * The steps to show where there are many: the heaviest keys that are read, and the youngest of those
 * that are not.
 * @param {readonly Step[]} steps
 * @returns {{few: Step[], hidden: Step[], read: Step[]}} All in the order of the text; `hidden` and `read`
 *   are those that are left out.
 */
export function fewSteps(steps) {
  const byWeight = steps.filter(({ isRead }) => isRead).sort((one, other) => other.weight - one.weight);
  const heavy = new Set(byWeight.slice(0, MOST_READ));
  const hidden = steps.filter(({ isRead }) => !isRead);
  const young = new Set(hidden.slice(-MOST_HIDDEN));
  return {
    few: steps.filter((step) => heavy.has(step) || young.has(step)),
    hidden: hidden.filter((step) => !young.has(step)),
    read: steps.filter((step) => step.isRead && !heavy.has(step)),
  };
}
