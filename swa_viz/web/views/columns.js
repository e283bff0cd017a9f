// Where the tokens of a text stand from left to right: shared by the cone and the chart below it,
// so that a token has the same place in both.

const WIDEST_COLUMN = 54;
const EDGE = 10;
const [GUTTER, NARROW_GUTTER] = [92, 46];

/**
 * The columns of a picture, in CSS pixels.
 * @typedef {object} Columns
 * @property {number} gutter - Room on the left, before the first column.
 * @property {number} pitch - The width of a column.
 * @property {(position: number) => number} left - The left edge of a token's column.
 * @property {(position: number) => number} middle - Its middle.
 * @property {(x: number) => number | null} at - The position of the token there, or null.
 */

/**
 * Is a picture so narrow that its words must be short?
 * @param {number} width - In CSS pixels.
 * @returns {boolean}
 */
export const isNarrow = (width) => width < 560;

/**
 * The columns of a text in a picture.
 * @param {number} width - Of the picture, in CSS pixels.
 * @param {number} seqLen
 * @returns {Columns}
 */
export function columns(width, seqLen) {
  const gutter = isNarrow(width) ? NARROW_GUTTER : GUTTER;
  const pitch = Math.min((width - gutter - EDGE) / Math.max(seqLen, 1), WIDEST_COLUMN);
  /** @param {number} position */
  const left = (position) => gutter + position * pitch;
  /** @param {number} x */
  const at = (x) => {
    const position = Math.floor((x - gutter) / pitch);
    return position >= 0 && position < seqLen ? position : null;
  };
  return { gutter, pitch, left, middle: (position) => left(position) + pitch / 2, at };
}

/**
 * Room between two neighbouring columns: none where they are only a few pixels wide.
 * @param {number} pitch - The width of a column, in CSS pixels.
 * @param {number} widest - The room where there is enough.
 * @returns {number}
 */
export function gapFor(pitch, widest) {
  if (pitch > 8) return widest;
  return pitch > 3 ? 1 : 0;
}
