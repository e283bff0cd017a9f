// Where a rolling cache keeps a token, and which token has to make room for it: the same as slots.py,
// and a test holds the two equal.

/** @import { Kept } from "./patterns/pattern.js" */

/**
 * The slot in which a layer keeps a position.
 * @param {Kept} kept
 * @param {number} position
 * @returns {number}
 */
export function slotOf({ pinned, latest }, position) {
  if (latest === null || position < pinned) return position;
  return pinned + ((position - pinned) % latest);
}

/**
 * The position whose slot this one takes, or null while there is room.
 * @param {Kept} kept
 * @param {number} position
 * @returns {number | null}
 */
export function evictedBy({ pinned, latest }, position) {
  return latest === null || position - latest < pinned ? null : position - latest;
}

/**
 * How many tokens are held when so many are written.
 * @param {Kept} kept
 * @param {number} seqLen
 * @returns {number}
 */
export const countKept = ({ pinned, latest }, seqLen) => (latest === null ? seqLen : Math.min(seqLen, pinned + latest));

/**
 * The positions in the slots, slot by slot, when so many tokens are written.
 * @param {Kept} kept
 * @param {number} seqLen
 * @returns {number[]}
 */
export function heldAfter(kept, seqLen) {
  const { pinned, latest } = kept;
  return Array.from({ length: countKept(kept, seqLen) }, (_, slot) => {
    if (latest === null || slot < pinned) return slot;
    return slot + Math.floor((seqLen - 1 - slot) / latest) * latest;
  });
}
