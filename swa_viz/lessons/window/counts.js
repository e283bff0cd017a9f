// Counts: what the chosen query reads, what the whole text costs, and what the window saves.

/** @import { Pattern } from "../../web/core/types.d.ts" */

import { formulaText, limitText, pairsOf } from "../../cost.js";
import { keysRead } from "../../patterns/ranges.js";
import { patternName } from "../../patterns/schedule.js";
import { card, h } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { thousands } from "../../wording/numbers.js";

/**
 * What is counted: a pattern, full attention beside it, and one query.
 * @typedef {{pattern: Pattern, full: Pattern, query: number, seqLen: number}} Counted
 */

/** A number, and the words below it. */
function figure() {
  const number = h("strong");
  const words = h("span");
  return {
    element: h("li", {}, number, words),
    /**
     * @param {string} big
     * @param {string} small
     */
    set: (big, small) => {
      number.textContent = big;
      words.textContent = small;
    },
  };
}

/**
 * Between equal and far: a sentence as short as the ratio is simple.
 * @param {number} some - Pairs.
 * @param {number} all
 * @returns {[big: string, small: string]}
 */
function savingText(some, all) {
  if (some === all) return ["none", "the pattern covers the whole text: same as full attention"];
  return [
    `${(all / some).toFixed(all / some < 10 ? 2 : 1)}×`,
    `fewer pairs than full attention, which scores ${thousands(all)}`,
  ];
}

/**
 * @param {Pattern} rule
 * @param {number} query
 * @param {number} seqLen
 */
const tableRow = (rule, query, seqLen) => [
  patternName(rule),
  seqLen,
  pairsOf(rule, seqLen),
  query + 1,
  keysRead(rule, query, seqLen),
];

/**
 * Make the card.
 * @returns {{element: HTMLElement, update: (shown: Counted) => void}}
 */
export function render() {
  const [keys, pairs, saving] = [figure(), figure(), figure()];
  const formula = h("p", { class: "formula" });
  const limit = h("p", { class: "lead" });
  const view = card(
    "What it costs",
    "One score pair is one query looking at one key: one cell of the matrix.",
    h("ul", { class: "figures" }, keys.element, pairs.element, saving.element),
    formula,
    limit,
    h(
      "p",
      { class: "lead" },
      "A mask alone saves nothing: a kernel that computes the whole square and then hides most of it does all the " +
        "work. Only a kernel that skips what the window hides is faster.",
    ),
  );

  let shown = /** @type {(string | number)[][]} */ ([]);
  /** @param {Counted} counted */
  function update({ pattern, full, query, seqLen }) {
    shown = [full, pattern].map((rule) => tableRow(rule, query, seqLen));
    const [read, readFull] = [pattern, full].map((rule) => keysRead(rule, query, seqLen));
    const [some, all] = [pattern, full].map((rule) => pairsOf(rule, seqLen));
    keys.set(
      thousands(read),
      `${read === 1 ? "key" : "keys"} read by token ${query + 1}, of ${thousands(readFull)} in full attention`,
    );
    pairs.set(thousands(some), `score pairs for all ${thousands(seqLen)} tokens`);
    saving.set(...savingText(some, all));
    formula.textContent = `${formulaText(pattern, seqLen)} = ${thousands(some)}`;
    const tends = limitText(pattern);
    limit.textContent = tends ? `For texts much longer than the window the saving tends to ${tends}.` : "";
  }
  view.element.dataset.view = "counts";
  const columns = ["attention", "tokens", "score_pairs", "query", "keys_read"];
  offer(view.element, { table: () => ({ columns, rows: shown }) });
  return { element: view.element, update };
}
