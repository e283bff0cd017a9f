// Three rows of cells, one column for each token: what is computed in this step, what a full cache keeps,
// and what the cache of this layer keeps.

import { binarySize, thousands } from "../../wording/numbers.js";
import { h, svg } from "../core/dom.js";
import { redrawn } from "./redrawn.js";

/**
 * What the rows show.
 * @typedef {object} RowsData
 * @property {number} seqLen - So many columns.
 * @property {number} written - The position of this step.
 * @property {boolean} cached - Is anything kept?
 * @property {ReadonlySet<number>} held - The positions that this layer keeps.
 * @property {number | null} evicted - The position that left it in this step, or null.
 * @property {number} pinned - The first so many positions stay.
 * @property {readonly number[]} bytes - Of the full cache and of this one.
 */

const LABELS = ["computed now", "a full cache keeps", "this cache keeps"];
const [GUTTER, COUNTS, ROW, CELL] = [118, 92, 19, 12];
const WIDEST = 26;
const FIRST_WIDTH = 320;

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw the rows into an element; they show nothing before their first update.
 * @param {HTMLElement} element
 * @returns {{element: HTMLElement, update: (next: RowsData) => void}}
 */
export function render(element) {
  const view = open(element);
  return { element, ...redrawn(element, view, paint) };
}

/** @param {HTMLElement} element */
function open(element) {
  const picture = svg("svg", { class: "kept-rows", height: LABELS.length * ROW, role: "img" });
  element.replaceChildren(h("div", {}, picture));
  return {
    picture,
    data: /** @type {RowsData | null} */ (null),
    width: FIRST_WIDTH,
    /** The cells of each row; they stay while the text does, so that a change can be seen. */
    cells: /** @type {SVGRectElement[][]} */ ([]),
    counts: /** @type {SVGTextElement[]} */ ([]),
  };
}

/**
 * What a cell is, row by row.
 * @param {RowsData} data
 * @param {number} position
 */
function rolesOf({ written, cached, held, evicted, pinned }, position) {
  const later = position > written;
  const isNow = !later && (position === written || !cached);
  const full = later || !cached ? "none" : "full";
  return [isNow ? "written" : "none", full, ownRole(later || !cached)];

  /** @param {boolean} isEmpty */
  function ownRole(isEmpty) {
    if (isEmpty) return "none";
    if (position === evicted) return "evicted";
    if (!held.has(position)) return "none";
    return position < pinned ? "pinned" : "kept";
  }
}

/**
 * Cells for a text of another length.
 * @param {View} view
 * @param {number} seqLen
 */
function build(view, seqLen) {
  view.cells = LABELS.map(() => Array.from({ length: seqLen }, () => svg("rect", { height: CELL })));
  view.counts = LABELS.map((_, row) => svg("text", { class: "count", y: ROW * row + CELL - 1 }));
  const labels = LABELS.map((label, row) => svg("text", { x: 0, y: ROW * row + CELL - 1 }, label));
  view.picture.replaceChildren(...labels, ...view.cells.flat(), ...view.counts);
}

/** @param {View} view */
function paint(view) {
  const { picture, data, width } = view;
  if (!data) return;
  if (view.cells[0]?.length !== data.seqLen) build(view, data.seqLen);
  picture.setAttribute("width", String(width));
  const pitch = Math.min((width - GUTTER - COUNTS) / data.seqLen, WIDEST);
  const gap = pitch > 5 ? 1.5 : 0;
  const totals = LABELS.map(() => 0);
  for (let position = 0; position < data.seqLen; position++)
    rolesOf(data, position).forEach((role, row) => {
      const cell = view.cells[row][position];
      cell.setAttribute("class", role);
      cell.setAttribute("x", String(GUTTER + position * pitch));
      cell.setAttribute("y", String(ROW * row + 1));
      cell.setAttribute("width", String(Math.max(pitch - gap, 0.5)));
      totals[row] += Number(role !== "none" && role !== "evicted");
    });
  view.counts.forEach((count, row) => {
    const bytes = row && data.cached ? ` · ${binarySize(data.bytes[row - 1])}` : "";
    count.textContent = `${thousands(totals[row])}${bytes}`;
    count.setAttribute("x", String(GUTTER + data.seqLen * pitch + 6));
  });
  picture.setAttribute("aria-label", LABELS.map((label, row) => `${label}: ${totals[row]}`).join(", "));
}
