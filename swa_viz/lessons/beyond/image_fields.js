// What a place of a picture can hear of, through attention in squares and through convolutions.

/** @import { Pattern } from "../../web/core/types.d.ts" */
/** @import { Has } from "../../web/views/picture_field.js" */

import { reachable } from "../../reach.js";

/**
 * What stands in the address: which layout, how many places on each side, how many layers.
 * @typedef {{layout: string, around: number, depth: number}} Layers
 *
 * The sides of a picture, in places.
 * @typedef {{height: number, width: number}} Grid
 */

/** Every second place, in the layers that have gaps. */
const SPACING = 2;

/**
 * Is a layer one of those that take turns with plain ones?  The last one is.
 * @param {number} layer - From 0.
 * @param {number} depth
 */
const isOther = (layer, depth) => (depth - 1 - layer) % 2 === 0;

/**
 * What one layer reads.
 * @param {Grid} grid
 * @param {Layers} layers
 * @param {number} layer - From 0.
 * @returns {Pattern}
 */
function patternOf({ height, width }, { layout, around, depth }, layer) {
  const [size, other] = [2 * around + 1, isOther(layer, depth)];
  if (layout === "chunks") return { kind: "chunked_2d", height, width, chunk_size: size, shift: other ? around : 0 };
  const dilation = layout === "spaced" && other ? SPACING : 1;
  return { kind: "window_2d", height, width, window: size, dilation };
}

/**
 * What each layer reads, first layer first.  Layers that read the same share one object, which keeps its table
 * of keys.
 * @param {Grid} grid
 * @param {Layers} layers
 * @returns {Pattern[]}
 */
export function scheduleOf(grid, layers) {
  /** @type {Record<string, Pattern>} */
  const made = {};
  return Array.from({ length: layers.depth }, (_, layer) => {
    const pattern = patternOf(grid, layers, layer);
    return (made[JSON.stringify(pattern)] ??= pattern);
  });
}

/**
 * What a place reaches through the last layer, through the last two, and so on, exactly.
 * @param {readonly Pattern[]} schedule
 * @param {Grid} grid
 * @param {number} place
 * @returns {{counts: number[], depths: Has[]}} Places that are reached, and whether one is.
 */
export function attentionField(schedule, { height, width }, place) {
  const rows = reachable(schedule, place, height * width)
    .slice(0, -1)
    .reverse();
  return {
    counts: rows.map((row) => row.reduce((sum, reached) => sum + reached, 0)),
    depths: rows.map(
      (seen) => (row, column) =>
        row >= 0 && row < height && column >= 0 && column < width && seen[row * width + column] > 0,
    ),
  };
}

/**
 * How far from its place each layer of a convolution reads along one side, once through one layer, through two, ...
 * @param {Layers} layers
 * @returns {Set<number>[]}
 */
function offsets({ layout, around, depth }) {
  const found = [new Set([0])];
  for (let layer = depth - 1; layer >= 0; layer--) {
    const step = layout === "spaced" && isOther(layer, depth) ? SPACING : 1;
    const kernel = Array.from({ length: 2 * around + 1 }, (_, i) => (i - around) * step);
    const before = [...found[found.length - 1]];
    found.push(new Set(before.flatMap((at) => kernel.map((by) => at + by))));
  }
  return found.slice(1);
}

/**
 * The receptive field of convolutions with kernels of the same size and gaps.  They are not moved at a border.
 * @param {Layers} layers
 * @param {Grid} grid
 * @param {number} place
 * @returns {{counts: number[], zeros: number, depths: Has[]}} `zeros`: the inputs of one layer that lie beyond the
 *   picture.
 */
export function convolutionField(layers, { height, width }, place) {
  const [top, left] = [Math.floor(place / width), place % width];
  const all = offsets(layers);
  const inside = all.map((steps) => {
    const [down, right] = [
      [top, height],
      [left, width],
    ].map(([at, length]) => [...steps].filter((by) => at + by >= 0 && at + by < length).length);
    return down * right;
  });
  return {
    counts: inside,
    zeros: all[0].size ** 2 - inside[0],
    depths: all.map((steps) => (row, column) => steps.has(row - top) && steps.has(column - left)),
  };
}
