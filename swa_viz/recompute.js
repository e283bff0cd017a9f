// What must be computed again when the text in a cache is changed: the same as recompute.py, which
// says why, and a test holds the two equal.

/** @import { Kept } from "./patterns/pattern.js" */

/**
 * What an engine keeps beside the rings, so that it can go back: so many more slots in every ring, and
 * a copy of every ring each so many tokens; 0 means none.
 * @typedef {{spare: number, checkpointEvery: number}} Keeping
 *
 * Conversations that take turns.  Each turn adds `tokens`, of which the last `takenBack` do not return.
 * @typedef {{conversations: number, turns: number, tokens: number, takenBack: number}} Talk
 */

/**
 * Nothing but the rings.
 * @type {Keeping}
 */
export const RINGS_ALONE = { spare: 0, checkpointEvery: 0 };

/**
 * Can a layer that holds so many tokens go on at a position, as if the later ones never were?
 * @param {Kept} kept
 * @param {number} seqLen
 * @param {number} position
 * @param {number} [spare]
 * @returns {boolean}
 */
function canGoOn({ pinned, latest }, seqLen, position, spare = 0) {
  if (latest === null) return true;
  const oldestRead = Math.max(pinned, position - latest + 1);
  const oldestHeld = Math.max(pinned, seqLen - latest - spare);
  return oldestRead >= Math.min(position, oldestHeld);
}

/**
 * The last position, `position` at most, at which all layers together can go on.
 * @param {readonly Kept[]} layers
 * @param {number} seqLen
 * @param {number} position
 * @param {Keeping} [keeping]
 * @returns {number}
 */
function resumeAt(layers, seqLen, position, { spare, checkpointEvery } = RINGS_ALONE) {
  const copied = checkpointEvery ? Math.floor(position / checkpointEvery) * checkpointEvery : 0;
  const starts = [position, ...layers.map(({ pinned }) => Math.min(pinned, position))];
  const held = starts.filter((start) => layers.every((kept) => canGoOn(kept, seqLen, start, spare)));
  return Math.max(copied, ...held, 0);
}

/**
 * How many of the tokens are computed again when the one at `position` is another.
 * @param {readonly Kept[]} layers
 * @param {number} seqLen
 * @param {number} position
 * @param {Keeping} [keeping]
 * @returns {number}
 */
export const afterEdit = (layers, seqLen, position, keeping) => seqLen - resumeAt(layers, seqLen, position, keeping);

/**
 * How many tokens are computed again before a model goes on, when the last ones are taken back.
 * @param {readonly Kept[]} layers
 * @param {number} seqLen
 * @param {number} nTokens
 * @param {Keeping} [keeping]
 * @returns {number}
 */
export function afterGoingBack(layers, seqLen, nTokens, keeping) {
  const position = seqLen - nTokens;
  return position - resumeAt(layers, seqLen, position, keeping);
}

/**
 * The keys that all layers together keep of a conversation, those of its copies too.
 * @param {readonly Kept[]} layers
 * @param {number} seqLen
 * @param {Keeping} [keeping]
 * @returns {number}
 */
export function heldTokens(layers, seqLen, { spare, checkpointEvery } = RINGS_ALONE) {
  let held = 0;
  for (const { pinned, latest } of layers) {
    held += latest === null ? seqLen : Math.min(seqLen, pinned + latest + spare);
    if (latest === null || !checkpointEvery) continue;
    for (let place = checkpointEvery; place <= seqLen; place += checkpointEvery) held += Math.min(place, latest);
  }
  return held;
}

/**
 * For each turn of all conversations: how many known tokens are computed again.
 * @param {readonly Kept[]} layers
 * @param {Talk} talk
 * @param {number} pool - In tokens per layer: what the engine keeps after a turn must fit into it.
 * @param {Keeping} [keeping]
 * @returns {number[]}
 */
export function reuse(layers, { conversations, turns, tokens, takenBack }, pool, keeping = RINGS_ALONE) {
  /** @type {Map<number, {length: number, size: number}>} The one that waits longest comes first. */
  const kept = new Map();
  const again = Array(turns).fill(0);
  let used = 0;
  /** @param {number} which */
  const drop = (which) => {
    used -= kept.get(which)?.size ?? 0;
    kept.delete(which);
  };
  for (let turn = 0; turn < turns; turn++)
    for (let which = 0; which < conversations; which++) {
      const known = Math.max(turn * tokens - takenBack, 0);
      const before = kept.get(which)?.length ?? 0;
      again[turn] += known - (before ? resumeAt(layers, before, known, keeping) : 0);
      drop(which);
      const length = (turn + 1) * tokens;
      const size = heldTokens(layers, length, keeping);
      kept.set(which, { length, size });
      used += size;
      while (used > pool * layers.length) drop(/** @type {number} */ (kept.keys().next().value));
    }
  return again;
}
