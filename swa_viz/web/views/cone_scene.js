// What the cone view draws in one pass, and where its rows and cells stand.

/** @import { Pen } from "../core/pen.d.ts" */
/** @import { Palette } from "../core/theme.js" */
/** @import { Columns } from "./columns.js" */
/** @import { ConeData, ConeCell } from "./cone.js" */

import { columns, gapFor, isNarrow } from "./columns.js";

/**
 * Where the picture's parts stand, in CSS pixels; `density` device pixels are one of them.
 * @typedef {object} Stand
 * @property {number} width
 * @property {number} height
 * @property {number} density
 * @property {boolean} narrow - Words must be short.
 * @property {(row: number) => number} top - The upper edge of a row of cells.
 * @property {(y: number) => number} rowAt - The row that is nearest to a height.
 */

/**
 * The picture's parts, and the columns of its tokens.
 * @typedef {Columns & Stand} Place
 */

/**
 * All that is drawn in one pass: the view's data, what follows from them, and with what to draw.
 * @typedef {object} Found
 * @property {Pen} pen
 * @property {Place} place
 * @property {Float64Array[]} reached - `reached[row][position]` is 1 where the token on top can
 *   hear that cell, else 0; row 0 is the text.
 * @property {ConeCell | null} cell - The cell that the visitor points at.
 * @property {number[] | null} way - One way to it: a position for each row, top first.
 * @property {string} font
 * @property {Palette} colours
 *
 * @typedef {ConeData & Found} Scene
 */

const ROW = 54;
const TOP = 26;
const FOOT = 66;
const WIDEST_GAP = 3;

/** The height of a cell. */
export const BOX = 22;

/**
 * Where everything stands.
 * @param {number} width - Of the picture, in CSS pixels.
 * @param {number} seqLen
 * @param {number} nRows - Layers of the model; the text stands below them.
 * @returns {Place}
 */
export function placeFor(width, seqLen, nRows) {
  return {
    ...columns(width, seqLen),
    width,
    height: TOP + ROW * nRows + BOX + FOOT,
    density: window.devicePixelRatio || 1,
    narrow: isNarrow(width),
    top: (row) => TOP + ROW * (nRows - row),
    rowAt: (y) => nRows - Math.round((y - TOP - BOX / 2) / ROW),
  };
}

/**
 * The square of one cell: left, top, width, height.  It is a little narrower than its column.
 * @param {Scene} scene
 * @param {number} row
 * @param {number} position
 * @returns {[number, number, number, number]}
 */
export function square({ place }, row, position) {
  const gap = gapFor(place.pitch, Math.min(WIDEST_GAP, place.pitch * 0.14));
  return [place.left(position) + gap / 2, place.top(row), place.pitch - gap, BOX];
}
