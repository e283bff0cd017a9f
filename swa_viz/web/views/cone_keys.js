// The keyboard of the cone view: arrows pick another token, Enter locks it on top, Escape unlocks it.

/** @import { ConeData, View } from "./cone.js" */

/**
 * A number moved to the nearer limit.
 * @param {number} number
 * @param {number} most
 * @returns {number}
 */
export const clamped = (number, most) => Math.min(Math.max(number, 0), most);

/**
 * Take a key.
 * @param {View} view
 * @param {KeyboardEvent} event
 * @returns {void}
 */
export function press(view, event) {
  const { query, locked, fixed } = view.data;
  if (fixed) return;
  const next = stepTo(view.data, event.key);
  if (next !== null) moveTo(view, next);
  else if (event.key === "Enter" || event.key === " ") view.callbacks.onLock(locked === null ? query : null);
  else if (event.key === "Escape") view.callbacks.onLock(null);
  else return;
  view.cell = null;
  event.preventDefault();
}

/**
 * The token to which a key leads, or null.
 * @param {ConeData} data
 * @param {string} key
 */
function stepTo({ query, tokens }, key) {
  const last = tokens.length - 1;
  /** @type {Record<string, number>} */
  const moves = {
    ArrowLeft: query - 1,
    ArrowRight: query + 1,
    ArrowDown: query - 1,
    ArrowUp: query + 1,
    Home: 0,
    End: last,
  };
  return key in moves ? clamped(moves[key], last) : null;
}

/**
 * Another token comes on top.  The next key may come before the next frame, so it holds at once.
 * @param {View} view
 * @param {number} next
 */
function moveTo(view, next) {
  const isLocked = view.data.locked !== null;
  if (isLocked) view.callbacks.onLock(next);
  else view.callbacks.onPick(next);
  view.data = { ...view.data, query: next, locked: isLocked ? next : null };
}
