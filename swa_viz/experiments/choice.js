// Which window to take: the same as choice.py, and a test holds the two equal.

/**
 * One way to read a text: bits per byte, how many more than the reference needs, and half of the confidence
 * interval of that; and what one stretch of text costs.
 * @typedef {object} Option
 * @property {string} schedule
 * @property {number | null} window - Full attention has none.
 * @property {number} bits
 * @property {number} extra
 * @property {number | null} margin - Null where a single stretch was read.
 * @property {number} pairs
 * @property {number} bytes
 * @property {number} seconds
 *
 * @typedef {"pairs" | "bytes" | "seconds"} Cost
 * @typedef {readonly [schedule: string, window: number | null]} Way
 * @typedef {{taken: Option, open: Option | null, beyond: Option | null}} Choice
 */

const LEAST_FRONT = 3;

/**
 * Is this the option of a schedule and a window?
 * @param {Option} option
 * @param {Way} way
 * @returns {boolean}
 */
export const isWay = ({ schedule, window }, way) => schedule === way[0] && window === way[1];

/**
 * @param {Cost} cost
 * @returns {(one: Option, other: Option) => number}
 */
const cheapestFirst = (cost) => (one, other) => one[cost] - other[cost] || one.bits - other.bits;

/**
 * The Pareto front, the cheapest first: no other option is as cheap and as good.
 * @param {readonly Option[]} options
 * @param {Cost} cost
 * @returns {Option[]}
 */
export function front(options, cost) {
  /** @type {Option[]} */
  const kept = [];
  for (const option of [...options].sort(cheapestFirst(cost))) {
    if (!kept.length || option.bits < kept[kept.length - 1].bits) kept.push(option);
  }
  return kept;
}

/**
 * Where the front turns: the option farthest below the straight line between its two ends, with costs
 * compared by their ratios.  Null where the front has no inside or does not turn.
 * @param {readonly Option[]} options
 * @param {Cost} cost
 * @returns {Option | null}
 */
export function knee(options, cost) {
  const line = front(options, cost);
  if (line.length < LEAST_FRONT) return null;
  const [first, last] = [line[0], line[line.length - 1]];
  const wide = Math.log(last[cost] / first[cost]);
  const high = first.bits - last.bits;
  const below = line.map((each) => 1 - Math.log(each[cost] / first[cost]) / wide - (each.bits - last.bits) / high);
  const most = Math.max(...below);
  return most > 0 ? line[below.indexOf(most)] : null;
}

/**
 * Whether an option is within the tolerance, beyond it, or open.
 * @param {Option} option
 * @param {number} tolerance
 * @returns {"within" | "beyond" | "open"}
 */
export function verdict({ extra, margin }, tolerance) {
  if (margin === null) return "open";
  if (extra + margin <= tolerance) return "within";
  return extra - margin > tolerance ? "beyond" : "open";
}

/**
 * The cheapest option that is surely within the tolerance: the reference, if there is no other.
 * @param {readonly Option[]} options
 * @param {Way} reference - One of the options.
 * @param {Cost} cost
 * @param {number} tolerance
 * @returns {Choice}
 */
export function choose(options, reference, cost, tolerance) {
  const sure = options.filter((each) => isWay(each, reference) || verdict(each, tolerance) === "within");
  const [taken] = sure.sort(cheapestFirst(cost));
  const cheaper = options.filter((each) => each[cost] < taken[cost]);
  const best = (/** @type {string} */ what) =>
    cheaper.filter((each) => verdict(each, tolerance) === what).sort((one, other) => one.extra - other.extra)[0] ??
    null;
  return { taken, open: best("open"), beyond: best("beyond") };
}
