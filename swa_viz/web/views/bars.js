// What comes next: the likeliest tokens under two conditions, side by side on one scale.

import { percent } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";
import { h } from "../core/dom.js";

/**
 * A token that may come next, with its probability.
 * @typedef {{id: number, piece: string, share: number}} Likely
 */

/**
 * One condition.
 * @typedef {object} Side
 * @property {string} name
 * @property {string} [short] - Its name at the head of the other one's column.
 * @property {Likely[] | null} [list] - The likeliest first; null while it is on its way.
 * @property {string} [pending] - What to say until then.
 */

const SMALLEST_SCALE = 0.01;

/**
 * Show two lists in an element, and keep them up to date.
 * @param {HTMLElement} element
 * @param {{left: Side, right: Side}} data
 * @returns {{update: (data: {left: Side, right: Side}) => void}}
 */
export function render(element, data) {
  /** @param {{left: Side, right: Side}} data */
  function update({ left, right }) {
    const shares = [left, right].flatMap(({ list }) => (list ?? []).map(({ share }) => share));
    const largest = Math.max(...shares, SMALLEST_SCALE);
    element.replaceChildren(
      h("div", { class: "columns" }, column(left, right, largest, "full"), column(right, left, largest, "windowed")),
    );
  }
  element.dataset.view = "next";
  update(data);
  return { update };
}

/**
 * @param {Side} side
 * @param {Side} other
 * @param {number} largest - The share whose bar is as long as its track.
 * @param {string} looks
 */
function column(side, other, largest, looks) {
  const rows = (side.list ?? []).map((entry) => bar(entry, largest, other.list ?? []));
  const head = h(
    "li",
    { class: "head" },
    h("span", { class: "word" }, "token"),
    h("span", { class: "track" }),
    h("span", { class: "share" }, "here"),
    h("span", { class: "other" }, other.short),
  );
  return h(
    "div",
    { class: `column ${looks}${side.pending ? " pending" : ""}` },
    h("h3", {}, side.name),
    h("p", { class: "lead" }, side.pending || ""),
    h("ol", { class: "bars" }, head, rows),
  );
}

/**
 * @param {Likely} entry
 * @param {number} largest
 * @param {Likely[]} others - What the other condition has, if it is known.
 */
function bar({ id, piece, share }, largest, others) {
  const gone = others.length > 0 && !others.some((other) => other.id === id);
  const isContinued = !piece.startsWith(" ");
  const title = isContinued ? "continues the word" : "starts a new word";
  return h(
    "li",
    {},
    h("span", { class: "word", title }, h("bdi", {}, `${isContinued ? "+" : ""}${readable(piece)}`)),
    h("span", { class: "track" }, h("span", { class: "fill", style: `width:${(100 * share) / largest}%` })),
    h("span", { class: "share" }, percent(share)),
    h("span", { class: gone ? "other gone" : "other" }, elsewhere(others, id)),
  );
}

/**
 * What the other condition gives this token; of one that is not on its list all we know is a ceiling.
 * @param {Likely[]} others
 * @param {number} id
 */
function elsewhere(others, id) {
  if (!others.length) return "";
  const found = others.find((other) => other.id === id);
  return found ? percent(found.share) : `below ${percent(others[others.length - 1].share)}`;
}
