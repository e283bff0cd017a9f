// A pad of pixels on which one draws a digit, with a pen, a finger or the arrow keys.

import { h, penOf } from "../../web/core/dom.js";
import { palette, rgb } from "../../web/core/theme.js";
import { INK, PALEST, SIDE } from "./image_pictures.js";

/** @typedef {readonly number[]} Greys */

const CELL = 22;
/** Of a pen stroke, on the pixels beside it. */
const BESIDE = 5;
/** @type {Record<string, [down: number, right: number]>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * The place so many rows and columns further; null outside the pad.
 * @param {number} place
 * @param {readonly [down: number, right: number]} step
 */
function movedBy(place, [down, right]) {
  const [row, column] = [Math.floor(place / SIDE) + down, (place % SIDE) + right];
  return row >= 0 && row < SIDE && column >= 0 && column < SIDE ? row * SIDE + column : null;
}

/**
 * A digit after a pen has touched a pixel, which is as wide as the strokes of the digits.
 * @param {Greys} greys
 * @param {number} place
 * @returns {number[]}
 */
function inked(greys, place) {
  const beside = Object.values(STEPS).map((step) => movedBy(place, step));
  const least = (/** @type {number} */ i) => (beside.includes(i) ? BESIDE : PALEST);
  return greys.map((grey, i) => (i === place ? INK : Math.max(grey, least(i))));
}

/**
 * A digit after a pixel was rubbed out.
 * @param {Greys} greys
 * @param {number} place
 * @returns {number[]}
 */
const rubbed = (greys, place) => greys.map((grey, i) => (i === place ? PALEST : grey));

/** @typedef {ReturnType<typeof open>} View */

/**
 * Make the pad.
 * @param {(greys: number[]) => void} onDraw
 * @returns {{element: HTMLElement, update: (greys: Greys, image: HTMLCanvasElement) => void}}
 */
export function pixelPad(onDraw) {
  const view = open(onDraw);
  listen(view);
  return {
    element: view.canvas,
    update(greys, image) {
      view.greys = greys;
      view.image = image;
      paint(view);
    },
  };
}

/** @param {(greys: number[]) => void} onDraw */
function open(onDraw) {
  const size = SIDE * CELL;
  const label = "The pixels of the digit. Arrow keys move, the space bar draws or rubs out.";
  const canvas = h("canvas", { class: "pixel-pad", tabindex: 0, role: "img", "aria-label": label });
  const density = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [size * density, size * density];
  return {
    canvas,
    onDraw,
    greys: /** @type {Greys} */ ([]),
    image: /** @type {HTMLCanvasElement | null} */ (null),
    /** What the pen does until it is lifted. */
    pen: /** @type {typeof inked | null} */ (null),
    /** Where the arrow keys stand. */
    place: 0,
  };
}

/** @param {View} view */
function paint({ canvas, image, place }) {
  const pen = penOf(canvas);
  const cell = canvas.width / SIDE;
  pen.imageSmoothingEnabled = false;
  if (image) pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  if (!canvas.matches(":focus-visible")) return;
  pen.lineWidth = cell / 8;
  pen.strokeStyle = rgb(palette(canvas).query);
  pen.strokeRect((place % SIDE) * cell, Math.floor(place / SIDE) * cell, cell, cell);
}

/**
 * The pixel below the pen; null outside.
 * @param {View} view
 * @param {PointerEvent} event
 */
function placeAt({ canvas }, event) {
  const { left, top, width } = canvas.getBoundingClientRect();
  const cell = width / SIDE;
  return movedBy(0, [Math.floor((event.clientY - top) / cell), Math.floor((event.clientX - left) / cell)]);
}

/**
 * @param {View} view
 * @param {typeof inked | null} pen
 * @param {number | null} place
 */
function touch(view, pen, place) {
  if (!pen || place === null) return;
  const next = pen(view.greys, place);
  if (next.every((grey, i) => grey === view.greys[i])) return;
  // The pen may be further before the lab has drawn this pixel.
  view.greys = next;
  view.onDraw(next);
}

/**
 * A pen that first touches ink rubs out.
 * @param {View} view
 * @param {number} place
 */
const penFor = ({ greys }, place) => (greys[place] === INK ? rubbed : inked);

/** @param {View} view */
function listen(view) {
  const { canvas } = view;
  canvas.addEventListener("pointerdown", (event) => {
    const place = placeAt(view, event);
    if (place === null) return;
    canvas.setPointerCapture(event.pointerId);
    view.pen = penFor(view, place);
    touch(view, view.pen, place);
  });
  canvas.addEventListener("pointermove", (event) => touch(view, view.pen, placeAt(view, event)));
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (view.pen = null));
  canvas.addEventListener("keydown", (event) => press(view, event));
  for (const focus of ["focus", "blur"]) canvas.addEventListener(focus, () => paint(view));
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  if (event.key in STEPS) {
    view.place = movedBy(view.place, STEPS[event.key]) ?? view.place;
    paint(view);
  } else if (event.key === " " || event.key === "Enter") {
    touch(view, penFor(view, view.place), view.place);
  } else return;
  event.preventDefault();
}
