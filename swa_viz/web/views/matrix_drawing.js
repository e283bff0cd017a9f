// How the matrix view draws: the cells, the lines between them, the names at its edges, the marks.

/** @import { Pen } from "../core/pen.d.ts" */
/** @import { Palette } from "../core/theme.js" */
/** @import { Cell, Layout, MatrixData } from "./matrix.js" */

import { isPinned, looksAhead } from "../../patterns/pattern.js";
import { shortened } from "../../wording/text.js";
import { keyRanges } from "../../patterns/ranges.js";
import { rgb } from "../core/theme.js";
import { hatching } from "../core/hatching.js";

/**
 * All that is drawn in one pass.
 * @typedef {object} Scene
 * @property {Pen} pen
 * @property {HTMLCanvasElement} image - The cells, one pixel each.
 * @property {MatrixData} data
 * @property {Layout} layout
 * @property {Cell | null} cursor - The cell that the visitor points at.
 * @property {Palette} colours
 * @property {string} font
 */

const SMALLEST_RULED_CELL = 6;
const [FAINT, CLEAR] = [0.72, 1];
const [GROUND, HATCHES] = [0.07, 0.3];
const [SMALLEST_LETTER, LARGEST_LETTER] = [10, 12];
const [ROOM_FOR_A_ROW, ROOM_FOR_A_COLUMN] = [16, 26];

/**
 * Draw the whole matrix anew.
 * @param {Scene} scene
 * @returns {void}
 */
export function drawMatrix(scene) {
  const { pen, image, layout } = scene;
  pen.imageSmoothingEnabled = false;
  drawGround(scene);
  pen.drawImage(image, layout.left, 0, layout.side, layout.side);
  if (layout.cell >= SMALLEST_RULED_CELL) drawGrid(scene);
  drawLabels(scene);
  drawQueryRow(scene);
  drawCursor(scene);
}

/**
 * What lies below the cells: nothing, in the page's own colour, and hatched what full attention reads.
 * The cells that the pattern reads cover the rest of it.
 * @param {Scene} scene
 */
function drawGround({ pen, data, layout, colours }) {
  const { cell, side, left, density } = layout;
  pen.fillStyle = rgb(colours.paper);
  pen.fillRect(left, 0, side, side);
  pen.beginPath();
  for (let query = 0; query < data.seqLen; query++)
    for (const [start, stop] of keyRanges(data.full, query, data.seqLen))
      pen.rect(left + start * cell, query * cell, (stop - start) * cell, cell);
  pen.fillStyle = rgb(colours.outside, GROUND);
  pen.fill();
  pen.fillStyle = hatching(pen, rgb(colours.outside, HATCHES), density);
  pen.fill();
}

/** @param {Scene} scene */
function drawGrid({ pen, data, layout, colours }) {
  const { cell, side, left, density } = layout;
  pen.strokeStyle = rgb(colours.paper);
  pen.lineWidth = Math.max(1, Math.round(density));
  pen.beginPath();
  for (let i = 0; i <= data.seqLen; i++) {
    pen.moveTo(left + i * cell, 0);
    pen.lineTo(left + i * cell, side);
    pen.moveTo(left, i * cell);
    pen.lineTo(left + side, i * cell);
  }
  pen.stroke();
}

/**
 * The names of the tokens, or their numbers where there is no room for names, thinned so that they
 * do not overlap.
 * @param {Scene} scene
 */
function drawLabels(scene) {
  const { pen, data, layout, font } = scene;
  const { cell, density } = layout;
  const size = Math.min(LARGEST_LETTER, Math.max(SMALLEST_LETTER, cell / density - 1)) * density;
  pen.font = `${size}px ${font}`;
  pen.textBaseline = "middle";
  const tokens = layout.labelled ? data.tokens : null;
  const { first = 0 } = data;
  /** @param {number} room */
  const stepOf = (room) => (tokens ? 1 : Math.max(1, 2 ** Math.ceil(Math.log2((room * density) / cell))));
  const [step, columnStep] = [stepOf(ROOM_FOR_A_ROW), stepOf(ROOM_FOR_A_COLUMN)];
  for (let i = 0; i < data.seqLen; i += step) {
    const text = tokens ? shortened(tokens[i]) : String(first + i + 1);
    drawRowLabel(scene, i, text, size);
    if (i % columnStep === 0) drawColumnLabel(scene, i, text);
  }
}

/**
 * @param {Scene} scene
 * @param {number} query
 * @param {string} text
 * @param {number} size - Of its letters, in device pixels.
 */
function drawRowLabel({ pen, data, layout, cursor, colours }, query, text, size) {
  const isMarked = query === (cursor ?? data).query;
  pen.fillStyle = isMarked ? rgb(colours.query, CLEAR) : rgb(colours.ink, FAINT);
  pen.textAlign = "right";
  pen.fillText(text, layout.left - 5 * layout.density, Math.max((query + 0.5) * layout.cell, size / 2));
}

/**
 * @param {Scene} scene
 * @param {number} key
 * @param {string} text
 */
function drawColumnLabel({ pen, data, layout, cursor, colours }, key, text) {
  const { cell, side, left, density, labelled } = layout;
  const pinned = isPinned(data.pattern, key);
  const isMarked = key === cursor?.key;
  const ownColour = pinned ? colours.pinned : colours.ink;
  pen.save();
  pen.fillStyle = rgb(isMarked ? colours.key : ownColour, isMarked || pinned ? CLEAR : FAINT);
  pen.translate(left + (key + 0.5) * cell, side + 5 * density);
  if (labelled) pen.rotate(-Math.PI / 3);
  else pen.textAlign = "center";
  pen.fillText(pinned ? `★ ${text}` : text, 0, labelled ? 0 : 7 * density);
  pen.restore();
}

/** @param {Scene} scene */
function drawQueryRow({ pen, data, layout, cursor, colours }) {
  const { query } = cursor ?? data;
  const { cell, side, left, density } = layout;
  if (query === null || query >= data.seqLen) return;
  pen.lineWidth = 2 * density;
  pen.strokeStyle = rgb(colours.query);
  pen.strokeRect(left, query * cell, looksAhead(data.pattern) ? side : (query + 1) * cell, cell);
}

/** @param {Scene} scene */
function drawCursor({ pen, layout, cursor, colours }) {
  if (!cursor) return;
  const { cell, left, density } = layout;
  const [x, y] = [left + cursor.key * cell, cursor.query * cell];
  // Two lines, so that it stands out on every colour.
  pen.lineWidth = 2 * density;
  pen.strokeStyle = rgb(colours.paper);
  pen.strokeRect(x - 2 * density, y - 2 * density, cell + 4 * density, cell + 4 * density);
  pen.strokeStyle = rgb(colours.ink);
  pen.strokeRect(x, y, cell, cell);
}
