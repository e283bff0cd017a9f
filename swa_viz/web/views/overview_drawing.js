// How the overview draws: the blocks, the names above them, and the frame around the stretch that is shown.

/** @import { Pen } from "../core/pen.d.ts" */
/** @import { Palette } from "../core/theme.js" */
/** @import { OverviewData } from "./overview.js" */

import { rgb } from "../core/theme.js";

/**
 * Where one of the pictures stands on the canvas, in device pixels: a square.
 * @typedef {{x: number, y: number, side: number}} Panel
 */

/**
 * All that is drawn in one pass.
 * @typedef {object} Scene
 * @property {Pen} pen
 * @property {HTMLCanvasElement[]} images - The blocks of each picture, one pixel each.
 * @property {OverviewData} data
 * @property {Panel[]} panels
 * @property {Palette} colours
 * @property {string} font
 */

const [LARGEST, GAP, HEAD, EDGE] = [256, 16, 20, 2];
const LETTERS = 12;
const FAINT = 0.72;

/**
 * Find out where the pictures stand.  A block is a whole number of device pixels, if there is room.
 * @param {number} count - Of the pictures.
 * @param {number} nBlocks
 * @param {number} width - Of the view, in CSS pixels.
 * @returns {{panels: Panel[], across: number, down: number, density: number}}
 */
export function layOut(count, nBlocks, width) {
  const density = window.devicePixelRatio || 1;
  const room = Math.min((width - (count - 1) * GAP) / count - 2 * EDGE, LARGEST) * density;
  const side = room >= nBlocks ? Math.floor(room / nBlocks) * nBlocks : Math.floor(room);
  const [gap, head, edge] = [GAP, HEAD, EDGE].map((each) => Math.round(each * density));
  const panels = Array.from({ length: count }, (_, i) => ({ x: edge + i * (side + gap), y: head, side }));
  return { panels, across: count * (side + gap) - gap + 2 * edge, down: head + side + edge, density };
}

/**
 * How many pixels a token takes; the last block may have fewer tokens than there is room for.
 * @param {OverviewData} data
 * @param {Panel} panel
 * @returns {number}
 */
export const perToken = ({ nTokens, size }, { side }) => side / (Math.ceil(nTokens / size) * size);

/**
 * The picture at a place of the canvas.
 * @param {Panel[]} panels
 * @param {number} x
 * @param {number} y
 * @returns {Panel | null}
 */
export function panelAt(panels, x, y) {
  const isIn = (/** @type {Panel} */ p) => x >= p.x && x < p.x + p.side && y >= p.y && y < p.y + p.side;
  return panels.find(isIn) ?? null;
}

/**
 * Draw the whole overview anew.
 * @param {Scene} scene
 * @returns {void}
 */
export function drawOverview(scene) {
  scene.panels.forEach((panel, i) => drawPanel(scene, panel, i));
}

/**
 * @param {Scene} scene
 * @param {Panel} panel
 * @param {number} i
 */
function drawPanel({ pen, data, images, colours, font }, panel, i) {
  const { x, y, side } = panel;
  const density = window.devicePixelRatio || 1;
  const { name, share } = data.seen[i];
  // Where a block is less than a pixel, the pixel is the mean of some.
  pen.imageSmoothingEnabled = side < Math.ceil(data.nTokens / data.size);
  pen.font = `${LETTERS * density}px ${font}`;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.fillStyle = rgb(colours.ink, FAINT);
  pen.fillText(fitted(pen, share ? name : `${name}, ${data.waiting}`, side), x, y - (HEAD / 2) * density);
  pen.fillStyle = rgb(colours.paper);
  pen.fillRect(x, y, side, side);
  if (share) pen.drawImage(images[i], x, y, side, side);
  pen.lineWidth = density;
  pen.strokeStyle = rgb(colours.line);
  pen.strokeRect(x, y, side, side);
  drawFrame(pen, data, panel, colours, density);
}

/**
 * As much of some words as there is room for.
 * @param {Pen} pen
 * @param {string} words
 * @param {number} room
 */
function fitted(pen, words, room) {
  if (pen.measureText(words).width <= room) return words;
  let kept = words.length;
  while (kept > 1 && pen.measureText(`${words.slice(0, kept)}…`).width > room) kept--;
  return `${words.slice(0, kept).trimEnd()}…`;
}

/**
 * The rows of the queries that are shown, and a square around their own keys.
 * @param {Pen} pen
 * @param {OverviewData} data
 * @param {Panel} panel
 * @param {Palette} colours
 * @param {number} density
 */
function drawFrame(pen, data, panel, colours, density) {
  const { x, y } = panel;
  const [start, size] = [data.first, data.length].map((tokens) => tokens * perToken(data, panel));
  pen.strokeStyle = rgb(colours.query);
  pen.lineWidth = density;
  pen.strokeRect(x, y + start, start + size, size);
  pen.lineWidth = 3 * density;
  pen.strokeRect(x + start, y + start, size, size);
}
