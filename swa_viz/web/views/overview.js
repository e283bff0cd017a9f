// Overview: a long text from afar, with full attention and through a pattern, and a frame around the
// stretch that is shown.  One pans it by dragging the frame, or with the keyboard.

/** @import { Pattern } from "../core/types.d.ts" */
/** @import { Panel } from "./overview_drawing.js" */
/** @import { Block, Moved } from "./overview_hand.js" */

import { h, penOf } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { fontOf, palette } from "../core/theme.js";
import { whileAlive } from "../core/while_alive.js";
import { thousands, weightText } from "../../wording/numbers.js";
import { paintCells } from "./cells.js";
import { drawOverview, layOut } from "./overview_drawing.js";
import { lastFirst, listenToHand } from "./overview_hand.js";
import { pointWord } from "./pointing.js";
import { redrawn } from "./redrawn.js";

/**
 * One of the pictures: a name, and what the queries of a block give to the keys of a block; `share` is null
 * while that is not known.
 * @typedef {{name: string, share: ((row: number, column: number) => number) | null}} Seen
 */

/**
 * What the view shows.
 * @typedef {object} OverviewData
 * @property {number} nTokens - Of the text.
 * @property {number} size - How many tokens a block has.
 * @property {Pattern} full - Full attention.
 * @property {readonly Seen[]} seen - The pictures, side by side.
 * @property {number} first - Where the frame begins, from 0.
 * @property {number} length - How many tokens it holds.
 * @property {string} waiting - What to say while numbers are missing.
 */

/**
 * Whom the view tells where the frame is to begin: while it is moved, and when the hand lets go.
 * @typedef {{onPan: (first: number) => void, onRelease: (first: number) => void}} OverviewCallbacks
 */

/** @typedef {ReturnType<typeof open>} View */

const FIRST_WIDTH = 320;

/** @type {OverviewData} */
const BLANK = { nTokens: 0, size: 1, full: { kind: "causal" }, seen: [], first: 0, length: 1, waiting: "" };

/**
 * Show the overview in an element, and keep it up to date.
 * @param {HTMLElement} element
 * @param {OverviewCallbacks} callbacks
 * @returns {{update: (next: OverviewData) => void}}
 */
export function render(element, callbacks) {
  const view = open(element, callbacks);
  listenToHand(view, (block) => {
    view.block = block;
    tell(view);
  });
  // A canvas keeps the letters that there were when it was drawn.
  whileAlive(document.fonts, "loadingdone", view, paint);
  return redrawn(element, view, paint);
}

/**
 * @param {HTMLElement} element
 * @param {OverviewCallbacks} callbacks
 */
function open(element, callbacks) {
  const canvas = h("canvas", { tabindex: 0, role: "slider", "aria-label": "The stretch of the text that is shown" });
  const told = h("p", { class: "told", role: "status" });
  element.dataset.view = "overview";
  element.classList.add("overview");
  element.replaceChildren(canvas, told);
  const view = {
    element,
    callbacks,
    canvas,
    told,
    pen: penOf(canvas),
    data: BLANK,
    width: FIRST_WIDTH,
    panels: /** @type {Panel[]} */ ([]),
    images: [0, 1].map(() => document.createElement("canvas")),
    hold: /** @type {Moved["hold"]} */ (null),
    moved: /** @type {Moved["moved"]} */ (null),
    block: /** @type {Block | null} */ (null),
  };
  offer(element, {
    table: () => tableOf(view.data),
    draw: (pen) => drawOverview({ ...view, pen, colours: palette(element), font: fontOf(element) }),
  });
  return view;
}

/** @param {View} view */
function paint(view) {
  const { element, canvas, data, images, width } = view;
  if (!element.isConnected || !data.nTokens) return;
  const colours = palette(element);
  const nBlocks = Math.ceil(data.nTokens / data.size);
  const { panels, across, down, density } = layOut(data.seen.length, nBlocks, width);
  view.panels = panels;
  if (canvas.width !== across || canvas.height !== down) {
    [canvas.width, canvas.height] = [across, down];
    canvas.style.width = `${across / density}px`;
    canvas.style.height = `${down / density}px`;
  }
  data.seen.forEach(({ share }, i) => {
    const { full } = data;
    paintCells(
      images[i],
      { ...{ name: "", tokens: null, query: null }, seqLen: nBlocks, pattern: full, full, value: share ?? (() => NaN) },
      colours,
    );
  });
  view.pen.clearRect(0, 0, across, down);
  drawOverview({ ...view, colours, font: fontOf(element) });
  tell(view);
}

/**
 * Say which stretch is shown, and what a pair of blocks holds that somebody points at.
 * @param {View} view
 */
function tell({ canvas, told, data, block }) {
  const { nTokens, first, length, waiting } = data;
  const stretch = `tokens ${range(first, Math.min(first + length, nTokens))} of ${thousands(nTokens)}`;
  canvas.setAttribute("aria-valuemin", "1");
  canvas.setAttribute("aria-valuemax", String(lastFirst(data) + 1));
  canvas.setAttribute("aria-valuenow", String(first + 1));
  canvas.setAttribute("aria-valuetext", stretch);
  const unpointed = waiting ? `The stretch of ${stretch}: ${waiting}` : `${pointWord()} a block to read its share.`;
  const said = block ? blockText(data, block) : "";
  told.textContent = said || unpointed;
  told.classList.toggle("unsaved", !said);
}

/**
 * What a pair of blocks holds, or "" if that is not known.
 * @param {OverviewData} data
 * @param {Block} block
 */
function blockText({ nTokens, size, seen }, { picture, row, column }) {
  const { name, share } = seen[picture];
  const found = share?.(row, column) ?? NaN;
  if (Number.isNaN(found)) return "";
  const [queries, keys] = [row, column].map((i) => range(i * size, Math.min((i + 1) * size, nTokens)));
  return `${name}: the queries ${queries} give ${weightText(found)} of their attention to the keys ${keys}.`;
}

/**
 * @param {number} start - From 0.
 * @param {number} stop
 */
const range = (start, stop) => (stop - start === 1 ? thousands(stop) : `${thousands(start + 1)} to ${thousands(stop)}`);

/**
 * Every pair of blocks with its share.
 * @param {OverviewData} data
 */
function tableOf({ nTokens, size, seen }) {
  const nBlocks = Math.ceil(nTokens / size);
  const rows = seen.flatMap(({ name, share }) =>
    Array.from({ length: nBlocks }, (_, row) =>
      Array.from({ length: row + 1 }, (_, column) => [
        name,
        row * size + 1,
        column * size + 1,
        share?.(row, column) ?? null,
      ]),
    ).flat(),
  );
  return { columns: ["attention", "first_query", "first_key", "share"], rows };
}
