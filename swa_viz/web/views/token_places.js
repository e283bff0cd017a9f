// Where the tokens of the token view stand, and how much room its arcs get above each row.

/** @import { Place } from "./token_arcs.js" */
/** @import { Chip } from "./token_chips.js" */

/**
 * A row of tokens is at least so high above the row below it, in CSS pixels.  A text of many rows is
 * read, not admired: its arcs are flat.
 * @type {[most: number, room: number][]}
 */
const ROOMS = [
  [2, 52],
  [5, 30],
  [Infinity, 13],
];

// Arcs in a narrow place are short, and so they are low.
const [LOWEST, STEEPNESS] = [20, 0.05];

/**
 * The parts of the view that are measured, and given their room.
 * @typedef {{stage: HTMLElement, arcs: SVGElement, strip: HTMLElement, chips: Chip[]}} Parts
 */

/**
 * The places of all tokens, the width of the picture and the room for arcs, in CSS pixels.
 * @typedef {{places: Place[], width: number, room: number}} Layout
 */

/**
 * Measure where the tokens stand now, after giving their rows the room that suits so many.  The rows
 * themselves only depend on widths, so this room never changes them.
 * @param {Parts} parts
 * @returns {Layout | null} Null while the view is hidden.
 */
export function layOut(parts) {
  const { stage, arcs, strip } = parts;
  const { width } = stage.getBoundingClientRect();
  if (!width) return null;
  const rows = placesIn(parts).reduce((most, { row }) => Math.max(most, row + 1), 0);
  // A frame has little room, and its looks say how much.
  const most = parseFloat(getComputedStyle(strip).getPropertyValue("--most-room")) || Infinity;
  const enough = /** @type {number[]} */ (ROOMS.find(([least]) => rows <= least))[1];
  const room = Math.min(enough, LOWEST + width * STEEPNESS, most);
  if (strip.dataset.room !== String(room)) {
    strip.dataset.room = String(room);
    strip.style.setProperty("--room", `${room}px`);
  }
  arcs.setAttribute("viewBox", `0 0 ${width} ${stage.getBoundingClientRect().height}`);
  return { places: placesIn(parts), width, room };
}

/**
 * @param {Parts} parts
 * @returns {Place[]}
 */
function placesIn({ stage, chips }) {
  const frame = stage.getBoundingClientRect();
  let [row, bottom] = [0, Infinity];
  return chips.map(({ chip }) => {
    const box = chip.getBoundingClientRect();
    if (box.top >= bottom) row++;
    bottom = box.bottom;
    return { x: box.left - frame.left + box.width / 2, y: box.top - frame.top, row };
  });
}
