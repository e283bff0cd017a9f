// What the names in a program are, how each is read, and what is said of them.

/** @import { NumberKnob, PerplexityPayload, TextKnob } from "../../web/core/types.d.ts" */
/** @import { Table } from "../../web/core/offer.js" */
/** @import { Use } from "../../experiments/code_names.js" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { SharedKnobs } from "./kind.js" */
/** @import { Windows } from "./reading.js" */

import { usesOf } from "../../experiments/code_names.js";
import { exactReach } from "../../reach.js";
import { counted } from "../../wording/numbers.js";
import { readAt } from "./reading.js";

/**
 * The lab, with the name under the pointer: no knob, so it never enters the link.
 * @typedef {Lab<SharedKnobs & {code: TextKnob, name: NumberKnob}, {pickedName?: number | null}>} CodeLab
 *
 * A name that returns, how it is read, and what it costs in bits; the second number is null while nobody knows it.
 * @typedef {Use & {place: number, how: "window" | "layers" | "outside", full: number, windowed: number | null}} Row
 *
 * What is on screen.
 * @typedef {{full: Reading, rows: readonly Row[], chosen: number, windows: Windows}} Shown
 *
 * What the code costs in full attention, or what stands in its place while nobody knows.
 * @typedef {PerplexityPayload & {empty?: string}} Reading
 */

/** @type {Reading} */
export const NO_READING = { tokens: [], ids: [], bits: [], expected: [], notice: "" };

/** How a name is read, in words and in a table. @type {Record<Row["how"], string>} */
export const HOW = { window: "in one layer", layers: "through layers", outside: "not at all" };
const NO_NAMES = "No name returns in this code yet. Write a name twice.";

/**
 * What some tokens cost together.
 * @param {PerplexityPayload} reading
 * @param {Use} use
 */
const costOf = ({ bits }, { start, stop }) =>
  bits.slice(start, stop).reduce((/** @type {number} */ sum, each) => sum + (each ?? 0), 0);

/**
 * @param {PerplexityPayload} full
 * @param {PerplexityPayload | null} windowed
 * @param {Windows} windows
 * @returns {Row[]}
 */
const rowsOf = (full, windowed, windows) =>
  usesOf(full.tokens).map((use, place) => ({
    ...use,
    place,
    how: readAt(use.age, windows),
    full: costOf(full, use),
    windowed: windowed && costOf(windowed, use),
  }));

/**
 * The name that loses most, where nobody chose one.
 * @param {readonly Row[]} rows
 */
function worst(rows) {
  const more = rows.map(({ full, windowed }) => (windowed ?? full) - full);
  return more.indexOf(Math.max(...more));
}

/**
 * @param {Shown} shown
 * @returns {string}
 */
export function countText({ rows, windows: { size, layers } }) {
  /** @param {Row["how"]} wanted */
  const count = (wanted) => rows.filter(({ how }) => how === wanted).length;
  const lost = count("outside");
  const end = lost ? `, and ${lost} cannot arrive at all` : ": so every one of them can arrive";
  return (
    `${counted(rows.length, "name")} stood before. With W = ${size} one layer reads ${count("window")} of them, ` +
    `${count("layers")} more can arrive through ${counted(layers, "layer")} (reach ` +
    `${counted(exactReach(size, layers), "token")})${end}.`
  );
}

/**
 * @param {Shown} shown
 * @returns {string}
 */
export function nameText({ rows, chosen, windows: { size } }) {
  const { name, age, how, full, windowed } = rows[chosen];
  const arrives = {
    window: "and one layer reads it",
    layers: "which is outside the window, but within reach of all layers",
    outside: "and nothing of it can arrive",
  }[how];
  const costs = windowed === null ? "" : ` and ${windowed.toFixed(1)} with W = ${size}`;
  return (
    `“${name}” stood last ${counted(age, "token")} before the query, ${arrives}. ` +
    `The name costs ${full.toFixed(1)} bits in full attention${costs}.`
  );
}

/**
 * Why no name is shown.
 * @param {CodeLab} lab
 * @param {Reading} full
 * @returns {string}
 */
export const absence = (lab, { tokens, empty }) => empty ?? (tokens.length ? NO_NAMES : lab.waiting());

/**
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function sumText(rows) {
  if (rows.some(({ windowed }) => windowed === null)) return "";
  const full = rows.reduce((sum, each) => sum + each.full, 0);
  const windowed = rows.reduce((sum, each) => sum + (each.windowed ?? 0), 0);
  return `All of them: ${full.toFixed(1)} bits in full attention and ${windowed.toFixed(1)} with the window.`;
}

/**
 * @param {readonly Row[]} rows
 * @returns {Table}
 */
export const tableOf = (rows) => ({
  columns: ["name", "token", "stood_last_at", "distance", "read", "bits_full", "bits_window"],
  rows: rows.map(({ name, start, earlier, age, how, full, windowed }) => [
    ...[name, start + 1, earlier + 1, age, how, full],
    windowed,
  ]),
});

/**
 * What is to be on screen.
 * @param {CodeLab["values"]} values
 * @param {Reading} full
 * @param {ReturnType<CodeLab["engine"]["peek"]>} windowed
 * @param {number} layers - Of the model.
 * @returns {Shown}
 */
export function shownFor(values, full, windowed, layers) {
  const windows = { size: values.window, layers };
  const rows = rowsOf(full, windowed && "expected" in windowed ? windowed : null, windows);
  const picked = values.pickedName ?? values.name - 1;
  return { full, rows, windows, chosen: rows[picked] ? picked : worst(rows) };
}
