// Cone view: layers of tokens, and everything that one token on top can be reached from.

/** @import { Pen } from "../core/pen.d.ts" */
/** @import { Schedule } from "../core/types.d.ts" */
/** @import { Place } from "./cone_scene.js" */

import { reachable, route } from "../../reach.js";
import { h, onWidth, penOf } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { fontOf, palette } from "../core/theme.js";
import { drawCells, drawLight } from "./cone_cells.js";
import { clamped, press } from "./cone_keys.js";
import { drawRows, drawWords } from "./cone_labels.js";
import { drawRoute, drawWindows } from "./cone_lines.js";
import { placeFor } from "./cone_scene.js";
import { cellSentence, invitation, nameOf, summary } from "./cone_sentence.js";
import { tableOf } from "./cone_table.js";
import { listenToPointer } from "./pointing.js";
import { whileAlive } from "../core/while_alive.js";

/**
 * What the cone shows.
 * @typedef {object} ConeData
 * @property {readonly string[]} tokens
 * @property {Schedule} schedule - One pattern for each layer that counts.
 * @property {number} nRows - The layers that the model has.
 * @property {number} query - The token on top.
 * @property {number | null} locked - The same if a click holds it, else null.
 * @property {boolean} [fixed] - The token on top cannot be changed.
 * @property {readonly (readonly number[])[] | null} shares - `shares[row][position]`: measured
 *   influence, each row sums to 1; null while it is on its way: then the outline, which is exact,
 *   stands alone and the cells are hatched.
 */

/**
 * A cell, by its row (0 is the text, 1 the first layer) and its column.
 * @typedef {{row: number, position: number}} ConeCell
 */

/**
 * Whom the view tells that somebody points at a token, or locks one on top (null: unlocks).
 * @typedef {object} ConeCallbacks
 * @property {(query: number | null) => void} onPick
 * @property {(query: number | null) => void} onLock
 */

const LAYERS_OF_PAINT = [drawLight, drawRows, drawCells, drawWindows, drawRoute, drawWords];
const FIRST_WIDTH = 320;

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw a cone into an element, and keep it up to date.
 * @param {HTMLElement} element
 * @param {ConeData} data
 * @param {ConeCallbacks} callbacks
 * @returns {{update: (next: ConeData) => void}}
 */
export function render(element, data, callbacks) {
  const view = open(element, data, callbacks);
  listen(view);
  onWidth(element, (width) => {
    view.width = width;
    paint(view);
  });
  return { update: (next) => update(view, next) };
}

/**
 * @param {HTMLElement} element
 * @param {ConeData} data
 * @param {ConeCallbacks} callbacks
 */
function open(element, data, callbacks) {
  const canvas = h("canvas", {
    class: "cone",
    tabindex: 0,
    role: "slider",
    "aria-label": "The token on top. Arrow keys pick another, Enter locks it, Escape unlocks.",
  });
  const told = h("p", { class: "told" });
  const spoken = h("p", { class: "sr-only", role: "status" });
  element.dataset.view = "cone";
  element.replaceChildren(canvas, told, spoken);
  const view = {
    element,
    callbacks,
    canvas,
    told,
    spoken,
    pen: penOf(canvas),
    data,
    width: FIRST_WIDTH,
    place: /** @type {Place | null} */ (null),
    /** The cell that a visitor points at while the top token is locked, or that a finger has tapped. */
    cell: /** @type {ConeCell | null} */ (null),
    /** Was it a finger?  Then the way to the cell stays, whether the token on top is locked or not. */
    byFinger: () => false,
  };
  offer(element, { table: () => tableOf(view.data), draw: (other) => draw(view, other) });
  return view;
}

/**
 * Find out where everything stands, and give the canvas its size.
 * @param {View} view
 */
function measure(view) {
  const { canvas, data, width } = view;
  const place = placeFor(width, data.tokens.length, data.nRows);
  view.place = place;
  const [across, down] = [Math.round(width * place.density), Math.round(place.height * place.density)];
  if (canvas.width !== across || canvas.height !== down) {
    [canvas.width, canvas.height] = [across, down];
    canvas.style.height = `${place.height}px`;
  }
  return place;
}

/** @param {View} view */
function paint(view) {
  const { element, data, canvas, pen } = view;
  if (!element.isConnected || !data.tokens.length) return;
  measure(view);
  pen.resetTransform();
  pen.clearRect(0, 0, canvas.width, canvas.height);
  const { reached, way } = draw(view, pen);
  tell(view, reached[0], way);
}

/**
 * Draw everything where it stands.
 * @param {View} view
 * @param {Pen} pen - It counts in the canvas's own pixels.
 */
function draw(view, pen) {
  const { element, data, cell } = view;
  const { tokens, schedule, query } = data;
  const place = view.place ?? measure(view);
  const reached = reachable(schedule, query, tokens.length);
  const way = cell ? route(schedule, query, cell.row, cell.position) : null;
  pen.scale(place.density, place.density);
  const scene = { ...data, pen, place, reached, cell, way, font: fontOf(element), colours: palette(element) };
  LAYERS_OF_PAINT.forEach((layer) => layer(scene));
  return scene;
}

/**
 * Say in words what is seen.
 * @param {View} view
 * @param {Float64Array} heard - 1 for each token that can influence the one on top, else 0.
 * @param {number[] | null} way
 */
function tell({ data, cell, canvas, told, spoken }, heard, way) {
  const { tokens, query, locked } = data;
  const said = cell ? cellSentence(data, cell, way) : summary(data, heard);
  told.textContent = cell ? said : `${said} ${invitation(data)}`;
  spoken.textContent = said;
  canvas.setAttribute("aria-valuemin", "1");
  canvas.setAttribute("aria-valuemax", String(tokens.length));
  canvas.setAttribute("aria-valuenow", String(query + 1));
  canvas.setAttribute("aria-valuetext", `${nameOf(tokens, query)}${locked === null ? "" : ", locked"}`);
}

/** @param {View} view */
function listen(view) {
  const { canvas } = view;
  view.byFinger = listenToPointer(canvas, {
    at: (event) => cellAt(view, event),
    point: (cell) => point(view, cell),
    choose: ({ position }) => choose(view, position),
    tap: (cell) => tap(view, cell),
  });
  canvas.addEventListener("keydown", (event) => press(view, event));
  // A canvas keeps the letters that there were when it was drawn.
  whileAlive(document.fonts, "loadingdone", view, paint);
}

/**
 * A token comes on top and stays there; to choose it again lets it go.
 * @param {View} view
 * @param {number} position
 */
function choose(view, position) {
  view.cell = null;
  view.callbacks.onLock(position === view.data.locked ? null : position);
}

/**
 * A finger chooses the token on top in the highest row, and in the others asks for the way to a cell.
 * @param {View} view
 * @param {ConeCell} cell
 */
function tap(view, cell) {
  const { schedule, fixed } = view.data;
  if (cell.row === schedule.length && !fixed) return choose(view, cell.position);
  const isShown = cell.row === view.cell?.row && cell.position === view.cell.position;
  view.cell = isShown ? null : cell;
  paint(view);
}

/**
 * The cell below the pointer, or null.
 * @param {View} view
 * @param {MouseEvent} event
 * @returns {ConeCell | null}
 */
function cellAt({ canvas, data, place }, event) {
  const box = canvas.getBoundingClientRect();
  const position = place?.at(event.clientX - box.left) ?? null;
  if (!place || position === null) return null;
  return { position, row: clamped(place.rowAt(event.clientY - box.top), data.schedule.length) };
}

/**
 * While no token is locked, the one that is pointed at comes on top; else the way to it is shown.
 * @param {View} view
 * @param {ConeCell | null} next
 */
function point(view, next) {
  const { cell } = view;
  if (view.data.locked === null) return view.callbacks.onPick(next ? next.position : null);
  if (next?.row === cell?.row && next?.position === cell?.position) return;
  view.cell = next;
  paint(view);
}

/**
 * @param {View} view
 * @param {ConeData} next
 */
function update(view, next) {
  const { cell } = view;
  view.data = next;
  const isHeld = next.locked !== null || view.byFinger();
  const isInside = cell !== null && isHeld && cell.position < next.tokens.length;
  view.cell = isInside ? { ...cell, row: Math.min(cell.row, next.schedule.length) } : null;
  paint(view);
}
