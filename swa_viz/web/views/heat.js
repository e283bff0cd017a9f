// A table of numbers as colours: nothing is the page's own background, and more stands out more.  Numbers
// below nothing have another hue, and a minus in their cell.  A cell says its number where it is pointed at,
// and in itself where there is room.

/** @import { Table } from "../core/offer.js" */

import { h } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { letterColour, rampOf, signedColour } from "../core/scale.js";
import { palette, rgb } from "../core/theme.js";
import { keysOf } from "./keys.js";
import { listenToPointer, pointWord } from "./pointing.js";

/**
 * What the table shows.
 * @typedef {object} HeatData
 * @property {string} corner - What the rows are.
 * @property {string} across - What the columns are.
 * @property {readonly string[]} rows
 * @property {readonly string[]} columns
 * @property {readonly (readonly number[])[]} values
 * @property {string} unit - What the numbers are.
 * @property {readonly [number, number]} range - The numbers at both ends of the scale.  One that begins
 *   below 0 lies evenly around it.
 * @property {readonly [number, string][]} ticks - Round numbers on it, with their words.
 * @property {(value: number) => string} write - What stands in a cell; "" where there is no room.
 * @property {(row: number, column: number) => string} say - A cell in words.
 * @property {(row: number, column: number) => boolean} outlined - Does a cell stand out?
 * @property {string} outline - What an outline means; "" where there is none.
 *
 * A place in the table.
 * @typedef {{row: number, column: number}} Cell
 */

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw a table into an element; it shows nothing before its first update.
 * @param {HTMLElement} element
 * @param {string} name - Of the view.
 * @returns {{update: (data: HeatData, words: string) => void}} `words` say what it shows to those who cannot
 *   see it.
 */
export function render(element, name) {
  const view = open(element, name);
  listen(view);
  return {
    update(data, words) {
      view.data = data;
      view.table.setAttribute("aria-label", `${words} Arrow keys read it out.`);
      paint(view);
    },
  };
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 */
function open(element, name) {
  const table = h("table", { class: "heat", tabindex: 0 });
  const told = h("p", { class: "told", role: "status" });
  const [unit, ramp, ticks] = [h("span", { class: "scale-name" }), h("div", { class: "ramp" }), h("div")];
  ticks.className = "ticks placed";
  const legend = keysOf({ outlined: "" });
  element.dataset.view = name;
  element.replaceChildren(table, told, h("div", { class: "scale" }, unit, ramp, ticks, legend.element));
  const view = {
    element,
    ...{ table, told, unit, ramp, ticks, legend },
    data: /** @type {HeatData | null} */ (null),
    cells: /** @type {HTMLElement[][]} */ ([]),
    asked: /** @type {Cell | null} */ (null),
  };
  offer(element, { table: () => tableOf(view.data) });
  return view;
}

/**
 * Every cell, a row for each.
 * @param {HeatData | null} data
 * @returns {Table}
 */
function tableOf(data) {
  const columns = ["row", "column", data?.unit ?? "value"];
  const rows = (data?.rows ?? []).flatMap((row, i) =>
    (data?.columns ?? []).map((column, j) => [row, column, data?.values[i][j] ?? null]),
  );
  return { columns, rows };
}

/** @param {View} view */
function paint(view) {
  const { element, table, data } = view;
  if (!data) return;
  const colours = palette(element);
  view.cells = data.values.map((row, i) => row.map((_, j) => cellOf(data, colours, i, j)));
  const columns = data.columns.map((each) => h("th", { scope: "col" }, each));
  const across = h("tr", {}, h("td"), h("th", { colspan: columns.length, scope: "colgroup" }, data.across));
  const head = h("tr", {}, h("th", { scope: "col" }, data.corner), columns);
  const body = view.cells.map((cells, i) => h("tr", {}, h("th", { scope: "row" }, data.rows[i]), ...cells));
  table.classList.toggle("written", Boolean(data.write(data.values[0][0])));
  table.replaceChildren(h("thead", {}, across, head), h("tbody", {}, ...body));
  paintScale(view, data);
  mark(view);
}

/**
 * The place of a number on the scale: from 0 to 1, or from -1 where numbers have two signs.  Small numbers can be
 * told apart: it is a square root.
 * @param {HeatData} data
 * @param {number} value
 */
function placeOf({ range: [low, high] }, value) {
  const zero = Math.max(low, 0);
  const share = Math.min(Math.abs(value - zero) / (high - zero), 1);
  return value >= zero ? Math.sqrt(share) : firstPlace(low) * Math.sqrt(share);
}

/**
 * Where the scale begins.
 * @param {number} low
 */
const firstPlace = (low) => (low < 0 ? -1 : 0);

/**
 * @param {HeatData} data
 * @param {Parameters<typeof signedColour>[1]} colours
 * @param {number} row
 * @param {number} column
 */
function cellOf(data, colours, row, column) {
  const value = data.values[row][column];
  const colour = signedColour(placeOf(data, value), colours);
  const sign = value < 0 ? h("span", { class: "sign", "aria-hidden": true }, "−") : null;
  const words = data.write(value) || [sign, h("span", { class: "sr-only" }, data.say(row, column))];
  const cell = h("td", { "data-row": row, "data-column": column }, words);
  cell.style.background = rgb(colour);
  cell.style.color = letterColour(colour);
  cell.classList.toggle("outlined", data.outlined(row, column));
  return cell;
}

/**
 * @param {View} view
 * @param {HeatData} data
 */
function paintScale({ element, unit, ramp, ticks, legend }, data) {
  unit.textContent = `${data.unit} (square-root scale)`;
  const first = firstPlace(data.range[0]);
  ramp.style.background = rampOf(palette(element), first);
  const placed = data.ticks.map(([value, words]) => {
    const tick = h("span", {}, words);
    tick.style.left = `${(100 * (placeOf(data, value) - first)) / (1 - first)}%`;
    return tick;
  });
  ticks.replaceChildren(...placed);
  legend.say("outlined", data.outline);
}

/**
 * Mark the cell that the visitor points at, and say its number.
 * @param {View} view
 */
function mark({ cells, told, data, asked }) {
  cells.forEach((row, i) =>
    row.forEach((cell, j) => cell.classList.toggle("asked", i === asked?.row && j === asked.column)),
  );
  told.textContent = asked ? (data?.say(asked.row, asked.column) ?? "") : `${pointWord()} a cell to read its number.`;
  told.classList.toggle("unsaved", !asked);
}

/** @param {View} view */
function listen(view) {
  const { table } = view;
  const byFinger = listenToPointer(table, { at: cellAt, point: (cell) => ask(view, cell) });
  table.addEventListener("blur", () => byFinger() || ask(view, null));
  table.addEventListener("keydown", (event) => press(view, event));
}

/**
 * The cell where an event happened, or null.
 * @param {Event} event
 * @returns {Cell | null}
 */
function cellAt({ target }) {
  const cell = target instanceof Element ? target.closest("tbody td") : null;
  return cell instanceof HTMLElement ? { row: Number(cell.dataset.row), column: Number(cell.dataset.column) } : null;
}

/**
 * @param {View} view
 * @param {Cell | null} cell
 */
function ask(view, cell) {
  if (cell?.row === view.asked?.row && cell?.column === view.asked?.column) return;
  view.asked = cell;
  mark(view);
}

/**
 * The first arrow key asks for the first cell, and every further one for a neighbour.
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  const { data, asked } = view;
  /** @type {Record<string, [number, number]>} */
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const move = moves[event.key];
  if (!move || !data) return;
  event.preventDefault();
  const next = asked ? { row: asked.row + move[0], column: asked.column + move[1] } : { row: 0, column: 0 };
  const row = Math.min(Math.max(next.row, 0), data.rows.length - 1);
  ask(view, { row, column: Math.min(Math.max(next.column, 0), data.columns.length - 1) });
}
