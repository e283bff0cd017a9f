// The card with what every name in a program costs.

/** @import { ModelFacts } from "../../web/core/types.d.ts" */
/** @import { Column } from "../../web/views/sorted_table.js" */
/** @import { CodeLab, Row, Shown } from "./code_words.js" */

import { card, h } from "../../web/core/dom.js";
import * as sortedTable from "../../web/views/sorted_table.js";
import { absence, nameText, sumText } from "./code_words.js";

const SHORT = { window: "window", layers: "layers", outside: "no" };
/** @type {Column<Row>[]} */
const COLUMNS = [
  { title: "name", file: "name", by: (row) => row.place, say: (row) => row.name },
  {
    title: "back",
    file: "distance",
    by: (row) => row.age,
    say: (row) => row.age,
  },
  {
    title: "read",
    file: "read",
    by: (row) => row.age,
    say: (row) => SHORT[row.how],
  },
  {
    title: "full",
    file: "bits_full",
    by: (row) => row.full,
    say: (row) => row.full.toFixed(1),
  },
  {
    title: "window",
    file: "bits_window",
    by: (row) => row.windowed ?? 0,
    say: (row) => row.windowed?.toFixed(1) ?? "…",
  },
];

/**
 * Make the card.
 * @param {CodeLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const { name, trained } = /** @type {ModelFacts & {trained: string}} */ (lab.data.model);
  const frame = card("What does a name cost?", "");
  const sum = h("p", { class: "lead" });
  const table = sortedTable.render({
    name: "names",
    label: "The names that stood before, and what each costs",
    columns: COLUMNS,
    first: "name",
    marked: (row) => row.place === chosen,
  });
  let chosen = -1;
  frame.element.append(table.element, sum, h("p", { class: "lead" }, `The model is ${name}. ${trained}`));
  /** @param {Shown} shown */
  function update(shown) {
    chosen = shown.chosen;
    frame.sentence.textContent = shown.rows[chosen] ? nameText(shown) : absence(lab, shown.full);
    table.update(shown.rows);
    sum.textContent = sumText(shown.rows);
  }
  return { element: frame.element, update };
}
