// The card with the calculator: what fits into the memory of a GPU, with windows and without.

/** @import { Rooms } from "../../cost.js" */
/** @import { ModelsLab, ModelsValues } from "./controls.js" */
/** @import { Counted, Shown } from "./shown.js" */

import { bytesOf } from "../../cost.js";
import { withoutWindows } from "../../presets/preset.js";
import { segmented } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { sizeKnob } from "../../web/size_knob.js";
import { binarySize, counted, thousands } from "../../wording/numbers.js";
import { ANSWERS } from "./answers_card.js";

const GIB = 2 ** 30;
/** No text is longer. */
const LONGEST = 2 ** 30;

/**
 * A row: a model with its windows, or without.
 * @typedef {object} Row
 * @property {string} label
 * @property {number} bytes - Of all texts at once.
 * @property {boolean} fits
 * @property {number} longest - Of texts that still fit; Infinity where any length does.
 * @property {number} most - Texts of this length at once.
 */

/**
 * The longest text whose bytes fit: they never shrink as a text grows.
 * @param {(n: number) => number} bytesAt
 * @param {number} room
 */
function longestOf(bytesAt, room) {
  if (bytesAt(LONGEST) <= room) return Infinity;
  let [fits, fails] = [0, LONGEST];
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2);
    if (bytesAt(middle) <= room) fits = middle;
    else fails = middle;
  }
  return fits;
}

/**
 * @param {Counted} model
 * @param {number} tokens
 * @param {{rooms: Rooms, sequences: number, width: number, room: number}} how
 * @returns {Row[]}
 */
function rowsOf({ preset, windows, bytes }, tokens, { rooms, sequences, width, room }) {
  if (!bytes) return [];
  const ways = windows.length ? [preset, withoutWindows(preset)] : [preset];
  return ways.map((model, i) => {
    /** @param {number} n */
    const one = (n) => bytesOf(rooms(model, n), width);
    const all = sequences * one(tokens);
    return {
      label: windows.length ? `${preset.label}, ${i ? "all layers full" : "with its windows"}` : preset.label,
      bytes: all,
      fits: all <= room,
      longest: longestOf((n) => sequences * one(n), room),
      most: Math.floor(room / one(tokens)),
    };
  });
}

/**
 * Make the card.
 * @param {ModelsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown, values: ModelsValues) => void}}
 */
export function render(lab) {
  const { knobs } = lab.data;
  const sequences = sizeKnob(lab, "sequences", (size) => counted(size, "text"));
  const memory = sizeKnob(lab, "memory", (size) => `${thousands(size)} GiB`);
  const taken = sizeKnob(lab, "taken", (size) => `${thousands(size)} GiB`);
  const numbers = segmented(knobs.numbers, lab.values.numbers, { onChange: (word) => lab.commit({ numbers: word }) });
  const engine = segmented(knobs.engine, lab.values.engine, { onChange: (word) => lab.commit({ engine: word }) });
  const titles = ["model", "needed", "does it fit?", "longest text", "most texts at once"];
  const body = h("tbody");
  const head = h("tr", {}, ...titles.map((title) => h("th", { scope: "col" }, title)));
  const table = h("table", { class: "facts" }, h("thead", {}, head), body);
  const room = h("div", { class: "wide", "data-view": "fits", tabindex: 0, role: "region" }, table);
  room.setAttribute("aria-label", "What fits into the memory");
  const told = h("p", { class: "lead", role: "status" });
  const controls = [sequences.element, memory.element, taken.element, numbers.element, engine.element];
  const frame = card("What fits?", "", h("div", { class: "row" }, controls), room, told);
  let rows = /** @type {Row[]} */ ([]);
  offer(room, {
    table: () => ({
      columns: ["model", "bytes", "fits", "longest_text", "most_texts"],
      rows: rows.map((row) => [row.label, row.bytes, row.fits, finite(row.longest), row.most]),
    }),
  });
  /**
   * @param {Shown} shown
   * @param {ModelsValues} values
   */
  function update({ first, second, tokens }, values) {
    sequences.set(values.sequences);
    memory.set(values.memory);
    taken.set(values.taken);
    numbers.set(values.numbers);
    engine.set(values.engine);
    const { title, rooms } = ANSWERS[values.engine];
    const left = Math.max(values.memory - values.taken, 0);
    const how = { rooms, sequences: values.sequences, width: Number(values.numbers), room: left * GIB };
    const models = first.name === second.name ? [first] : [first, second];
    rows = models.flatMap((model) => rowsOf(model, tokens, how));
    frame.sentence.textContent =
      `${counted(values.sequences, "text")} of ${counted(tokens, "token")}${values.sequences > 1 ? " each" : ""}, in ` +
      `the ${left} GiB that are left of ${values.memory} GiB.`;
    const none = rows.length ? "" : "Encoders keep nothing, so there is nothing to fit. ";
    told.textContent =
      `${none}Assumed: ${knobs.numbers.choices[values.numbers]} numbers in the cache, counted as “${title}”, one ` +
      `GPU, and ${values.taken} GiB for the parameters and all else. Each text has a cache of its own. ` +
      "A model may be trained for shorter texts than would fit.";
    body.replaceChildren(...rows.map(rowElement));
  }
  return { element: frame.element, update };
}

/** @param {number} number */
const finite = (number) => (Number.isFinite(number) ? number : null);

/** @param {Row} row */
function rowElement({ label, bytes, fits, longest, most }) {
  const long = Number.isFinite(longest) ? counted(longest, "token") : "any length";
  const cells = [binarySize(bytes), fits ? "yes" : "no", long, thousands(most)];
  return h("tr", {}, h("th", { scope: "row" }, label), ...cells.map((words) => h("td", {}, words)));
}
