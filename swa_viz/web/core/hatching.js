// Slanted lines, the second sign of what has no number: hidden in a matrix, not measured yet in the cone.

/** @import { Pen } from "./pen.d.ts" */

import { penOf } from "./dom.js";

/** The side of a tile, in CSS pixels. */
export const TILE = 6;

/** The width of its lines. */
export const WIDTH = 1.3;

/** Where the lines of a tile begin, in sides of it: each goes up by one side and to the right by one. */
export const STARTS = [-1, 0, 1];

/**
 * What fills an area with slanted lines.
 * @param {Pen} pen
 * @param {string} colour
 * @param {number} scale - The canvas's own pixels for each of the picture's.
 * @returns {CanvasPattern}
 */
export function hatching(pen, colour, scale) {
  if (pen.hatched) return pen.hatched(colour, scale);
  const size = Math.round(TILE * scale);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const tilePen = penOf(tile);
  tilePen.strokeStyle = colour;
  tilePen.lineWidth = WIDTH * scale;
  for (const start of STARTS) {
    tilePen.moveTo(start * size, size);
    tilePen.lineTo((start + 1) * size, 0);
  }
  tilePen.stroke();
  return /** @type {CanvasPattern} */ (pen.createPattern(tile, "repeat"));
}
