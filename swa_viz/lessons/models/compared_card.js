// The card with the two models: their layers as strips, and their numbers side by side.

/** @import { Counted, Shown } from "./shown.js" */

import { capitalised } from "../../patterns/schedule.js";
import { card, h, outsideLink } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { amount, binarySize, counted } from "../../wording/numbers.js";
import * as strips from "./strips.js";
import { headsText, layersText, marksOf, reachText, savedText, thumbText, verdict } from "./words.js";

/**
 * A row of the table: what it is about, what is said of a model, and the number in a file.
 * @typedef {{title: string, say: (model: Counted) => string, file: string,
 *   value: (model: Counted) => string | number | null}} Row
 */

/** @type {readonly Row[]} */
const ROWS = [
  { title: "Layers", say: layersText, file: "layers", value: ({ full }) => full.length },
  { title: "Heads: query / stored / width", say: headsText, file: "heads", value: headsText },
  {
    title: "Context",
    say: ({ preset: { context_length: context } }) => (context ? counted(context, "token") : "not stated"),
    file: "context",
    value: ({ preset }) => preset.context_length,
  },
  { title: "Reach, exactly", say: reachText, file: "reach", value: ({ reach }) => reach ?? null },
  { title: "Rule of thumb W × L", say: thumbText, file: "rule_of_thumb", value: ({ rounded }) => rounded ?? null },
  {
    title: "Score pairs, all layers and heads",
    say: ({ pairs }) => savedText(pairs),
    file: "score_pairs",
    value: ({ pairs }) => pairs.windowed,
  },
  {
    title: "FLOPs of attention",
    say: ({ flops }) => `${amount(flops.windowed)}`,
    file: "flops",
    value: ({ flops }) => flops.windowed,
  },
  {
    title: "Keys and values kept",
    say: ({ bytes }) => (bytes ? binarySize(bytes.windowed) : "no cache"),
    file: "kv_bytes",
    value: ({ bytes }) => bytes?.windowed ?? null,
  },
  {
    title: "The same without windows",
    say: ({ bytes }) => (bytes ? binarySize(bytes.full) : "no cache"),
    file: "kv_bytes_without_windows",
    value: ({ bytes }) => bytes?.full ?? null,
  },
];

/**
 * Make the two cards.
 * @returns {{elements: HTMLElement[], update: (shown: Shown) => void}}
 */
export function render() {
  const said = h("p", { class: "both", role: "status" });
  const layers = card("Two models", "", said);
  layers.sentence.remove();
  const drawn = strips.render(layers.element.appendChild(h("div")));
  const heads = [h("th", { scope: "col" }), h("th", { scope: "col" })];
  const body = h("tbody");
  const table = h("table", { class: "facts" }, h("thead", {}, h("tr", {}, h("td"), heads)), body);
  const numbers = card("Side by side", "", h("div", { "data-view": "compared" }, table));
  const sources = numbers.element.appendChild(h("p", { class: "lead" }));
  let models = /** @type {readonly Counted[]} */ ([]);
  offer(/** @type {HTMLElement} */ (table.parentElement), {
    table: () => ({
      columns: ["model", ...ROWS.map(({ file }) => file)],
      rows: models.map((model) => [model.preset.label, ...ROWS.map(({ value }) => value(model))]),
    }),
  });
  /** @param {Shown} shown */
  function update(shown) {
    models = [shown.first, shown.second];
    said.textContent = verdict(shown).join(" ");
    drawn.update(models);
    numbers.sentence.textContent = `Counted for ${counted(shown.tokens, "token")}; keys and values in bfloat16.`;
    heads.forEach((head, i) => (head.textContent = models[i].preset.label));
    body.replaceChildren(
      ...ROWS.map(({ title, say }) =>
        h("tr", {}, h("th", { scope: "row" }, title), ...models.map((model) => h("td", {}, say(model)))),
      ),
    );
    sources.replaceChildren(...models.flatMap(sourceOf));
  }
  return { elements: [layers.element, numbers.element], update };
}

/**
 * Where a model's numbers stand, and what is to be known of it.
 * @param {Counted} model
 */
function sourceOf(model) {
  const { label, year, url, source, notes } = model.preset;
  const marks = marksOf(model).join(", ");
  const more = [marks ? `${capitalised(marks)}.` : "", ...notes].filter(Boolean).join(" ");
  const from = url ? outsideLink(url, source) : source;
  return [h("span", { class: "from" }, `${label}${year ? ` (${year})` : ""}: `, from, `. ${more} `)];
}
