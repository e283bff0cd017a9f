// What a view gives to those who want to take it away: its numbers as a table, and where it is a
// canvas, its drawing.  Whatever else a view shows is taken from the page as it stands.

/** @import { Pen } from "./pen.d.ts" */

/**
 * Numbers with their names.  A text is a text, also where it looks like a number.
 * @typedef {{columns: string[], rows: (string | number | boolean | null)[][]}} Table
 */

/**
 * @typedef {object} Offer
 * @property {() => Table} [table] - The numbers that are on screen, in full precision.
 * @property {(pen: Pen) => void} [draw] - Draws what the view's canvas shows, in the canvas's own pixels.
 */

/** @type {WeakMap<Element, Offer>} */
const offers = new WeakMap();

/**
 * A view offers what it has; it may do so again.
 * @param {Element} view - Its root, which has the name.
 * @param {Offer} what
 * @returns {void}
 */
export function offer(view, what) {
  offers.set(view, what);
}

/**
 * What the view of this root offers.
 * @param {Element} view
 * @returns {Offer | undefined}
 */
export const offerOf = (view) => offers.get(view);
