// How a visitor points at the parts of a picture: with a mouse by moving over them, with a finger by
// tapping.  What a finger points at stays until it taps again: it cannot rest on the screen and read.

import { h } from "../core/dom.js";

/**
 * What a picture does.
 * @template Part
 * @typedef {object} Pointed
 * @property {(event: PointerEvent | MouseEvent) => Part | null} at - The part below the pointer.
 * @property {(part: Part | null) => void} point - Somebody points at a part, or no longer at any.
 * @property {(part: Part) => void} [choose] - Somebody clicks on a part.
 * @property {(part: Part) => void} [tap] - The same with a finger; without it a tap points.
 */

/**
 * Let a visitor point at the parts of a picture.
 * @template Part
 * @param {HTMLElement | SVGElement} picture
 * @param {Pointed<Part>} pointed
 * @returns {() => boolean} Whether the last to touch the picture was a finger.
 */
export function listenToPointer(picture, { at, point, choose, tap = point }) {
  let byFinger = false;
  /** @param {Event} event */
  const isTouch = (event) => /** @type {PointerEvent} */ (event).pointerType === "touch";
  picture.addEventListener("pointerdown", (event) => (byFinger = isTouch(event)));
  picture.addEventListener("pointermove", (event) => {
    if (!isTouch(event)) point(at(/** @type {PointerEvent} */ (event)));
  });
  picture.addEventListener("pointerleave", (event) => {
    if (!isTouch(event)) point(null);
  });
  picture.addEventListener("click", (event) => {
    const part = at(/** @type {MouseEvent} */ (event));
    if (part === null) return;
    if (byFinger) tap(part);
    else choose?.(part);
  });
  return () => byFinger;
}

/**
 * Where an arrow key leads among things in a row: from nothing to the first or to the last of them.
 * @param {KeyboardEvent} event
 * @param {number} at - From 0; -1 for nothing.
 * @param {number} count
 * @returns {number | null} Null for another key, or where there is nothing.
 */
export function arrowed(event, at, count) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || !count) return null;
  event.preventDefault();
  if (at < 0) return step > 0 ? 0 : count - 1;
  return Math.min(Math.max(at + step, 0), count - 1);
}

const onlyFingers = () => window.matchMedia("(hover: none)").matches;

/**
 * The word for what a visitor does to point at something: "Tap" where there are only fingers.
 * @returns {string}
 */
export const pointWord = () => (onlyFingers() ? "Tap" : "Point at");

/**
 * How a visitor with a mouse locks a part of a picture and lets go of it, as a badge; a finger just taps.
 * Nothing can be clicked on paper, so it is not printed.
 * @param {boolean} isLocked
 * @returns {Node[]}
 */
export function lockBadge(isLocked) {
  const byMouse = isLocked ? "locked · Esc or click to unlock" : "click to lock";
  const said = onlyFingers() ? isLocked && "locked" : byMouse;
  return said ? [h("span", { class: "by-hand" }, said)] : [];
}
