// A window in the prompt only: a table of three repairs, alone and together, as they were measured and stored.

/** @import { Table } from "../../web/core/offer.js" */
/** @import { LimitsLab } from "./controls.js" */
/** @import { Prefill, Switches } from "./prefill_words.js" */

import { card, h } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { keysOf } from "../../web/views/keys.js";
import { ROWS, lead, meanWords, prefillOf, sentence } from "./prefill_words.js";

/** The switches, in the order of their signs in a name. */
const HEADS = ["prompt only", "first tokens", "sixth layer full"];

/** @param {Switches} name */
const switchesOf = (name) => [...name].map((sign) => sign !== "-");

/**
 * @param {Prefill} prefill
 * @param {string} name
 * @returns {Table}
 */
function tableOf({ windows, how: { texts }, models }, name) {
  const { full } = models[name];
  const rows = ROWS.flatMap((which) =>
    windows.flatMap((window, i) =>
      texts.map((text, at) => [...switchesOf(which), window, text, models[name][which][i][at]]),
    ),
  );
  const last = texts.map((text, at) => [false, false, false, "full", text, full[at]]);
  return { columns: [...HEADS, "W", "text", "bits per byte"], rows: [...rows, ...last] };
}

/**
 * The least of each column, as it is written: several can be the same.
 * @param {Prefill} prefill
 * @param {string} name
 */
const bestOf = ({ windows, models }, name) =>
  windows.map((_, i) => ROWS.map((which) => meanWords(models[name][which][i])).sort()[0]);

/**
 * @param {Prefill} prefill
 * @param {string} name
 */
function drawn(prefill, name) {
  const { windows, models } = prefill;
  const best = bestOf(prefill, name);
  const head = (/** @type {string} */ words) => h("th", { scope: "col" }, words);
  const rows = ROWS.map((which) => {
    const signs = switchesOf(which).map((isOn) => h("td", {}, isOn ? "✓" : h("span", { class: "sr-only" }, "no")));
    const numbers = models[name][which].map((texts, i) => {
      const words = meanWords(texts);
      return h("td", { class: words === best[i] ? "number outlined" : "number" }, words);
    });
    return h("tr", {}, signs, numbers);
  });
  const full = h("td", { colspan: windows.length, class: "number" }, meanWords(models[name].full));
  rows.push(h("tr", {}, h("th", { scope: "row", colspan: HEADS.length }, "full attention everywhere"), full));
  const heads = h(
    "tr",
    {},
    HEADS.map(head),
    windows.map((window) => head(`W = ${window}`)),
  );
  return h(
    "table",
    { class: "switches" },
    h("caption", {}, "bits per byte"),
    h("thead", {}, heads),
    h("tbody", {}, rows),
  );
}

/**
 * The card of one model; what it shows never changes.
 * @param {Prefill} prefill
 * @param {string} name
 */
function modelCard(prefill, name) {
  const frame = card(name, sentence(prefill, prefill.models[name]));
  const legend = keysOf({ outlined: "the least of its column" });
  const view = h("div", { "data-view": `prefill-${name}` }, drawn(prefill, name), legend.element);
  offer(view, { table: () => tableOf(prefill, name) });
  frame.element.append(view);
  return frame.element;
}

/**
 * Make the cards, one for each model.
 * @param {LimitsLab} lab
 * @returns {{element: HTMLElement}}
 */
export function render(lab) {
  const prefill = prefillOf(lab);
  const cards = Object.keys(prefill.models)
    .sort()
    .map((name) => modelCard(prefill, name));
  const heads = [h("h2", {}, "A window in the prompt only"), h("p", { class: "lead" }, lead(prefill))];
  return { element: h("section", {}, heads, h("div", { class: "pair" }, cards)) };
}
