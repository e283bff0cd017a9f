// How the picture view draws: the picture, a veil over what is not reached, and an outline for each depth.

/** @import { Pen } from "../core/pen.d.ts" */
/** @import { Colour, Palette } from "../core/theme.js" */
/** @import { Has, PictureField } from "./picture_field.js" */

import { hatching } from "../core/hatching.js";
import { rgb } from "../core/theme.js";

/**
 * Where the picture stands on its canvas, in device pixels; one empty cell is left around it.
 * @typedef {{density: number, cell: number}} Layout
 *
 * All that is drawn in one pass.
 * @typedef {{pen: Pen, data: PictureField, layout: Layout, colours: Palette}} Scene
 */

const [VEIL, LINES, HATCHES] = [0.7, 0.35, 0.35];
const SMALLEST_RULED_CELL = 7;
/** How strong the outline of the deepest layer still is. */
const FAINTEST = 0.35;

/**
 * Draw the whole picture anew.
 * @param {Scene} scene
 * @returns {void}
 */
export function drawPicture(scene) {
  const { pen, data, layout } = scene;
  const { height, width, image } = data;
  pen.imageSmoothingEnabled = false;
  drawBeyond(scene);
  pen.drawImage(image, layout.cell, layout.cell, width * layout.cell, height * layout.cell);
  drawVeil(scene);
  drawGrid(scene);
  drawDepths(scene);
  drawPicked(scene);
}

/**
 * What a convolution reads beyond the border: zeros.
 * @param {Scene} scene
 */
function drawBeyond({ pen, data, layout, colours }) {
  if (!data.padded) return;
  const { cell, density } = layout;
  const { height, width } = data;
  pen.beginPath();
  pen.rect(0, 0, (width + 2) * cell, cell);
  pen.rect(0, (height + 1) * cell, (width + 2) * cell, cell);
  pen.rect(0, cell, cell, height * cell);
  pen.rect((width + 1) * cell, cell, cell, height * cell);
  pen.fillStyle = hatching(pen, rgb(colours.outside, HATCHES), density);
  pen.fill();
}

/**
 * Every place of the picture, as [row, column].
 * @param {PictureField} data
 */
const places = ({ height, width }) =>
  Array.from({ length: height * width }, (_, i) => [Math.floor(i / width), i % width]);

/** @param {Scene} scene */
function drawVeil({ pen, data, layout, colours }) {
  const { cell } = layout;
  const deepest = data.depths[data.depths.length - 1];
  pen.beginPath();
  for (const [row, column] of places(data))
    if (!deepest(row, column)) pen.rect((column + 1) * cell, (row + 1) * cell, cell, cell);
  pen.fillStyle = rgb(colours.paper, VEIL);
  pen.fill();
}

/** @param {Scene} scene */
function drawGrid({ pen, data, layout, colours }) {
  const { cell, density } = layout;
  const { height, width } = data;
  if (cell / density < SMALLEST_RULED_CELL) return;
  pen.strokeStyle = rgb(colours.paper, LINES);
  pen.lineWidth = density;
  pen.beginPath();
  for (let row = 1; row <= height + 1; row++) {
    pen.moveTo(cell, row * cell);
    pen.lineTo((width + 1) * cell, row * cell);
  }
  for (let column = 1; column <= width + 1; column++) {
    pen.moveTo(column * cell, cell);
    pen.lineTo(column * cell, (height + 1) * cell);
  }
  pen.stroke();
}

/**
 * The deepest first, so that the outline of one layer lies on top of all others.
 * @param {Scene} scene
 */
function drawDepths(scene) {
  const { data, layout, colours } = scene;
  const count = data.depths.length;
  for (let depth = count; depth >= 1; depth--) {
    const share = count > 1 ? (depth - 1) / (count - 1) : 0;
    const [colour, wide] = depth === 1 ? [colours.key, 3] : [colours.reach, 2];
    // A line of paper below it, so that it stands out on every picture.
    outline(scene, data.depths[depth - 1], colours.paper, 1, wide + 2);
    outline(scene, data.depths[depth - 1], colour, 1 - (1 - FAINTEST) * share, wide);
  }
  scene.pen.lineWidth = layout.density;
}

/**
 * The border of an area, place by place; one cell beyond the picture still shows it.
 * @param {Scene} scene
 * @param {Has} has
 * @param {Colour} colour
 * @param {number} strength
 * @param {number} wide - In CSS pixels.
 */
function outline({ pen, data, layout }, has, colour, strength, wide) {
  const { cell, density } = layout;
  pen.strokeStyle = rgb(colour, strength);
  pen.lineWidth = wide * density;
  pen.lineCap = "square";
  pen.beginPath();
  for (let row = -1; row <= data.height; row++)
    for (let column = -1; column <= data.width; column++) {
      if (!has(row, column)) continue;
      const [x, y] = [(column + 1) * cell, (row + 1) * cell];
      const sides = /** @type {const} */ ([
        [-1, 0, x, y, x + cell, y],
        [1, 0, x, y + cell, x + cell, y + cell],
        [0, -1, x, y, x, y + cell],
        [0, 1, x + cell, y, x + cell, y + cell],
      ]);
      for (const [down, right, ...ends] of sides) {
        if (has(row + down, column + right)) continue;
        pen.moveTo(ends[0], ends[1]);
        pen.lineTo(ends[2], ends[3]);
      }
    }
  pen.stroke();
}

/** @param {Scene} scene */
function drawPicked({ pen, data, layout, colours }) {
  const { cell, density } = layout;
  const at = data.picked;
  const [x, y] = [((at % data.width) + 1) * cell, (Math.floor(at / data.width) + 1) * cell];
  const inset = Math.max(1, Math.round(cell / 5));
  pen.fillStyle = rgb(colours.query);
  pen.fillRect(x + inset, y + inset, cell - 2 * inset, cell - 2 * inset);
  pen.lineWidth = 2 * density;
  pen.strokeStyle = rgb(colours.paper);
  pen.strokeRect(x + inset, y + inset, cell - 2 * inset, cell - 2 * inset);
}
