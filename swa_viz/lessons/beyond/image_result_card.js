// What a square window costs a small reader of handwritten digits, as it was measured once.

/** @import { ChartData } from "../../web/views/chart.js" */
/** @import { Column } from "../../web/views/sorted_table.js" */
/** @import { ImageLab, Stored } from "./image_kind.js" */
/** @import { Reader } from "./image_reader_words.js" */

import { mean } from "../../experiments/runs_together.js";
import { card, h } from "../../web/core/dom.js";
import { straightAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { measuredBy } from "../../web/views/measured_by.js";
import * as sortedTable from "../../web/views/sorted_table.js";
import { spreadLine } from "../../web/views/spread_line.js";
import { counted, thousands } from "../../wording/numbers.js";
import { examplesOf } from "./image_examples.js";
import { bySquare, howText, isWhole, sentenceOf, sizeOf, spread, words } from "./image_reader_words.js";
import { timesCard } from "./image_times_card.js";

/**
 * @param {readonly Reader[]} readers - By their square.
 * @returns {ChartData}
 */
function chartOf(readers) {
  // The whole picture stands one step behind the largest square.
  const sizes = readers.map((reader, i) => (isWhole(reader) ? sizeOf(readers[i - 1]) + 2 : sizeOf(reader)));
  const shares = readers.map(({ held_out: all }) => all.map((share) => 100 * share));
  const right = spreadLine("window", "held-out digits named right", sizes, shares);
  const notes = readers.map(({ held_out: all }) => `${spread(all)} over ${all.length} seeds`);
  const marks = readers.map((reader, i) => /** @type {[number, string]} */ ([sizes[i], words(reader)]));
  return {
    x: { title: "Square window, in both layers", ends: [sizes[0], sizes[sizes.length - 1]], marks, straight: true },
    y: straightAxis("right, %", [0, 100]),
    unit: "%",
    lines: [{ ...right, notes }],
  };
}

/** @type {Column<Reader>[]} */
const COLUMNS = [
  { title: "layers read", file: "reads", by: words, say: words },
  {
    title: "layers",
    file: "layers",
    by: ({ schedule }) => schedule.length,
    say: ({ schedule }) => schedule.length,
  },
  { title: "heard of", file: "field", by: ({ field }) => field, say: ({ field }) => field },
  { title: "score pairs", file: "pairs", by: ({ pairs }) => pairs, say: ({ pairs }) => thousands(pairs) },
  {
    title: "right, over the seeds",
    file: "right",
    by: ({ held_out: all }) => mean(all),
    say: ({ held_out: all }) => spread(all),
  },
];

/**
 * Make the cards: what stands beside the picture, and what below.
 * @param {ImageLab} lab
 * @param {Stored} stored
 * @returns {{element: HTMLElement, below: HTMLElement[], update: (values: ImageLab["values"]) => void}}
 */
export function render(lab, stored) {
  const { readers } = stored;
  const squares = bySquare(readers);
  const frame = card("Is a small square enough?", "");
  const view = chart.render(frame.element.appendChild(h("div")), "image-accuracy", { embedded: true });
  const examples = examplesOf(lab, stored);
  frame.element.append(examples.element);

  const all = card("Wider squares or more layers?", howText(stored));
  const table = sortedTable.render({
    name: "image-readers",
    label: "What each reader's layers read, and how often it is right",
    columns: COLUMNS,
    first: "pairs",
    marked: (reader) => squares.includes(reader),
  });
  table.update(readers);
  const source = measuredBy({
    script: "training/image.py",
    stored: "swa_viz/experiments/stored_image.json",
    how: `over ${counted(readers[0].held_out.length, "seed")}`,
    data: { ...stored, ...{ photographs: undefined, times: undefined } },
  });
  all.element.append(table.element, source);

  /** @param {ImageLab["values"]} values */
  function update(values) {
    const said = sentenceOf(squares, values.around);
    frame.sentence.textContent = said;
    view.update(chartOf(squares), said);
    examples.update(values);
  }
  return { element: frame.element, below: [all.element, timesCard(stored.times)], update };
}
