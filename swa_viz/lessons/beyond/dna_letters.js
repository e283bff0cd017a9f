// A stretch of DNA as letters: which bases the window of one of them holds, and which stretches come twice.

/** @import { Shown } from "./dna_words.js" */

import { h } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { keysOf } from "../../web/views/keys.js";
import { arrowed, listenToPointer } from "../../web/views/pointing.js";
import { ARRIVAL } from "../../web/views/read_text.js";
import { copiesIn, costOf, rolesOf } from "./dna_words.js";

const LEGEND = {
  row: "the base to be named",
  ...ARRIVAL,
  twice: "comes twice",
};

/**
 * Show the letters in an element; it shows nothing before its first update.
 * @param {HTMLElement} element
 * @param {{onPoint: (base: number | null) => void, onChoose: (base: number) => void}} callbacks
 * @returns {{update: (shown: Shown, words: string) => void}}
 */
export function render(element, { onPoint, onChoose }) {
  const text = h("div", { class: "read-text typed dna", role: "img", tabindex: 0 });
  const legend = keysOf(LEGEND);
  let now = /** @type {Shown | null} */ (null);
  let letters = /** @type {HTMLElement[]} */ ([]);
  element.dataset.view = "dna";
  element.replaceChildren(text, h("div", { class: "legend" }, legend.element));
  offer(element, { table: () => tableOf(now) });
  listenToPointer(text, { at: baseAt, point: onPoint, choose: onChoose, tap: onChoose });
  text.addEventListener("keydown", (event) => {
    const next = now && arrowed(event, now.base, now.bases.length);
    if (next !== null) onChoose(next);
  });

  /**
   * @param {Shown} shown
   * @param {string} words
   */
  function update(shown, words) {
    if (now?.bases !== shown.bases) {
      letters = Array.from(shown.bases, (base, i) => h("span", { "data-token": i, "data-base": base }, base));
      text.replaceChildren(...letters);
    }
    now = shown;
    const copies = copiesIn(shown);
    const roles = rolesOf(shown);
    letters.forEach((letter, i) => {
      letter.dataset.role = roles[i];
      letter.toggleAttribute(
        "data-twice",
        copies.some(([from, to]) => i >= from && i < to),
      );
    });
    legend.say("twice", copies.length ? LEGEND.twice : "");
    text.setAttribute("aria-label", `${words} Arrow keys move from base to base.`);
  }
  return { update };
}

/**
 * The base where an event happened, or null.
 * @param {Event} event
 */
function baseAt({ target }) {
  const letter = target instanceof HTMLElement ? target.dataset.token : undefined;
  return letter === undefined ? null : Number(letter);
}

/**
 * Every base with its cost.
 * @param {Shown | null} shown
 */
function tableOf(shown) {
  const columns = ["position", "base", "bits_in_window", "bits_in_full"];
  if (!shown) return { columns, rows: [] };
  const { bases, windowed, full } = shown;
  const rows = [...bases].map((base, i) => [i + 1, base, costOf(windowed[i], base), costOf(full[i], base)]);
  return { columns, rows };
}
