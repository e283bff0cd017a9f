// The cells of a matrix as pixels, one each; those that nobody reads are left clear.  Up to 512 x 512
// of them change while the hand drags, so the rule fills whole stretches of a row, and only numbers go
// cell by cell.

/** @import { Colour, Palette } from "../core/theme.js" */
/** @import { Pattern } from "../core/types.d.ts" */
/** @import { MatrixData } from "./matrix.js" */

import { isPinned, visible } from "../../patterns/pattern.js";
import { keyRanges } from "../../patterns/ranges.js";
import { penOf } from "../core/dom.js";
import { scaleColour } from "../core/scale.js";

const SHADES = 256;
const WAITING = [0.12, 0.6];

/**
 * A colour as the four bytes of ImageData, in one number.
 * @param {Colour} colour
 */
const packed = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/**
 * Some of a colour on the page's background.
 * @param {Palette} colours
 * @param {Colour} colour
 * @param {number} share - From 0, which is nothing, to 1.
 */
const thinned = ({ paper }, colour, share) => packed(paper.map((c, i) => Math.round(c + share * (colour[i] - c))));

/** @type {WeakMap<Palette, Uint32Array>} */
const known = new WeakMap();

/**
 * The colours of numbers, from nothing to most.
 * @param {Palette} colours
 */
function shadesOf(colours) {
  const shades =
    known.get(colours) ??
    Uint32Array.from({ length: SHADES }, (_, i) => packed(scaleColour(i / (SHADES - 1), colours)));
  known.set(colours, shades);
  return shades;
}

/**
 * Colour the stretches of one row that its query reads.
 * @param {Uint32Array} cells - All cells, row after row.
 * @param {Pattern} pattern
 * @param {number} query
 * @param {number} n
 * @param {number | ((key: number) => number)} colour - One for all keys, or one for each.
 */
function fillRow(cells, pattern, query, n, colour) {
  for (const [start, stop, step] of keyRanges(pattern, query, n)) {
    if (step === 1 && typeof colour === "number")
      cells.fill(colour, query * n + start, query * n + Math.max(stop, start));
    else
      for (let key = start; key < stop; key += step)
        cells[query * n + key] = typeof colour === "number" ? colour : colour(key);
  }
}

/**
 * A row by the rule alone: read, or pinned, or waiting for its numbers.
 * @param {Uint32Array} cells
 * @param {MatrixData} data
 * @param {number} query
 * @param {number[]} pinned - The keys that are read from any distance.
 * @param {Palette} colours
 */
function rowByRule(cells, { seqLen: n, pattern, value }, query, pinned, colours) {
  if (value) {
    const shades = WAITING.map((share) => thinned(colours, colours.pending, share));
    /** @param {number} key */
    const waiting = (key) => shades[(query + key) % 2];
    return fillRow(cells, pattern, query, n, waiting);
  }
  fillRow(cells, pattern, query, n, packed(colours.key));
  for (const key of pinned)
    if (key !== query && visible(pattern, query, key)) cells[query * n + key] = packed(colours.pinned);
}

/**
 * A row by its numbers; what has none (NaN, -Infinity) stays clear.
 * @param {Uint32Array} cells
 * @param {MatrixData} data
 * @param {number} query
 * @param {Palette} colours
 */
function rowByNumber(cells, { seqLen: n, value, range = [0, 1], bend = Math.sqrt }, query, colours) {
  const [low, high] = range;
  const shades = shadesOf(colours);
  for (let key = 0; key < n; key++) {
    const number = value ? value(query, key) : NaN;
    if (!Number.isFinite(number)) continue;
    const share = Math.min(Math.max(bend((number - low) / (high - low || 1)), 0), 1);
    cells[query * n + key] = shades[Math.round(share * (SHADES - 1))];
  }
}

/**
 * Paint the cells of a matrix.
 * @param {HTMLCanvasElement} image - It gets the size of the matrix: one pixel is one cell.
 * @param {MatrixData} data
 * @param {Palette} colours
 * @returns {void}
 */
export function paintCells(image, data, colours) {
  const n = data.seqLen;
  image.width = image.height = n;
  if (!n) return;
  const pixels = new ImageData(n, n);
  const cells = new Uint32Array(pixels.data.buffer);
  const pinned = Array.from({ length: n }, (_, key) => key).filter((key) => isPinned(data.pattern, key));
  for (let query = 0; query < n; query++) {
    if (data.value && !data.pending) rowByNumber(cells, data, query, colours);
    else rowByRule(cells, data, query, pinned, colours);
  }
  penOf(image).putImageData(pixels, 0, 0);
}
