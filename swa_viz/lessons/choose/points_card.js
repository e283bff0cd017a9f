// The card with all numbers: a row for every way to read, sorted by whichever column one presses.

/** @import { Option } from "../../experiments/choice.js" */
/** @import { Table } from "../../web/core/offer.js" */
/** @import { Shown } from "./shown.js" */

import { verdict } from "../../experiments/choice.js";
import { capital, nameOf, shareOf } from "../../experiments/choice_words.js";
import { card, h } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { thousands } from "../../wording/numbers.js";

const VERDICTS = { within: "yes", beyond: "no", open: "cannot tell" };

/**
 * What a row says of an option.
 * @typedef {object} Row
 * @property {Option} option
 * @property {string} name
 * @property {string} enough
 * @property {boolean} taken
 * @property {boolean} front
 * @property {number} share - Of the score pairs of full attention.
 *
 * A column: its heading, what sorts it, what stands in it, and its name in a file.
 * @typedef {{title: string, by: (row: Row) => number | string, say: (row: Row) => string, file: string}} Column
 */

/** @type {readonly Column[]} */
const COLUMNS = [
  { title: "Way to read", by: ({ name }) => name, say: ({ name }) => name, file: "way" },
  {
    title: "Bits",
    by: ({ option }) => option.bits,
    say: ({ option }) => option.bits.toFixed(3),
    file: "bits",
  },
  {
    title: "More than the reference",
    by: ({ option }) => option.extra,
    say: ({ option }) => extraText(option),
    file: "more",
  },
  {
    title: "Score pairs",
    by: ({ option }) => option.pairs,
    say: ({ option }) => thousands(option.pairs),
    file: "score_pairs",
  },
  {
    title: "Of full",
    by: ({ share }) => share,
    say: ({ share }) => `${Math.round(100 * share)} %`,
    file: "share_of_full",
  },
  {
    title: "KV cache",
    by: ({ option }) => option.bytes,
    say: ({ option }) => `${thousands(option.bytes / 2 ** 10)} KiB`,
    file: "kv_bytes",
  },
  {
    title: "Time",
    by: ({ option }) => option.seconds,
    say: ({ option }) => `${(1e3 * option.seconds).toPrecision(3)} ms`,
    file: "seconds",
  },
  {
    title: "On the front",
    by: ({ front }) => (front ? 0 : 1),
    say: ({ front }) => (front ? "yes" : ""),
    file: "on_front",
  },
  { title: "Good enough", by: ({ enough }) => enough, say: ({ enough }) => enough, file: "good_enough" },
];
const FIRST = COLUMNS.findIndex(({ file }) => file === "score_pairs");

/** @param {Option} option */
function extraText({ extra, margin }) {
  const sign = extra < 0 ? "−" : "+";
  return `${sign}${Math.abs(extra).toFixed(3)}${margin === null ? "" : ` ± ${margin.toFixed(3)}`}`;
}

/**
 * @param {Shown} shown
 * @returns {Row[]}
 */
function rowsOf({ comparison, words, choice, line, tolerance, isReference }) {
  return comparison.options.map((option) => ({
    option,
    name: capital(nameOf([option.schedule, option.window], words)),
    enough: isReference(option) ? "reference" : VERDICTS[verdict(option, tolerance)],
    taken: option === choice.taken,
    front: line.includes(option),
    share: shareOf(option, comparison.options, "pairs"),
  }));
}

/**
 * The numbers in full, for a file.
 * @param {readonly Row[]} rows
 * @returns {Table}
 */
function tableOf(rows) {
  const columns = ["schedule", "window", ...COLUMNS.slice(1).map(({ file }) => file), "margin", "recommended"];
  return {
    columns,
    rows: rows.map((row) => [
      row.option.schedule,
      row.option.window,
      ...COLUMNS.slice(1).map(({ by, file }) => (file === "on_front" ? row.front : by(row))),
      row.option.margin,
      row.taken,
    ]),
  };
}

/**
 * @param {readonly Row[]} rows
 * @param {{column: number, down: boolean}} order
 */
function sorted(rows, { column, down }) {
  const { by } = COLUMNS[column];
  const before = (/** @type {Row} */ one, /** @type {Row} */ other) => {
    const [a, b] = [by(one), by(other)];
    if (typeof a === "string") return a.localeCompare(String(b), "en", { numeric: true });
    return a - Number(b);
  };
  return [...rows].sort((one, other) => (down ? before(other, one) : before(one, other)));
}

/**
 * Make the card.
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render() {
  const order = { column: FIRST, down: false };
  let rows = /** @type {Row[]} */ ([]);
  const heads = COLUMNS.map(({ title }, i) =>
    h("th", { scope: "col", "data-title": title }, h("button", { type: "button", onclick: () => press(i) }, title)),
  );
  const body = h("tbody");
  const table = h("table", { class: "ways" }, h("thead", {}, h("tr", {}, heads)), body);
  const room = h("div", { class: "ways-room", tabindex: 0, role: "region", "aria-label": "All ways to read" }, table);
  const lead = "A row for every mark of the picture. Press a heading to sort by it, and again to turn the order.";
  const frame = card("All ways to read", lead, room);
  room.dataset.view = "ways";
  offer(room, { table: () => tableOf(sorted(rows, order)) });
  function paint() {
    heads.forEach((head, i) => {
      if (i === order.column) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    body.replaceChildren(
      ...sorted(rows, order).map((row) =>
        h("tr", { class: row.taken ? "taken" : undefined }, ...COLUMNS.map(({ say }) => h("td", {}, say(row)))),
      ),
    );
  }
  /** @param {number} column */
  function press(column) {
    order.down = order.column === column && !order.down;
    order.column = column;
    paint();
  }
  /** @param {Shown} shown */
  function update(shown) {
    rows = rowsOf(shown);
    paint();
  }
  return { element: frame.element, update };
}
