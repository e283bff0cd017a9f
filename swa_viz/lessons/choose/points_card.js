// The card with all numbers: a row for every way to read, sorted by whichever column one presses.

/** @import { Option } from "../../experiments/choice.js" */
/** @import { Column } from "../../web/views/sorted_table.js" */
/** @import { Shown } from "./shown.js" */

import { verdict } from "../../experiments/choice.js";
import { capital, nameOf, shareOf } from "../../experiments/choice_words.js";
import { card } from "../../web/core/dom.js";
import * as sortedTable from "../../web/views/sorted_table.js";
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
 */

/** @type {readonly Column<Row>[]} */
const COLUMNS = [
  { title: "Way to read", by: ({ name }) => name, say: ({ name }) => name, file: "way" },
  { title: "Bits", by: ({ option }) => option.bits, say: ({ option }) => option.bits.toFixed(3), file: "bits" },
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
    value: ({ front }) => front,
  },
  { title: "Good enough", by: ({ enough }) => enough, say: ({ enough }) => enough, file: "good_enough" },
];

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
 * Make the card.
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render() {
  const table = sortedTable.render({
    name: "ways",
    label: "All ways to read",
    columns: COLUMNS,
    first: "score_pairs",
    marked: ({ taken }) => taken,
    more: [
      { file: "schedule", value: ({ option }) => option.schedule },
      { file: "window", value: ({ option }) => option.window },
      { file: "margin", value: ({ option }) => option.margin },
      { file: "recommended", value: ({ taken }) => taken },
    ],
  });
  const lead = "A row for every mark of the picture. Press a heading to sort by it, and again to turn the order.";
  const frame = card("All ways to read", lead, table.element);
  return { element: frame.element, update: (shown) => table.update(rowsOf(shown)) };
}
