// What a square window costs a small reader of handwritten digits, as it was measured once.

/** @import { Pattern } from "../../web/core/types.d.ts" */
/** @import { ChartData } from "../../web/views/chart.js" */
/** @import { Column } from "../../web/views/sorted_table.js" */
/** @import { ImageLab, Stored } from "./image_kind.js" */

import { card, h } from "../../web/core/dom.js";
import { straightAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { measuredBy } from "../../web/views/measured_by.js";
import { line } from "../../web/views/plain_line.js";
import * as sortedTable from "../../web/views/sorted_table.js";
import { counted, percent, thousands } from "../../wording/numbers.js";

/**
 * A reader: what its layers read, what that costs, how many pixels the one in the middle can hear of, and how often
 * each seed was right on digits that none had learned from.
 * @typedef {object} Reader
 * @property {string} name
 * @property {readonly Pattern[]} schedule
 * @property {number} pairs
 * @property {number} field
 * @property {readonly number[]} held_out
 */

/** The layers of the readers that differ in their square alone. */
const DEPTH = 2;

/** @param {readonly number[]} shares */
const mean = (shares) => shares.reduce((sum, each) => sum + each, 0) / shares.length;

/**
 * "85.4 % (84.0 % to 86.2 %)".
 * @param {readonly number[]} shares - Of the seeds.
 */
const spread = (shares) =>
  `${percent(mean(shares))} (${percent(Math.min(...shares))} to ${percent(Math.max(...shares))})`;

/**
 * The readers whose layers all read the same square, without gaps, the smallest first.
 * @param {readonly Reader[]} readers
 */
const bySquare = (readers) =>
  readers.filter(
    ({ schedule }) =>
      schedule.length === DEPTH && schedule.every(({ kind, dilation }) => kind === "window_2d" && dilation === 1),
  );

/** @param {Reader} reader */
const sizeOf = ({ schedule }) => schedule[0].window;

/** @param {Reader} reader */
function isWhole({ schedule }) {
  const [{ window, height }] = schedule;
  return window >= 2 * height - 1;
}

/**
 * What one layer reads, in few words.
 * @param {Pattern} pattern
 */
function layerWords({ kind, window: size, dilation, chunk_size: chunk, shift, height }) {
  if (kind === "chunked_2d") return shift ? `${chunk} × ${chunk} shifted` : `chunks ${chunk} × ${chunk}`;
  if (size >= 2 * height - 1) return "everything";
  return `${size} × ${size}${dilation > 1 ? " with gaps" : ""}`;
}

/**
 * @param {Reader} reader
 */
function words({ schedule }) {
  const named = schedule.map(layerWords);
  const isSame = named.every((each) => each === named[0]);
  return isSame ? named[0] : named.join(", ");
}

/**
 * @param {readonly Reader[]} readers - By their square.
 * @returns {ChartData}
 */
function chartOf(readers) {
  // The whole picture stands one step behind the largest square.
  const sizes = readers.map((reader, i) => (isWhole(reader) ? sizeOf(readers[i - 1]) + 2 : sizeOf(reader)));
  const shares = readers.map(({ held_out: all }) => all.map((share) => 100 * share));
  const [low, high] = [shares.map((all) => Math.min(...all)), shares.map((all) => Math.max(...all))];
  const notes = readers.map(({ held_out: all }) => `${spread(all)} over ${all.length} seeds`);
  const marks = readers.map((reader, i) => /** @type {[number, string]} */ ([sizes[i], words(reader)]));
  return {
    x: { title: "Square window, in both layers", ends: [sizes[0], sizes[sizes.length - 1]], marks, straight: true },
    y: straightAxis("right, %", [0, 100]),
    unit: "%",
    lines: [{ ...line("window", "held-out digits named right", sizes, shares.map(mean)), low, high, notes }],
  };
}

/**
 * What was measured nearest to the chosen square.
 * @param {readonly Reader[]} readers - By their square.
 * @param {number} around
 */
function sentenceOf(readers, around) {
  const size = 2 * around + 1;
  const whole = readers[readers.length - 1];
  const near = readers.filter((reader) => sizeOf(reader) <= size).at(-1) ?? readers[0];
  const other = sizeOf(near) === size || isWhole(near) ? "" : ` Measured nearest to ${size} × ${size}:`;
  const saved = (whole.pairs / near.pairs).toFixed(1);
  if (near === whole) return `A reader of ${DEPTH} layers that read everything names ${spread(whole.held_out)} right.`;
  return (
    `${other} A reader with ${DEPTH} layers of ${words(near)} names ${spread(near.held_out)} of the digits right, ` +
    `and one that reads everything ${spread(whole.held_out)}, for ${saved} times as many score pairs.`
  ).trim();
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
 * Digits that were held out, and what each reader takes the chosen one for.
 * @param {ImageLab} lab
 * @param {Stored} stored
 */
function examplesOf(lab, { examples, shown, readers }) {
  const chosen = shown.map((name) => /** @type {Reader} */ (readers.find((reader) => reader.name === name)));
  const buttons = examples.map(({ label }, i) =>
    h("button", { type: "button", class: "chip", onclick: () => choose(i) }, label),
  );
  const body = h("tbody");
  const head = h("tr", {}, ...["window", "takes it for", "chance of the truth"].map((text) => h("th", {}, text)));
  const table = h(
    "table",
    { class: "plain", "aria-label": "What each reader takes the digit for" },
    h("thead", {}, head),
    body,
  );
  const element = h(
    "div",
    { "data-view": "digit-examples" },
    h("p", { class: "lead" }, "Held-out digits:"),
    h("div", { class: "digits" }, buttons),
    table,
  );

  /** @param {number} i */
  const choose = (i) => lab.commit({ picture: "digit", digit: i + 1, pointedSpot: null });

  /** @param {number} digit - From 1. */
  function update(digit) {
    const { label, chances } = examples[digit - 1];
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === digit - 1)));
    body.replaceChildren(
      ...chosen.map((reader, i) => {
        const named = chances[i].indexOf(Math.max(...chances[i]));
        const mark = named === label ? "✓" : "✗";
        const cells = [words(reader), `${named} ${mark}`, percent(chances[i][label])];
        return h("tr", {}, ...cells.map((text) => h("td", {}, text)));
      }),
    );
  }
  return { element, update };
}

/**
 * Make the cards: what stands beside the picture, and what below.
 * @param {ImageLab} lab
 * @param {Stored} stored
 * @returns {{element: HTMLElement, below: HTMLElement[], update: (values: ImageLab["values"]) => void}}
 */
export function render(lab, stored) {
  const { facts, readers } = stored;
  const squares = bySquare(readers);
  const frame = card("Is a small square enough?", "");
  const view = chart.render(frame.element.appendChild(h("div")), "image-accuracy", { embedded: true });
  const examples = examplesOf(lab, stored);
  frame.element.append(examples.element);

  const all = card(
    "Wider squares or more layers?",
    `Readers with ${thousands(facts.parameters)} parameters in two layers, which see a digit's 64 pixels as tokens, ` +
      `learned for ${facts.n_steps} steps of ${facts.batch_size} digits each, from ${thousands(facts.n_learned)} in ` +
      `all, and were asked about ${facts.n_held_out} others. So short a training favours what is easy to learn. A ` +
      "reader knows where a pixel stands only by what it attends to. “Heard of” counts the pixels that can reach the " +
      "one in the middle through all layers.",
  );
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
    data: { ...stored, photographs: undefined },
  });
  all.element.append(table.element, source);

  /** @param {ImageLab["values"]} values */
  function update({ around, digit }) {
    const said = sentenceOf(squares, around);
    frame.sentence.textContent = said;
    view.update(chartOf(squares), said);
    examples.update(digit);
  }
  return { element: frame.element, below: [all.element], update };
}
