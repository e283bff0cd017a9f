// The card on W: which keys each program reads at the number that stands in a model's file.

/** @import { Convention } from "../../patterns/conventions.js" */
/** @import { Read } from "../../presets/which_window.js" */
/** @import { ModelsLab, ModelsValues } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { statedWindow, whichWindow } from "../../presets/which_window.js";
import { card, h, outsideLink } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { counted, signed, thousands } from "../../wording/numbers.js";
import { OWN } from "./controls.js";

/**
 * The number in the file of the second model, and whose number that is.
 * @param {Shown} shown
 * @param {ModelsValues} values
 * @returns {{number: number, own: string} | null} Null where no layer slides.
 */
function statedIn({ second }, { own }) {
  if (second.name !== OWN || !own) return statedWindow(second.preset);
  return own.window === null ? null : { number: own.window, own: own.convention };
}

/**
 * How many keys more or less a program reads.
 * @param {number | null} more
 */
function moreText(more) {
  if (more === null) return "refuses this number";
  if (!more) return "the same";
  return `${more > 0 ? "+" : ""}${signed(more)}`;
}

/**
 * Make the card.
 * @param {ModelsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown, values: ModelsValues) => void}}
 */
export function render(lab) {
  const conventions = /** @type {Record<string, Convention>} */ (lab.data.extra.config.conventions);
  const titles = ["program", "its rule with this number", "keys that a query reads", "more or fewer"];
  const head = h("tr", {}, ...titles.map((title) => h("th", { scope: "col" }, title)));
  const body = h("tbody");
  const table = h("table", { class: "facts" }, h("thead", {}, head), body);
  const room = h("div", { class: "wide", "data-view": "which", tabindex: 0, role: "region" }, table);
  room.setAttribute("aria-label", "Which keys each program reads");
  const frame = card("Which W?", "", room);
  let reads = /** @type {Read[]} */ ([]);
  offer(room, {
    table: () => ({
      columns: ["program", "rule", "keys", "more"],
      rows: reads.map(({ name, says, keys, more }) => [name, says, keys, more]),
    }),
  });
  /** @param {Read} read */
  function rowOf({ name, says, keys, more }) {
    const { url, source } = conventions[name];
    const cells = [h("code", {}, says), keys === null ? "–" : thousands(keys), moreText(more)];
    const program = h("th", { scope: "row" }, outsideLink(url, source));
    return h("tr", { class: more ? "differs" : undefined }, program, ...cells.map((cell) => h("td", {}, cell)));
  }
  /**
   * @param {Shown} shown
   * @param {ModelsValues} values
   */
  function update(shown, values) {
    const stated = statedIn(shown, values);
    const { label } = shown.second.preset;
    reads = stated ? whichWindow(stated.number, stated.own, conventions) : [];
    room.hidden = !stated;
    body.replaceChildren(...reads.map(rowOf));
    frame.sentence.textContent = stated ? leadOf(label, stated, reads) : `No layer of ${label} has a sliding window.`;
  }
  return { element: frame.element, update };
}

/**
 * @param {string} label
 * @param {{number: number, own: string}} stated
 * @param {readonly Read[]} reads
 */
function leadOf(label, { number, own }, reads) {
  const keys = reads.find(({ name }) => name === own)?.keys ?? number;
  const others = reads.filter(({ more }) => more).length;
  return (
    `The window of ${label} is the number ${thousands(number)}: its own code reads ${counted(keys, "key")}. ` +
    `Given the same number, ${counted(others, "program")} of ${reads.length} would read more keys or fewer.`
  );
}
