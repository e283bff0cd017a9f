// Where the tokens of a text stand from left to right: shared by the cone and the chart below it,
// so that a token has the same place in both.

const WIDEST_COLUMN = 54;
const EDGE = 10;
export const NARROW = 560;

// {gutter, pitch, left(position), middle(position), at(x) -> position}
export function columns(width, seqLen) {
  const gutter = width < NARROW ? 46 : 92;
  const pitch = Math.min((width - gutter - EDGE) / Math.max(seqLen, 1), WIDEST_COLUMN);
  const left = (position) => gutter + position * pitch;
  const at = (x) => {
    const position = Math.floor((x - gutter) / pitch);
    return position >= 0 && position < seqLen ? position : null;
  };
  return { gutter, pitch, left, middle: (position) => left(position) + pitch / 2, at };
}
