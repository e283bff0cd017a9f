// The card with all models: a row for each, sorted by whichever heading one presses.

/** @import { Column } from "../../web/views/sorted_table.js" */
/** @import { ModelsLab, ModelsValues } from "./controls.js" */
/** @import { Counted, Shown } from "./shown.js" */

import { headsOf } from "../../presets/preset.js";
import { card, h, outsideLink } from "../../web/core/dom.js";
import * as sortedTable from "../../web/views/sorted_table.js";
import { binarySize, counted, thousands } from "../../wording/numbers.js";
import { OWN } from "./controls.js";
import { countedOf, keysIn, largestWindow, presetsOf } from "./shown.js";
import { headsText, marksOf, reachText, timesText } from "./words.js";

/** @param {Counted} model */
const nFullOf = ({ full }) => full.filter(Boolean).length;

/**
 * "config.json of google/gemma-3-1b" -> "config.json".
 * @param {string} source
 */
const shortSource = (source) => source.split(/ of |, /)[0];

/** @param {Counted} model */
function sizesText({ windows }) {
  const sizes = windows.map((pattern) => thousands(keysIn(pattern)));
  return windows.length ? `${windows[0].kind === "chunked" ? "chunks of " : ""}${sizes.join(", ")}` : "none";
}

/** @param {Counted} model */
const savedBy = ({ bytes }) => (bytes ? bytes.full / bytes.windowed : 0);

/**
 * The first column: a press on a name makes the model the second of the two.
 * @param {(name: string) => void} choose
 * @returns {Column<Counted>}
 */
const nameColumn = (choose) => ({
  title: "Model",
  by: ({ preset }) => preset.label,
  say: ({ name, preset }) => h("button", { type: "button", class: "link", onclick: () => choose(name) }, preset.label),
  file: "model",
});

/** @type {readonly Column<Counted>[]} */
const COLUMNS = [
  {
    title: "Year",
    by: ({ preset }) => preset.year ?? 0,
    say: ({ preset }) => String(preset.year ?? "–"),
    file: "year",
  },
  { title: "Layers", by: ({ full }) => full.length, say: ({ full }) => String(full.length), file: "layers" },
  { title: "Keys in a window", by: largestWindow, say: sizesText, file: "window" },
  { title: "Full layers", by: nFullOf, say: (model) => String(nFullOf(model)), file: "full_layers" },
  {
    title: "Heads: query / stored / width",
    by: ({ preset }) => headsOf(preset)[0].n_heads,
    say: headsText,
    file: "query_heads",
  },
  {
    title: "Context",
    by: ({ preset }) => preset.context_length ?? 0,
    say: ({ preset: { context_length: context } }) => (context ? thousands(context) : "–"),
    file: "context",
    value: ({ preset }) => preset.context_length,
  },
  {
    title: "Reach",
    by: ({ reach }) => reach ?? Infinity,
    say: reachText,
    file: "reach",
    value: ({ reach }) => reach ?? null,
  },
  {
    title: "Keys and values",
    by: ({ bytes }) => bytes?.windowed ?? 0,
    say: ({ bytes }) => (bytes ? binarySize(bytes.windowed) : "no cache"),
    file: "kv_bytes",
  },
  {
    title: "Saved by windows",
    by: savedBy,
    say: (model) => (savedBy(model) > 1 ? timesText(savedBy(model)) : "–"),
    file: "saved",
  },
  {
    title: "Remarks",
    by: (model) => marksOf(model).join(),
    say: (model) => marksOf(model).join(", "),
    file: "remarks",
  },
  {
    title: "Source",
    by: ({ preset }) => preset.source,
    say: ({ preset: { url, source } }) => (url ? outsideLink(url, shortSource(source)) : "your file"),
    file: "source",
    value: ({ preset }) => preset.url,
  },
];

/**
 * Make the card.
 * @param {ModelsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown, values: ModelsValues) => void}}
 */
export function render(lab) {
  const presets = presetsOf(lab);
  let chosen = /** @type {string[]} */ ([]);
  const table = sortedTable.render({
    name: "all-models",
    label: "All models",
    columns: [nameColumn((name) => lab.commit({ second: name })), ...COLUMNS],
    first: "year",
    marked: ({ name }) => chosen.includes(name),
  });
  const frame = card("All models", "", table.element);
  /**
   * @param {Shown} shown
   * @param {ModelsValues} values
   */
  function update({ first, second, tokens }, { own }) {
    chosen = [first.name, second.name];
    if (!lab.isSettled()) return; // so many rows follow when the hand lets go
    frame.sentence.textContent =
      `${counted(Object.keys(presets).length, "model")}; keys and values of ${counted(tokens, "token")} in bfloat16. ` +
      "Press a heading to sort by it, and a name to compare that model: it becomes the second one above.";
    const rows = Object.entries(presets).map(([name, preset]) => countedOf(name, preset, tokens));
    table.update(own ? [...rows, countedOf(OWN, own.preset, tokens)] : rows);
  }
  return { element: frame.element, update };
}
