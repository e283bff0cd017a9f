// The formula of the chart, fitted: which one number makes the diluted kernel most like what was measured?

/** @import { Schedule } from "../../web/core/types.d.ts" */

import { dilutedShares } from "../../reach.js";

/**
 * The formula at its best: a layer keeps `ownShare` of a token, and so much of the influence is
 * `misplaced`, which means on other tokens than was measured.
 * @typedef {{ownShare: number, shares: Float64Array, misplaced: number}} Fit
 */

const FINEST_STEP = 1 / 64;

/**
 * @param {Float64Array} shares
 * @param {readonly number[]} measured
 */
const misplacedIn = (shares, measured) =>
  shares.reduce((sum, share, position) => sum + Math.abs(share - measured[position]), 0) / 2;

/**
 * The formula whose shares differ least from the measured ones.  From the middle it goes in ever
 * smaller steps to whichever side is better.
 * @param {Schedule} schedule
 * @param {number} query
 * @param {readonly number[]} measured - One share for each token, summing to 1.
 * @returns {Fit}
 */
export function fittedMixing(schedule, query, measured) {
  /** @param {number} ownShare */
  function fitOf(ownShare) {
    const shares = dilutedShares(schedule, query, measured.length, ownShare);
    return { ownShare, shares, misplaced: misplacedIn(shares, measured) };
  }
  let best = fitOf(0.5);
  for (let step = 0.25; step >= FINEST_STEP; step /= 2) {
    const { ownShare } = best;
    for (const near of [ownShare - step, ownShare + step].map(fitOf)) if (near.misplaced < best.misplaced) best = near;
  }
  return best;
}
