// A table that is sorted by whichever heading one presses, and again to turn the order.

/** @import { Child } from "../core/dom.js" */
/** @import { Table } from "../core/offer.js" */

import { h } from "../core/dom.js";
import { offer } from "../core/offer.js";

/**
 * A column: its heading, what sorts it, what stands in it, and its name and value in a file.
 * @template Row
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: Row) => number | string} by
 * @property {(row: Row) => Child | Child[]} say
 * @property {string} file
 * @property {(row: Row) => string | number | boolean | null} [value] - In a file; without it, what sorts.
 */

/**
 * What a table of some rows is.
 * @template Row
 * @typedef {object} Parts
 * @property {string} name - Of the view.
 * @property {string} label - What it shows, for those who cannot see it.
 * @property {readonly Column<Row>[]} columns
 * @property {string} first - The file name of the column that sorts it at first.
 * @property {(row: Row) => boolean} marked - Which rows stand out.
 * @property {readonly {file: string, value: (row: Row) => string | number | boolean | null}[]} [more] - What
 *   only a file says of a row.
 */

/**
 * The rows in their order.
 * @template Row
 * @param {readonly Row[]} rows
 * @param {Column<Row>} column
 * @param {boolean} down
 */
function sorted(rows, { by }, down) {
  /** @type {(one: Row, other: Row) => number} */
  const before = (one, other) => {
    const [a, b] = [by(one), by(other)];
    if (typeof a === "string") return a.localeCompare(String(b), "en", { numeric: true });
    return a - Number(b);
  };
  return [...rows].sort((one, other) => (down ? before(other, one) : before(one, other)));
}

/**
 * Make the table.
 * @template Row
 * @param {Parts<Row>} parts
 * @returns {{element: HTMLElement, update: (rows: readonly Row[]) => void}}
 */
export function render({ name, label, columns, first, marked, more = [] }) {
  const order = { column: columns.findIndex(({ file }) => file === first), down: false };
  let rows = /** @type {readonly Row[]} */ ([]);
  const heads = columns.map(({ title }, i) =>
    h("th", { scope: "col", "data-title": title }, h("button", { type: "button", onclick: () => press(i) }, title)),
  );
  const body = h("tbody");
  const table = h("table", { class: "sorted" }, h("thead", {}, h("tr", {}, heads)), body);
  const element = h("div", { class: "sorted-room", tabindex: 0, role: "region", "aria-label": label }, table);
  element.dataset.view = name;
  const inOrder = () => sorted(rows, columns[order.column], order.down);
  /** @returns {Table} */
  const inFull = () => ({
    columns: [...columns, ...more].map(({ file }) => file),
    rows: inOrder().map((row) => [
      ...columns.map(({ value, by }) => (value ?? by)(row)),
      ...more.map(({ value }) => value(row)),
    ]),
  });
  offer(element, { table: inFull });
  function paint() {
    heads.forEach((head, i) => {
      if (i === order.column) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    body.replaceChildren(
      ...inOrder().map((row) =>
        h("tr", { class: marked(row) ? "taken" : undefined }, ...columns.map(({ say }) => h("td", {}, say(row)))),
      ),
    );
  }
  /** @param {number} column */
  function press(column) {
    order.down = order.column === column && !order.down;
    order.column = column;
    paint();
  }
  return {
    element,
    update(next) {
      rows = next;
      paint();
    },
  };
}
