// Does a sink logit let a small window match full attention?  One table, measured over several seeds.

/** @import { Column } from "../../web/views/sorted_table.js" */
/** @import { FixesLab } from "./shown.js" */

import { mean } from "../../experiments/runs_together.js";
import { card, h } from "../../web/core/dom.js";
import { measuredBy } from "../../web/views/measured_by.js";
import * as sortedTable from "../../web/views/sorted_table.js";

/**
 * What `stored_sink_question.json` holds: the loss of the last answers of each task, seed by seed.
 * @typedef {Readonly<Record<string, readonly number[]>>} ByTask
 * @typedef {object} StoredSinks
 * @property {{seeds: readonly number[], n_steps: number}} how
 * @property {Readonly<Record<string, {nats: ByTask}>>} runs
 *
 * @typedef {{name: string, label: string, place: number, nats: ByTask, all: number[]}} Row
 */

/**
 * The name of a combination in words: "w4-sink" is a window of 4 with a sink logit.
 * @param {string} name
 */
function labelOf(name) {
  const [size, sink] = name.split("-");
  const reads = size === "full" ? "full attention in every layer" : `W = ${size.slice(1)}, every sixth layer full`;
  return sink ? `${reads}, sink logit` : reads;
}

/**
 * The mean loss over the tasks, seed by seed.
 * @param {ByTask} nats
 */
function overTasks(nats) {
  const tasks = Object.values(nats);
  return tasks[0].map((_, seed) => mean(tasks.map((seeds) => seeds[seed])));
}

/**
 * A mean with the lowest and the highest seed.
 * @param {readonly number[]} seeds
 */
const spreadOf = (seeds) => [
  mean(seeds).toFixed(2),
  h("small", {}, ` ${Math.min(...seeds).toFixed(2)}–${Math.max(...seeds).toFixed(2)}`),
];

/**
 * @param {string} better
 * @param {readonly number[]} low
 * @param {readonly number[]} high
 */
const isBelow = (better, low, high) => (Math.max(...low) < Math.min(...high) ? better : "");

/**
 * What the seeds say of one window.
 * @param {StoredSinks} stored
 * @param {number} window
 */
function judgement({ runs }, window) {
  const [plain, sink] = [`w${window}`, `w${window}-sink`].map((name) => overTasks(runs[name].nats));
  const found =
    isBelow("the sink logit helps in every seed", sink, plain) ||
    isBelow("the sink logit harms in every seed", plain, sink);
  const numbers = `${mean(sink).toFixed(2)} nats with it, ${mean(plain).toFixed(2)} without`;
  return `With W = ${window} ${found || "the seeds overlap, so it makes no certain difference"} (${numbers}).`;
}

/**
 * @param {StoredSinks} stored
 * @returns {string}
 */
function sentence(stored) {
  const { runs } = stored;
  const windows = Object.keys(runs).flatMap((name) => (/^w\d+$/.test(name) ? [Number(name.slice(1))] : []));
  return [
    "Small models with every sixth layer full, trained with and without a sink logit. A number is the mean loss of " +
      "an answer in nats, over all distances; 0 means that the model is certain and right.",
    `Full attention needs ${mean(overTasks(runs.full.nats)).toFixed(2)} nats.`,
    ...windows.map((window) => judgement(stored, window)),
  ].join(" ");
}

/**
 * @param {readonly string[]} tasks
 * @returns {Column<Row>[]}
 */
function columnsOf(tasks) {
  return [
    {
      title: "layers",
      file: "layers",
      by: ({ place }) => place,
      say: ({ label }) => label,
      value: ({ label }) => label,
    },
    { title: "all tasks", file: "nats_all_tasks", by: ({ all }) => mean(all), say: ({ all }) => spreadOf(all) },
    ...tasks.map((task) => ({
      title: task,
      file: `nats_${task}`,
      by: (/** @type {Row} */ { nats }) => mean(nats[task]),
      say: (/** @type {Row} */ { nats }) => spreadOf(nats[task]),
    })),
  ];
}

/**
 * Make the card.
 * @param {FixesLab} lab
 * @returns {HTMLElement}
 */
export function render(lab) {
  const stored = /** @type {StoredSinks} */ (lab.data.extra.sinks);
  const { how, runs } = stored;
  const frame = card("Does a sink logit let a small window match full attention?", sentence(stored));
  const table = sortedTable.render({
    name: "sink-question",
    label: "The loss of small models with and without a sink logit",
    columns: columnsOf(Object.keys(runs.full.nats)),
    first: "layers",
    marked: () => false,
  });
  const rows = Object.entries(runs).map(([name, { nats }], place) => {
    return { name, label: labelOf(name), place, nats, all: overTasks(nats) };
  });
  table.update(rows);
  frame.element.append(
    table.element,
    measuredBy({
      script: "training/sink_question.py",
      stored: "swa_viz/experiments/stored_sink_question.json",
      data: stored,
      how: `over ${how.seeds.length} seeds`,
    }),
  );
  return frame.element;
}
