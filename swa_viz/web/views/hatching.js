// Slanted lines, the second sign of what has no number: hidden in a matrix, not measured yet in the cone.

import { penOf } from "../core/dom.js";

const TILE = 6;
const WIDTH = 1.3;

/**
 * What fills an area of a canvas with slanted lines.
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 * @param {number} scale - The canvas's own pixels for each of the picture's.
 * @returns {CanvasPattern}
 */
export function hatching(pen, colour, scale) {
  const size = Math.round(TILE * scale);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const tilePen = penOf(tile);
  tilePen.strokeStyle = colour;
  tilePen.lineWidth = WIDTH * scale;
  for (const shift of [-size, 0, size]) {
    tilePen.moveTo(shift, size);
    tilePen.lineTo(shift + size, 0);
  }
  tilePen.stroke();
  return /** @type {CanvasPattern} */ (pen.createPattern(tile, "repeat"));
}
