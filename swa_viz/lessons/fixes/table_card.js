// The card with all ways: what each brings back, and what it costs.

/** @import { Column } from "../../web/views/sorted_table.js" */
/** @import { Fix, FixesLab, Shown } from "./shown.js" */

import { mean } from "../../experiments/runs_together.js";
import { button } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import { measuredBy } from "../../web/views/measured_by.js";
import * as sortedTable from "../../web/views/sorted_table.js";
import { binarySize, thousands } from "../../wording/numbers.js";
import { spread, storedOf } from "./shown.js";

/**
 * A way, and where it stands in the order of its families.
 * @typedef {Fix & {name: string, place: number, task: string, near: number, far: number}} Row
 */

/** @param {number} share */
const whole = (share) => `${Math.round(100 * share)}`;

/**
 * The mean of the seeds in percent, with the lowest and the highest.
 * @param {{mean: number, low: number, high: number}} found
 */
const sharesOf = ({ mean: middle, low, high }) => [
  whole(middle),
  low === high ? null : h("small", {}, ` ${whole(low)}–${whole(high)}`),
];

/**
 * The same over all tasks.
 * @param {Row} row
 */
const overTasks = ({ accuracy, far }) => mean(Object.values(accuracy).map((seeds) => spread(seeds, far).mean));

/** @param {Row} row */
const bytesOf = ({ kv_bytes: bytes, state_bytes: state }) => (bytes === null ? NaN : bytes + state);

/**
 * What cannot be measured comes last.
 * @param {number | null} number
 */
const orLast = (number) => (number === null || Number.isNaN(number) ? Infinity : number);

/**
 * The columns; their headings name the distances.
 * @param {FixesLab} lab
 * @returns {Column<Row>[]}
 */
function columnsOf(lab) {
  /** @param {Row} row @param {number} at */
  const at = ({ accuracy, task }, at) => spread(accuracy[task], at);
  const nothing = "–";
  return [
    {
      title: "way",
      file: "way",
      by: ({ place }) => place,
      say: ({ name, label }) => button(label, () => lab.commit({ fix: name }), { class: "link" }),
      value: ({ label }) => label,
    },
    {
      title: "at 2W, %",
      file: "right_at_2W",
      by: (row) => at(row, row.near).mean,
      say: (row) => sharesOf(at(row, row.near)),
    },
    {
      title: "at 8W, %",
      file: "right_at_8W",
      by: (row) => at(row, row.far).mean,
      say: (row) => sharesOf(at(row, row.far)),
    },
    { title: "all tasks at 8W, %", file: "all_tasks_at_8W", by: overTasks, say: (row) => whole(overTasks(row)) },
    { title: "arrive", file: "words_that_can_arrive", by: ({ reach }) => reach, say: ({ reach }) => reach },
    { title: "pairs", file: "score_pairs", by: ({ pairs }) => pairs, say: ({ pairs }) => thousands(pairs) },
    {
      title: "kept",
      file: "bytes",
      by: (row) => orLast(bytesOf(row)),
      say: (row) => (row.kv_bytes === null ? nothing : binarySize(bytesOf(row))),
      value: (row) => (row.kv_bytes === null ? null : bytesOf(row)),
    },
    {
      title: "ms",
      file: "seconds",
      by: ({ seconds }) => orLast(seconds),
      say: ({ seconds }) => (seconds === null ? nothing : (1000 * seconds).toFixed(0)),
      value: ({ seconds }) => seconds,
    },
  ];
}

/**
 * Ways without a time, each with the reason.
 * @param {readonly Fix[]} fixes
 */
function refusals(fixes) {
  const reasons = new Set(fixes.filter(({ refusal }) => refusal).map(({ refusal }) => refusal));
  return [...reasons].map((reason) => {
    const names = fixes.filter(({ refusal }) => refusal === reason).map(({ label }) => label);
    return `No time for ${names.length === fixes.length ? "any of them" : names.join(", ")}: ${reason}.`;
  });
}

/**
 * Make the card.
 * @param {FixesLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const stored = storedOf(lab);
  const { how, fixes } = stored;
  const { timed } = how;
  const [near, far] = [2, 8].map((times) => how.distances.indexOf(times * how.window));
  let chosen = "";
  const frame = card("All ways in one table", "");
  const table = sortedTable.render({
    name: "ways",
    label: "All ways to read further, what each brings back and what it costs",
    columns: columnsOf(lab),
    first: "way",
    marked: ({ name }) => name === chosen,
    more: [{ file: "kernel", value: ({ kernel }) => kernel }],
  });
  const notes = [
    `Arrive: how many of ${how.text_len} words can reach the last one. Pairs and bytes kept: counted for such a ` +
      "text, in all layers and heads. The linear state counts among the bytes kept, and not among the pairs.",
    `Ms: the attention of all layers, by the fastest of our kernels on one thread, for ${thousands(timed.seq_len)} ` +
      `tokens, W = ${timed.window} and ${timed.n_heads} heads of ${timed.head_dim}. For the linear state and for ` +
      "Longformer's own projections only the window's part was timed.",
    ...refusals(Object.values(fixes)),
  ];
  frame.element.append(
    table.element,
    ...notes.map((words) => h("p", { class: "lead" }, words)),
    measuredBy({
      script: "training/fixes.py",
      stored: "swa_viz/experiments/stored_fixes.json",
      data: stored,
      how: `over ${how.seeds.length} seeds`,
    }),
  );
  /** @param {Shown} shown */
  function update({ values }) {
    chosen = values.fix;
    frame.sentence.textContent =
      `The share of right answers in the task “${values.task}” at ${2 * how.window} words (2W) and ${8 * how.window} ` +
      `words (8W), with the lowest and the highest seed. A guess is right in ${whole(how.chance[values.task])} %. ` +
      "Press a heading to sort, and a way to see its picture.";
    table.update(
      Object.entries(fixes).map(([name, fix], place) => ({ ...fix, name, place, task: values.task, near, far })),
    );
  }
  return { element: frame.element, update };
}
