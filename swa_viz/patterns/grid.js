// A text that is a picture: its tokens are the places of a grid, row by row, and a longer text is one
// picture after the other.

/** @import { Pattern } from "../web/core/types.d.ts" */

/**
 * Where a token stands: the first token of its picture, and its row and column there.
 * @param {Pattern} grid - A pattern with a height and a width.
 * @param {number} position
 * @returns {{picture: number, row: number, column: number}}
 */
export function placeOf({ height, width }, position) {
  const place = position % (height * width);
  return { picture: position - place, row: Math.floor(place / width), column: place % width };
}
