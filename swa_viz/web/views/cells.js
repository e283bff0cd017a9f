// The cells of a matrix as pixels, one each.  Up to 512 x 512 of them change while the hand drags,
// so the rule fills whole stretches of a row, and only numbers go cell by cell.

import { isPinned } from "../../patterns/pattern.js";
import { keyRanges } from "../../patterns/ranges.js";
import { scaleColour } from "../core/theme.js";

const SHADES = 256;
const DIMMED = 46;
const WAITING = [95, 150];

// [red, green, blue], alpha -> the four bytes as one number, in the order of ImageData.
function packed([red, green, blue], alpha = 255) {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

let scale = null;

function shades() {
  scale ??= Uint32Array.from({ length: SHADES }, (_, i) => packed(scaleColour(i / (SHADES - 1))));
  return scale;
}

// Colour one row's stretches: `colour` is one colour, or a function of the key.
function fillRow(cells, pattern, query, n, colour) {
  for (const [start, stop, step] of keyRanges(pattern, query, n)) {
    if (step === 1 && typeof colour === "number")
      cells.fill(colour, query * n + start, query * n + Math.max(stop, start));
    else
      for (let key = start; key < stop; key += step)
        cells[query * n + key] = typeof colour === "number" ? colour : colour(key);
  }
}

// A row by the rule alone: read, or pinned, or waiting for its numbers.
function rowByRule(cells, data, query, colours) {
  const { seqLen: n, pattern, value } = data;
  if (value) return fillRow(cells, pattern, query, n, (key) => packed(colours.pending, WAITING[(query + key) % 2]));
  fillRow(cells, pattern, query, n, packed(colours.key));
  for (const key of pinnedKeys(pattern, n)) {
    const read = keyRanges(pattern, query, n).some(
      ([start, stop, step]) => key >= start && key < stop && (key - start) % step === 0,
    );
    if (read && key !== query) cells[query * n + key] = packed(colours.pinned);
  }
}

function pinnedKeys(pattern, n) {
  const keys = pattern.global_positions ?? Array.from({ length: pattern.n_sink_tokens ?? 0 }, (_, key) => key);
  return keys.filter((key) => key < n && isPinned(pattern, key));
}

// A row by its numbers; what has none (NaN, -Infinity) keeps the colour below it.
function rowByNumber(cells, { seqLen: n, value, range, bend = Math.sqrt }, query) {
  const [low, high] = range ?? [0, 1];
  for (let key = 0; key < n; key++) {
    const number = value(query, key);
    if (!Number.isFinite(number)) continue;
    const share = Math.min(Math.max(bend((number - low) / (high - low || 1)), 0), 1);
    cells[query * n + key] = shades()[Math.round(share * (SHADES - 1))];
  }
}

// data as matrix.js has it; `image` is a canvas that gets the size of the matrix.
export function paintCells(image, data, colours) {
  const n = data.seqLen;
  image.width = image.height = n;
  if (!n) return;
  const pixels = new ImageData(n, n);
  const cells = new Uint32Array(pixels.data.buffer);
  for (let query = 0; query < n; query++) {
    if (data.full) fillRow(cells, data.full, query, n, packed(colours.outside, DIMMED));
    if (data.value && !data.pending) rowByNumber(cells, data, query);
    else rowByRule(cells, data, query, colours);
  }
  image.getContext("2d").putImageData(pixels, 0, 0);
}
