// Matrix view: rows are queries, columns are keys, one cell per score pair, on a canvas.

/** @import { Pattern } from "../core/types.d.ts" */

import { h, onWidth, penOf } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { fontOf, palette } from "../core/theme.js";
import { paintCells } from "./cells.js";
import { drawMatrix } from "./matrix_drawing.js";
import { tableOf } from "./matrix_table.js";
import { cellText } from "./matrix_words.js";
import { listenToPointer, pointWord } from "./pointing.js";
import { whileAlive } from "../core/while_alive.js";

/**
 * What a matrix shows.
 * @typedef {object} MatrixData
 * @property {string} name - What the matrix is called by those who cannot see it.
 * @property {readonly string[] | null} tokens - The text; null where tokens have only their numbers.
 * @property {number} seqLen
 * @property {Pattern} pattern
 * @property {Pattern} full - Full attention: what only it reads is dimmed.
 * @property {number | null} query - The query whose row is marked.
 * @property {((query: number, key: number) => number) | null} value - The number of a cell, NaN where
 *   there is none; null colours by the rule alone.
 * @property {boolean} [pending] - The numbers are on their way.
 * @property {readonly number[]} [range] - The lowest and the highest number of the colour scale.
 * @property {(share: number) => number} [bend] - What becomes of a share before it is a colour.
 * @property {string} [unit] - What the numbers are.
 * @property {number} [first] - Where the text begins that is shown, if it is a stretch of a longer one: the
 *   pattern and all positions count from there.
 * @property {string} [told] - What stands below the matrix while nobody points at it.
 */

/**
 * A cell, by its row and its column.
 * @typedef {{query: number, key: number}} Cell
 */

/**
 * Whom the matrix tells that somebody points at a cell (null: at none), or chooses a query.
 * @typedef {object} MatrixCallbacks
 * @property {(cell: Cell | null) => void} [onHover]
 * @property {(query: number) => void} [onLock]
 */

/**
 * Where the matrix stands on its canvas, in device pixels; `density` of them are a CSS pixel.
 * @typedef {{density: number, cell: number, side: number, left: number, labelled: boolean}} Layout
 */

const GUTTER = 74;
const FOOT = 62;
const BARE_GUTTER = 26;
const PER_DIGIT = 7;
const LABELLED_CELL = 10.5;
const LARGEST_CELL = 30;
const FIRST_WIDTH = 320;
/** @type {Record<string, number[]>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw a matrix into an element, and keep it up to date.  Labs show two of them, so that each lab
 * names its own.
 * @param {HTMLElement} element
 * @param {MatrixData} data
 * @param {MatrixCallbacks} callbacks
 * @returns {{update: (next: MatrixData) => void, point: (query: number) => void}} `point` marks
 *   another query, because another view points at it.
 */
export function render(element, data, callbacks) {
  const view = open(element, data, callbacks);
  listen(view);
  onWidth(element, (width) => {
    view.width = width;
    paint(view);
  });
  paint(view);
  return { update: (next) => update(view, next), point: (query) => point(view, query) };
}

/**
 * @param {HTMLElement} element
 * @param {MatrixData} data
 * @param {MatrixCallbacks} callbacks
 */
function open(element, data, callbacks) {
  const canvas = h("canvas", { tabindex: 0, role: "img" });
  const told = h("p", { class: "told" });
  element.replaceChildren(h("div", { class: "matrix-view" }, canvas), told);
  const view = {
    element,
    callbacks,
    canvas,
    told,
    pen: penOf(canvas),
    image: document.createElement("canvas"),
    data,
    cursor: /** @type {Cell | null} */ (null),
    layout: /** @type {Layout} */ ({ density: 1, cell: 1, side: 0, left: 0, labelled: false }),
    painted: false,
    width: FIRST_WIDTH,
  };
  offer(element, {
    table: () => tableOf(view.data),
    draw: (pen) => drawMatrix({ ...view, pen, colours: palette(element), font: fontOf(element) }),
  });
  return view;
}

/**
 * Find out where everything stands.  A cell is a whole number of device pixels, so that it is crisp.
 * @param {View} view
 */
function measure(view) {
  const { canvas, data, width } = view;
  const density = window.devicePixelRatio || 1;
  const n = Math.max(data.seqLen, 1);
  const labelled = (width - GUTTER) / n >= LABELLED_CELL && data.tokens !== null;
  const digits = String((data.first ?? 0) + n).length;
  const gutter = labelled ? GUTTER : Math.max(BARE_GUTTER, digits * PER_DIGIT + 5);
  const cell = Math.max(1, Math.floor(Math.min((width - gutter - 2) / n, LARGEST_CELL) * density));
  view.layout = { density, cell, side: cell * n, left: Math.round(gutter * density), labelled };
  const foot = Math.round((labelled ? FOOT : BARE_GUTTER) * density);
  const [across, down] = [view.layout.left + view.layout.side + 2, view.layout.side + foot];
  if (canvas.width === across && canvas.height === down) return;
  [canvas.width, canvas.height] = [across, down];
  canvas.style.width = `${across / density}px`;
  canvas.style.height = `${down / density}px`;
}

/** @param {View} view */
function paint(view) {
  const { element, data, canvas, image } = view;
  if (!element.isConnected || !data.seqLen) return;
  measure(view);
  const colours = palette(element);
  paintCells(image, data, colours);
  view.pen.clearRect(0, 0, canvas.width, canvas.height);
  drawMatrix({ ...view, colours, font: fontOf(element) });
  view.painted = true;
  canvas.setAttribute(
    "aria-label",
    `${data.name}: matrix of ${data.seqLen} queries by ${data.seqLen} keys. Arrow keys move over its cells.`,
  );
  const said = view.cursor ? cellText(data, view.cursor) : data.told;
  view.told.textContent = said ?? `${pointWord()} a cell to read it.`;
  view.told.classList.toggle("unsaved", said === undefined);
}

/**
 * The cell below the pointer, or null.
 * @param {View} view
 * @param {MouseEvent} event
 */
function cellAt({ canvas, data, layout }, event) {
  const box = canvas.getBoundingClientRect();
  const { density, cell, left } = layout;
  const key = Math.floor(((event.clientX - box.left) * density - left) / cell);
  const query = Math.floor(((event.clientY - box.top) * density) / cell);
  const inside = [query, key].every((i) => i >= 0 && i < data.seqLen);
  return inside ? { query, key } : null;
}

/**
 * @param {Cell | null} one
 * @param {Cell | null} other
 */
const same = (one, other) => one?.query === other?.query && one?.key === other?.key;

/**
 * @param {View} view
 * @param {Cell | null} next
 */
function move(view, next) {
  if (same(next, view.cursor)) return;
  view.cursor = next;
  paint(view);
  view.callbacks.onHover?.(next);
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  if (event.key === "Escape") return move(view, null);
  if (!(event.key in STEPS)) return;
  event.preventDefault();
  const last = view.data.seqLen - 1;
  const start = view.data.query ?? last;
  const from = view.cursor ?? { query: start, key: start };
  const [down, across] = STEPS[event.key];
  /** @param {number} i */
  const clamp = (i) => Math.min(Math.max(i, 0), last);
  move(view, { query: clamp(from.query + down), key: clamp(from.key + across) });
}

/** @param {View} view */
function listen(view) {
  const { canvas } = view;
  /** @param {Cell} cell */
  const choose = (cell) => view.callbacks.onLock?.(cell.query);
  const byFinger = listenToPointer(canvas, {
    at: (event) => cellAt(view, event),
    point: (cell) => move(view, cell),
    choose,
    tap: (cell) => (same(cell, view.cursor) ? choose(cell) : move(view, cell)),
  });
  canvas.addEventListener("keydown", (event) => press(view, event));
  canvas.addEventListener("blur", () => byFinger() || move(view, null));
  // A canvas keeps the letters that there were when it was drawn.
  whileAlive(document.fonts, "loadingdone", view, paint);
}

/**
 * @param {View} view
 * @param {MatrixData} next
 */
function update(view, next) {
  view.data = next;
  if (view.cursor && Math.max(view.cursor.query, view.cursor.key) >= next.seqLen) view.cursor = null;
  paint(view);
}

/**
 * Another view points at a query; only the outline moves.
 * @param {View} view
 * @param {number} query
 */
function point(view, query) {
  if (query === view.data.query) return;
  view.data = { ...view.data, query };
  if (view.painted) paint(view);
}
