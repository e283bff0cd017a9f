// The row of keys: all tokens in one line, and which of them the chosen query reads.  Few tokens are
// drawn one by one, as on the other pages; many as stretches of one kind.

/** @import { Table } from "../core/offer.js" */
/** @import { Pattern } from "../core/types.d.ts" */

import { h, svg } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { readable } from "../../wording/text.js";
import { roleOf } from "./roles.js";

/**
 * What the row shows.
 * @typedef {object} RowData
 * @property {readonly string[] | null} words - The tokens' texts; null: their numbers.
 * @property {number} seqLen
 * @property {Pattern} pattern
 * @property {Pattern} full - Full attention, beside which the pattern is shown.
 * @property {number} query
 */

const DRAWN_SINGLY = 40;
const HEIGHT = 26;
const RULER_ROOM = 0.08;

/**
 * Show a row of keys in an element.
 * @param {HTMLElement} element
 * @returns {{update: (data: RowData) => void}}
 */
export function render(element) {
  let shown = /** @type {RowData | null} */ (null);
  /** @param {RowData} data */
  function update(data) {
    shown = data;
    const singly = data.seqLen <= DRAWN_SINGLY;
    const picture = singly
      ? h("ol", { class: "key-chips" }, chips(data))
      : h("div", { class: "key-bar" }, bar(data), ruler(data));
    element.replaceChildren(picture);
  }
  element.dataset.view = "rule";
  offer(element, { table: () => tableOf(shown) });
  return { update };
}

/**
 * Every token, and what it is to the query.
 * @param {RowData | null} data
 * @returns {Table}
 */
function tableOf(data) {
  const rows = data ? rolesOf(data).map((role, key) => [data.query + 1, key + 1, data.words?.[key] ?? null, role]) : [];
  return { columns: ["query", "key", "token", "role"], rows };
}

/** @param {RowData} data */
const rolesOf = ({ seqLen, pattern, full, query }) =>
  Array.from({ length: seqLen }, (_, key) => roleOf(pattern, full, query, key));

/** @param {RowData} data */
function chips(data) {
  return rolesOf(data).map((role, key) => {
    const text = data.words ? readable(data.words[key]) : String(key + 1);
    return h("li", { class: "chip", "data-role": role, "data-token": key }, h("bdi", {}, text));
  });
}

/**
 * Neighbours of one role, as one stretch.
 * @param {RowData} data
 */
function stretches(data) {
  /** @type {{role: string, start: number, stop: number}[]} */
  const found = [];
  rolesOf(data).forEach((role, key) => {
    const open = found[found.length - 1];
    if (open?.role === role) open.stop = key + 1;
    else found.push({ role, start: key, stop: key + 1 });
  });
  return found;
}

/** @param {RowData} data */
function bar(data) {
  const shapes = stretches(data).map(({ role, start, stop }) => {
    const inset = role === "query" ? 0 : 4;
    return svg("rect", { x: start, width: stop - start, y: inset, height: HEIGHT - 2 * inset, class: role });
  });
  return svg(
    "svg",
    { viewBox: `0 0 ${data.seqLen} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    shapes,
  );
}

/**
 * Where along the bar the numbers of its ends and of the query stand.
 * @param {RowData} data
 */
function ruler({ seqLen, query }) {
  /** @param {number} key */
  const place = (key) => `left:${(100 * (key + 0.5)) / seqLen}%`;
  const ends = [0, seqLen - 1].filter((key) => Math.abs(key - query) >= seqLen * RULER_ROOM);
  return h(
    "div",
    { class: "ruler", "aria-hidden": "true" },
    ends.map((key) => h("span", { style: place(key) }, key + 1)),
    h("span", { style: place(query), class: "query" }, query + 1),
  );
}
