// Chunks view: a text that is read a chunk at a time.  In each step the chunk reads itself and what the cache
// still holds; what is past is read no more.

/** @import { Pattern } from "../core/types.d.ts" */

import { triangle } from "../../patterns/counting.js";
import { visible } from "../../patterns/pattern.js";
import { counted } from "../../wording/numbers.js";
import { h, onWidth, svg } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { keysOf } from "./keys.js";
import { listenToPointer, pointWord } from "./pointing.js";

/**
 * What the view shows.
 * @typedef {object} ChunksData
 * @property {number} seqLen
 * @property {number} chunk - So many tokens are read at once.
 * @property {Pattern} pattern
 */

/**
 * What a chunk reads: its first position and the one after its last, and how many pairs of each kind it has.
 * @typedef {object} Block
 * @property {number} start
 * @property {number} stop
 * @property {number} current - Pairs within the chunk.
 * @property {number} cache - Pairs with keys that the cache holds.
 * @property {number} firstHeld - The oldest key that it reads.
 */

const FIRST_WIDTH = 320;
const [LARGEST_CELL, LARGEST_SIDE] = [14, 340];
const LEGEND = {
  current: "current: keys of the chunk itself",
  held: "cache: older keys that the chunk reads",
  past: "past: keys that it reads no more",
};
const KINDS = /** @type {const} */ (["past", "held", "current"]);

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw the chunks into an element; it shows nothing before its first update.
 * @param {HTMLElement} element
 * @returns {{update: (next: ChunksData) => void}}
 */
export function render(element) {
  const view = open(element);
  listenToPointer(view.picture, {
    at: (event) => chunkAt(view, event),
    point: (asked) => ask(view, asked),
  });
  view.picture.addEventListener("keydown", (event) => press(view, event));
  view.picture.addEventListener("blur", () => ask(view, null));
  onWidth(element, (width) => {
    view.width = width;
    paint(view);
  });
  return {
    update(next) {
      view.data = next;
      view.blocks = blocksOf(next);
      view.asked = null;
      paint(view);
    },
  };
}

/** @param {HTMLElement} element */
function open(element) {
  const picture = svg("svg", { class: "chunks", tabindex: 0, role: "img" });
  const legend = keysOf(LEGEND);
  const told = h("p", { class: "told", role: "status" });
  element.dataset.view = "chunks";
  element.replaceChildren(picture, legend.element, told);
  const view = {
    ...{ picture, legend, told },
    data: /** @type {ChunksData | null} */ (null),
    blocks: /** @type {Block[]} */ ([]),
    width: FIRST_WIDTH,
    cell: 1,
    /** The chunk that the visitor points at. */
    asked: /** @type {number | null} */ (null),
  };
  const columns = ["chunk", "first", "last", "pairs_current", "pairs_cache", "oldest_key_read"];
  offer(element, {
    table: () => ({
      columns,
      rows: view.blocks.map((each, i) => [
        ...[i + 1, each.start, each.stop - 1, each.current, each.cache, each.firstHeld],
      ]),
    }),
  });
  return view;
}

/**
 * The steps in which the text is read.
 * @param {ChunksData} data
 * @returns {Block[]}
 */
function blocksOf({ seqLen, chunk, pattern }) {
  return Array.from({ length: Math.ceil(seqLen / chunk) }, (_, i) => {
    const [start, stop] = [i * chunk, Math.min((i + 1) * chunk, seqLen)];
    const block = { start, stop, current: 0, cache: 0, firstHeld: start };
    for (let query = start; query < stop; query++)
      for (let key = 0; key <= query; key++) {
        if (!visible(pattern, query, key)) continue;
        if (key >= start) block.current++;
        else block.cache++;
        block.firstHeld = Math.min(block.firstHeld, key);
      }
    return block;
  });
}

/** @param {View} view */
function paint(view) {
  const { picture, data, blocks, asked } = view;
  if (!data) return;
  const side = Math.min(view.width, LARGEST_SIDE, data.seqLen * LARGEST_CELL);
  view.cell = side / data.seqLen;
  for (const name of ["width", "height"]) picture.setAttribute(name, String(side + 2));
  picture.setAttribute("viewBox", `-1 -1 ${side + 2} ${side + 2}`);
  const paths = KINDS.map((kind) => svg("path", { class: kind, d: cellsOf(view, data, kind) }));
  const outlines = blocks.map((block, i) => outlineOf(block, view.cell, i === asked));
  picture.replaceChildren(...paths, ...outlines);
  picture.setAttribute("aria-label", `${counted(blocks.length, "chunk")}. Arrow keys read them out.`);
  view.told.textContent =
    asked === null ? `${pointWord()} a chunk to count its pairs.` : sentence(blocks[asked], asked);
  view.told.classList.toggle("unsaved", asked === null);
  const isAllRead = blocks.every(
    ({ start, stop, current, cache }) => current + cache === triangle(stop) - triangle(start),
  );
  view.legend.say("past", isAllRead ? "" : LEGEND.past);
  view.legend.say("held", blocks.some(({ cache }) => cache) ? LEGEND.held : "");
}

/**
 * All cells of one kind, as the outline of one shape.
 * @param {View} view
 * @param {ChunksData} data
 * @param {typeof KINDS[number]} kind
 */
function cellsOf({ cell }, { seqLen, chunk, pattern }, kind) {
  const parts = [];
  const size = Math.max(cell - (cell > 5 ? 1 : 0), 0.4);
  for (let query = 0; query < seqLen; query++)
    for (let key = 0; key <= query; key++) {
      const isOwn = key >= query - (query % chunk);
      const own = isOwn ? "current" : "held";
      if ((visible(pattern, query, key) ? own : "past") !== kind) continue;
      parts.push(`M${key * cell} ${query * cell}h${size}v${size}h${-size}Z`);
    }
  return parts.join("");
}

/**
 * The step as one box: all that it could read.
 * @param {Block} block
 * @param {number} cell
 * @param {boolean} isAsked
 */
function outlineOf({ start, stop }, cell, isAsked) {
  const [y, height, width] = [start * cell, (stop - start) * cell, stop * cell];
  return svg("rect", { x: 0, y, width, height, class: isAsked ? "step asked" : "step" });
}

/**
 * @param {Block} block
 * @param {number} place
 */
function sentence({ start, stop, current, cache, firstHeld }, place) {
  const where = `Chunk ${place + 1} reads positions ${start} to ${stop - 1} at once`;
  const own = `${where}: ${counted(current, "pair")} within it`;
  if (!cache) return `${own}, and none with the cache.`;
  return `${own}, and ${counted(cache, "pair")} with the cache, back to position ${firstHeld}.`;
}

/**
 * The chunk below the pointer, or null.
 * @param {View} view
 * @param {MouseEvent} event
 */
function chunkAt({ picture, data, cell, blocks }, event) {
  const { top } = picture.getBoundingClientRect();
  const place = Math.floor((event.clientY - top) / cell / (data?.chunk ?? 1));
  return place >= 0 && place < blocks.length ? place : null;
}

/**
 * @param {View} view
 * @param {number | null} asked
 */
function ask(view, asked) {
  if (asked === view.asked) return;
  view.asked = asked;
  paint(view);
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const last = view.blocks.length - 1;
  ask(view, Math.min(Math.max((view.asked ?? -step) + step, 0), last));
}
