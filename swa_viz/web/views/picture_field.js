// A picture, one place of it, and what that place reads: in one layer, and through several.

/** @import { Table } from "../core/offer.js" */
/** @import { Layout } from "./picture_field_drawing.js" */

import { h, penOf } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { palette } from "../core/theme.js";
import { drawPicture } from "./picture_field_drawing.js";
import { listenToPointer } from "./pointing.js";
import { redrawn } from "./redrawn.js";

/**
 * Is a place in an area?  It may lie beyond the picture.
 * @typedef {(row: number, column: number) => boolean} Has
 *
 * What the view shows.
 * @typedef {object} PictureField
 * @property {string} label - What it shows, to those who cannot see it.
 * @property {number} height - In places.
 * @property {number} width
 * @property {HTMLCanvasElement} image
 * @property {number} picked - The place that reads, row by row.
 * @property {readonly Has[]} depths - What it reaches through one layer, through two, ...
 * @property {boolean} padded - Is what lies beyond the border read as zeros?
 *
 * @typedef {{onPoint: (place: number | null) => void, onChoose: (place: number) => void}} Callbacks
 */

const FIRST_WIDTH = 320;
const [LARGEST_CELL, LARGEST_SIDE] = [34, 330];
/** @type {Record<string, number[]>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw a picture into an element; it shows nothing before its first update.
 * @param {HTMLElement} element
 * @param {string} name - Of the view.
 * @param {Callbacks} callbacks
 * @returns {{update: (data: PictureField) => void}}
 */
export function render(element, name, callbacks) {
  const view = open(element, name, callbacks);
  listen(view);
  return redrawn(element, view, paint);
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {Callbacks} callbacks
 */
function open(element, name, callbacks) {
  const canvas = h("canvas", { class: "picture-field", tabindex: 0, role: "img" });
  element.dataset.view = name;
  element.replaceChildren(canvas);
  const view = {
    element,
    canvas,
    callbacks,
    data: /** @type {PictureField | null} */ (null),
    layout: /** @type {Layout} */ ({ density: 1, cell: 1 }),
    width: FIRST_WIDTH,
  };
  offer(element, {
    table: () => tableOf(view.data),
    draw: (pen) => view.data && drawPicture({ ...view, data: view.data, pen, colours: palette(element) }),
  });
  return view;
}

/**
 * Every place that is reached, and through how many layers at least.
 * @param {PictureField | null} data
 * @returns {Table}
 */
function tableOf(data) {
  const columns = ["row", "column", "layers"];
  if (!data) return { columns, rows: [] };
  const rows = Array.from({ length: data.height * data.width }, (_, place) => {
    const [row, column] = [Math.floor(place / data.width), place % data.width];
    return [row + 1, column + 1, data.depths.findIndex((has) => has(row, column)) + 1 || null];
  });
  return { columns, rows };
}

/** @param {View} view */
function paint(view) {
  const { element, canvas, data, width } = view;
  if (!data || !element.isConnected) return;
  const density = window.devicePixelRatio || 1;
  const across = Math.max(data.width, data.height) + 2;
  const room = Math.min(width, LARGEST_SIDE) / across;
  const cell = Math.max(1, Math.floor(Math.min(room, LARGEST_CELL) * density));
  view.layout = { density, cell };
  const [wide, high] = [(data.width + 2) * cell, (data.height + 2) * cell];
  if (canvas.width !== wide || canvas.height !== high) {
    [canvas.width, canvas.height] = [wide, high];
    canvas.style.width = `${wide / density}px`;
    canvas.style.height = `${high / density}px`;
  }
  const pen = penOf(canvas);
  pen.clearRect(0, 0, wide, high);
  drawPicture({ pen, data, layout: view.layout, colours: palette(element) });
  canvas.setAttribute("aria-label", `${data.label} Arrow keys pick another place, Enter keeps it.`);
}

/**
 * The place below the pointer, or null.
 * @param {View} view
 * @param {MouseEvent} event
 */
function placeAt({ canvas, data, layout }, event) {
  if (!data) return null;
  const box = canvas.getBoundingClientRect();
  const cell = layout.cell / layout.density;
  const row = Math.floor((event.clientY - box.top) / cell) - 1;
  const column = Math.floor((event.clientX - box.left) / cell) - 1;
  const isInside = row >= 0 && row < data.height && column >= 0 && column < data.width;
  return isInside ? row * data.width + column : null;
}

/** @param {View} view */
function listen(view) {
  const { canvas, callbacks } = view;
  listenToPointer(canvas, {
    at: (event) => placeAt(view, event),
    point: callbacks.onPoint,
    choose: callbacks.onChoose,
    tap: callbacks.onChoose,
  });
  canvas.addEventListener("keydown", (event) => press(view, event));
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  const { data, callbacks } = view;
  if (!data) return;
  const { picked, height, width } = data;
  if (event.key === "Enter" || event.key === " ") callbacks.onChoose(picked);
  else if (event.key in STEPS) {
    const [down, right] = STEPS[event.key];
    const row = Math.min(Math.max(Math.floor(picked / width) + down, 0), height - 1);
    const column = Math.min(Math.max((picked % width) + right, 0), width - 1);
    const place = row * width + column;
    // The next key may be pressed before the lab has drawn this one.
    view.data = { ...data, picked: place };
    callbacks.onPoint(place);
  } else return;
  event.preventDefault();
}
