// The card with the text: its question at the end, and which words can arrive there.

/** @import { Table } from "../../web/core/offer.js" */
/** @import { Shown } from "./shown.js" */

import { card, h } from "../../web/core/dom.js";
import { keysOf } from "../../web/views/keys.js";
import * as readText from "../../web/views/read_text.js";
import { textSentence } from "./words.js";

const LEGEND = {
  row: "the query",
  ...readText.ARRIVAL,
  beyond: "cannot arrive",
};
/** What the answer depends on: so many words, and which of them decides. @type {Record<string, [number, number]>} */
const NEEDLES = { recall: [1, 1], copy: [0, 6], brackets: [0, 1] };
const HIDDEN = "?";

/** @param {Shown | null} shown @returns {Table} */
const tableOf = (shown) => ({
  columns: ["position", "word", "role"],
  rows: (shown?.words ?? []).map((word, place) => [place + 1, word, shown?.roles[place] ?? ""]),
});

/**
 * Make the card.
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render() {
  const frame = card("Does the answer arrive?", "");
  const room = frame.element.appendChild(h("div"));
  let last = /** @type {Shown | null} */ (null);
  const about = { name: "text", label: "The text, word by word.", hint: "", table: () => tableOf(last) };
  const view = readText.render(room, about, { onPoint: () => {}, onChoose: () => {} });
  frame.element.append(h("div", { class: "legend" }, keysOf(LEGEND).element));
  /** @param {Shown} shown */
  function update(shown) {
    last = shown;
    const { words, asked, source, roles, values } = shown;
    frame.sentence.textContent = textSentence(shown);
    const [before, after] = NEEDLES[values.task];
    view.update({
      pieces: words.map((word, place) => ` ${asked.includes(place) ? HIDDEN : word}`),
      roles,
      marks: [],
      chosen: -1,
      about: [source - before, source + after],
    });
  }
  return { element: frame.element, update };
}
