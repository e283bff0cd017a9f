// The pictures of this page: digits whose pixels are tokens, and photographs whose patches are.

/** @import { Grid } from "./image_fields.js" */

import { h, penOf } from "../../web/core/dom.js";

/**
 * A photograph: its sides in patches, a patch's in pixels; red, green and blue of all pixels, two
 * hexadecimal digits each.
 * @typedef {Grid & {label: string, patch: number, pixels: string}} Photograph
 *
 * A digit that no reader learned from, and its greys.
 * @typedef {{greys: readonly number[], label: number}} Example
 *
 * What there is to show: `what` is what a place is, `many` what many of them are, and `of` what the picture is.
 * @typedef {Grid & {image: HTMLCanvasElement, what: string, many: string, of: string}} Picture
 */

/** A digit has so many rows, and as many columns. */
export const SIDE = 8;
/** The grey of a pixel without ink. */
export const PALEST = 0;
/** The grey of a pixel that is all ink. */
export const INK = 16;

/**
 * Pixels on a canvas of their own.
 * @param {number} width
 * @param {number} height
 * @param {(pixel: number) => readonly number[]} colour - Red, green and blue.
 */
function painted(width, height, colour) {
  const image = h("canvas", { width, height });
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) pixels.data.set([...colour(i), 255], 4 * i);
  penOf(image).putImageData(pixels, 0, 0);
  return image;
}

/**
 * A digit: as written, dark on light.
 * @param {readonly number[]} greys
 * @param {string} of - What it is.
 * @returns {Picture}
 */
export function digitPicture(greys, of) {
  const image = painted(SIDE, SIDE, (i) => Array(3).fill(Math.round(255 * (1 - greys[i] / INK))));
  return { height: SIDE, width: SIDE, image, what: "pixel", many: "pixels", of };
}

/**
 * @param {Photograph} photograph
 * @returns {Picture}
 */
export function photographPicture({ height, width, patch, pixels, label }) {
  /** @param {number} i */
  const byte = (i) => parseInt(pixels.slice(2 * i, 2 * i + 2), 16);
  const image = painted(width * patch, height * patch, (i) => [3 * i, 3 * i + 1, 3 * i + 2].map(byte));
  return { height, width, image, what: "patch", many: "patches", of: label };
}
