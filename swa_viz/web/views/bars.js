// What comes next: the likeliest tokens under two conditions, in one table on one scale.  A token keeps
// its row while the second condition moves, so that one sees which of them it takes away.

/** @import { Table } from "../core/offer.js" */

import { percent } from "../../wording/numbers.js";
import { beginsWord, continuesWord, listed, readable } from "../../wording/text.js";
import { button } from "../core/controls.js";
import { h } from "../core/dom.js";
import { offer } from "../core/offer.js";

/**
 * A token that may come next, with its probability.
 * @typedef {{id: number, piece: string, share: number}} Likely
 */

/**
 * One condition.
 * @typedef {object} Side
 * @property {string} name
 * @property {string} short - Its name at the head of a column.
 * @property {Likely[] | null} list - The likeliest first; null while it is on its way.
 */

/**
 * Both conditions; `waiting` is what to say while the second one is on its way.  `came` is the token that
 * stands in the text, where that is known: it gets a sign.
 * @typedef {{left: Side, right: Side, waiting: string, came?: number}} BarsData
 */

/**
 * A row: a token, and its share under both conditions, null where it is not on the list.
 * @typedef {{id: number, piece: string, shares: (number | null)[]}} Row
 */

const SMALLEST_SCALE = 0.01;
const FEW = 5;
const LOOKS = ["full", "windowed"];

/**
 * Show two lists in an element, and keep them up to date.
 * @param {HTMLElement} element
 * @param {string} [name] - Of the view.
 * @param {string} [label] - What the table lists.
 * @param {string} [noun] - What one of them is called.
 * @returns {{update: (data: BarsData) => void}}
 */
export function render(element, name = "next", label = "The likeliest next tokens", noun = "token") {
  const table = h("table", { class: "bars", "aria-label": label });
  const note = h("p", { class: "lead note" });
  const more = button("", () => show(!all), { class: "button small" });
  let all = false;
  let shown = /** @type {BarsData | null} */ (null);

  /** @param {boolean} next */
  function show(next) {
    all = next;
    if (shown) update(shown);
  }

  /** @param {BarsData} data */
  function update(data) {
    shown = data;
    const { left, right } = data;
    const rows = rowsOf(left.list ?? [], right.list ?? [], all ? Infinity : FEW);
    table.replaceChildren(headOf(noun, left, right), bodyOf(rows, data));
    table.classList.toggle("pending", !right.list);
    const words = noteOn(rows.map(({ piece }) => piece));
    note.textContent = words;
    note.hidden = !words;
    more.hidden = [left, right].every(({ list }) => (list?.length ?? 0) <= FEW);
    more.textContent = all ? "Show fewer" : "Show more";
  }
  element.dataset.view = name;
  offer(element, { table: () => tableOf(noun, shown) });
  element.replaceChildren(h("div", { class: "bars-room" }, table), note, more);
  return { update };
}

/**
 * Both lists as one table.
 * @param {string} noun
 * @param {BarsData | null} data
 * @returns {Table}
 */
function tableOf(noun, data) {
  const rows = [data?.left, data?.right].flatMap((side) =>
    (side?.list ?? []).map(({ id, piece, share }, i) => [side?.name ?? "", i + 1, id, piece, share]),
  );
  return { columns: ["attention", "rank", `${noun}_id`, noun, "probability"], rows };
}

/**
 * The tokens at the top of one list or the other: those of the first in its order, then the others.
 * @param {Likely[]} left
 * @param {Likely[]} right
 * @param {number} most - So many of each list.
 * @returns {Row[]}
 */
function rowsOf(left, right, most) {
  const [first, second] = [left, right].map((list) => list.slice(0, most));
  const others = second.filter(({ id }) => !first.some((other) => other.id === id));
  return [...first, ...others].map(({ id, piece }) => ({
    id,
    piece,
    shares: [left, right].map((list) => list.find((other) => other.id === id)?.share ?? null),
  }));
}

/**
 * @param {string} noun
 * @param {Side} left
 * @param {Side} right
 */
function headOf(noun, left, right) {
  const sides = [left, right].map(({ short, name }, i) =>
    h("th", { scope: "col", title: name }, h("i", { class: `dot ${LOOKS[i]}`, "aria-hidden": "true" }), short),
  );
  return h("thead", {}, h("tr", {}, h("th", { scope: "col" }, noun), h("td", { "aria-hidden": "true" }), sides));
}

/**
 * @param {Row[]} rows
 * @param {BarsData} data
 */
function bodyOf(rows, { left, right, waiting, came }) {
  const largest = Math.max(...rows.flatMap(({ shares }) => shares.map((share) => share ?? 0)), SMALLEST_SCALE);
  /** @param {number | null} share */
  const length = (share) => `width:${(100 * (share ?? 0)) / largest}%`;
  const made = rows.map(({ id, piece, shares }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row", class: "word" }, id === came ? "✓ " : null, h("bdi", {}, shownPiece(piece))),
      h(
        "td",
        { class: "track", "aria-hidden": "true" },
        shares.map((share, i) => h("span", { class: `fill ${LOOKS[i]}`, style: length(share) })),
      ),
      [left, right].map(({ list }, i) => shareOf(shares[i], list, waiting)),
    ),
  );
  return h("tbody", {}, made);
}

/**
 * One number.  Of a token that is not on a list all we know is a ceiling.
 * @param {number | null} share
 * @param {Likely[] | null} list
 * @param {string} waiting
 */
function shareOf(share, list, waiting) {
  if (share !== null) return h("td", { class: "portion" }, percent(share));
  if (!list?.length) return h("td", { class: "portion" }, h("span", { title: waiting }, "…"));
  const ceiling = percent(list[list.length - 1].share);
  return h(
    "td",
    { class: "portion gone", title: `below ${ceiling}` },
    ceiling.startsWith("<") ? ceiling : `< ${ceiling}`,
  );
}

/**
 * A token as a piece of a word where it is one: "+ed" goes on with the word before it, and "de…" begins
 * one that is longer.
 * @param {string} piece
 */
function shownPiece(piece) {
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
    ...(begins === undefined ? [] : [`“${shownPiece(begins)}” begins a longer word`]),
    ...(goesOn === undefined ? [] : [`“${shownPiece(goesOn)}” goes on with the word before it`]),
  ];
  return signs.length ? `Some tokens are only pieces of words: ${listed(signs)}.` : "";
}
