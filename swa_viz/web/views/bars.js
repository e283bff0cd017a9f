// What comes next: the likeliest tokens under two conditions, two tables side by side on one scale.

import { percent } from "../../wording/numbers.js";
import { beginsWord, continuesWord, listed, readable } from "../../wording/text.js";
import { h } from "../core/dom.js";

/**
 * A token that may come next, with its probability.
 * @typedef {{id: number, piece: string, share: number}} Likely
 */

/**
 * One condition.
 * @typedef {object} Side
 * @property {string} name
 * @property {string} [short] - Its name at the head of a column.
 * @property {Likely[] | null} [list] - The likeliest first; null while it is on its way.
 * @property {string} [pending] - What to say until then.
 */

const SMALLEST_SCALE = 0.01;
const PARTS = ["word", "track", "share", "other"];

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
    const note = noteOn([left, right].flatMap(({ list }) => (list ?? []).map(({ piece }) => piece)));
    element.replaceChildren(
      h("div", { class: "columns" }, column(left, right, largest, "full"), column(right, left, largest, "windowed")),
      note ? h("p", { class: "lead note" }, note) : "",
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
  const rows = (side.list ?? []).map((entry) => row(entry, largest, other.list ?? []));
  /**
   * @param {string} words
   * @param {number} [columns]
   */
  const head = (words, columns = 1) => h("th", { scope: "col", colspan: columns }, words);
  const heads = h("tr", {}, head("token"), head(`with ${side.short}`, 2), head(`with ${other.short}`));
  return h(
    "div",
    { class: `column ${looks}${side.pending ? " pending" : ""}` },
    h("h3", {}, side.name),
    h("p", { class: "lead" }, side.pending || ""),
    h(
      "table",
      { class: "bars", "aria-label": `The likeliest next tokens: ${side.name}` },
      h(
        "colgroup",
        {},
        PARTS.map((name) => h("col", { class: name })),
      ),
      h("thead", {}, heads),
      h("tbody", {}, rows),
    ),
  );
}

/**
 * @param {Likely} entry
 * @param {number} largest
 * @param {Likely[]} others - What the other condition has, if it is known.
 */
function row({ id, piece, share }, largest, others) {
  const gone = others.length > 0 && !others.some((other) => other.id === id);
  const length = `width:${(100 * share) / largest}%`;
  return h(
    "tr",
    {},
    h("th", { scope: "row", class: "word" }, h("bdi", {}, shown(piece))),
    h("td", { class: "track", "aria-hidden": "true" }, h("span", { class: "fill", style: length })),
    h("td", { class: "share" }, percent(share)),
    h("td", { class: gone ? "other gone" : "other" }, elsewhere(others, id)),
  );
}

/**
 * A token as a piece of a word where it is one: "+ed" goes on with the word before it, and "de…" begins
 * one that is longer.
 * @param {string} piece
 */
function shown(piece) {
  if (beginsWord(piece)) return `${readable(piece)}…`;
  return `${continuesWord(piece) ? "+" : ""}${readable(piece)}`;
}

/**
 * What the signs mean, told on the first token that has each of them; "" where none has.
 * @param {string[]} pieces
 */
function noteOn(pieces) {
  const begins = pieces.find(beginsWord);
  const goesOn = pieces.find(continuesWord);
  const signs = [
    ...(begins === undefined ? [] : [`“${shown(begins)}” begins a longer word`]),
    ...(goesOn === undefined ? [] : [`“${shown(goesOn)}” goes on with the word before it`]),
  ];
  return signs.length ? `Some tokens are only pieces of words: ${listed(signs)}.` : "";
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
