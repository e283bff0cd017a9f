// What is being drawn of a picture, and how the page's places become the picture's.

/** @import { Hatch, Mark } from "./marks.d.ts" */

/**
 * What is being drawn: the marks so far, and how the page's places become the picture's.
 * @typedef {object} Scene
 * @property {Mark[]} marks
 * @property {Element} view - Its root.
 * @property {number} left
 * @property {number} top
 * @property {number} alpha
 * @property {number} room - Where words must end at the right.
 * @property {{right: number}} extent - Where the picture ends at the right.
 * @property {CSSStyleDeclaration | null} underlined - What underlines the words, if anything does.
 */

/** A line or an area, as far as nothing else is said of it. */
export const SHAPE = { width: 1, dash: "", cap: "butt", fill: /** @type {string | Hatch} */ ("none"), stroke: "none" };

/**
 * From the places of the page to those of the picture, as a matrix.
 * @param {Scene} scene
 * @returns {number[]}
 */
export const placeOf = ({ left, top }) => [1, 0, 0, 1, -left, -top];

/**
 * The picture goes at least so far to the right.
 * @param {Scene} scene
 * @param {number} right
 * @returns {void}
 */
export function extend({ extent }, right) {
  extent.right = Math.max(extent.right, right);
}
