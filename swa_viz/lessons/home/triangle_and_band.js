// Two small matrices: what full attention computes, and what a window does.

/** @import { Pattern } from "../../web/core/types.d.ts" */

import { pairsOf } from "../../cost.js";
import { keyRanges } from "../../patterns/ranges.js";
import { patternName } from "../../patterns/schedule.js";
import { card, h, svg } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { thousands } from "../../wording/numbers.js";

const FULL = { kind: "causal" };

/**
 * One matrix as a small picture: each row is one stretch of what its query reads.
 * @param {Pattern} pattern
 * @param {number} seqLen
 * @param {number} query
 */
function miniature(pattern, seqLen, query) {
  /**
   * @param {Pattern} rule
   * @param {number} row
   */
  const stretch = (rule, row) => {
    const [start, stop] = keyRanges(rule, row, seqLen)[0];
    return `M${start} ${row}H${stop}V${row + 1}H${start}Z`;
  };
  /** @param {Pattern} rule */
  const area = (rule) => Array.from({ length: seqLen }, (_, row) => stretch(rule, row)).join("");
  return svg(
    "svg",
    { class: "miniature", viewBox: `-0.1 -0.1 ${seqLen + 0.2} ${seqLen + 0.2}`, "aria-hidden": "true" },
    svg("path", { d: area(FULL), class: "outside" }),
    svg("path", { d: area(pattern), class: "key" }),
    svg("rect", { x: query, y: query, width: 1, height: 1, class: "query" }),
  );
}

/**
 * @param {Pattern} pattern
 * @param {number} seqLen
 * @param {number} query
 * @param {string} name
 */
function figure(pattern, seqLen, query, name) {
  return h(
    "figure",
    {},
    miniature(pattern, seqLen, query),
    h("figcaption", {}, h("strong", {}, thousands(pairsOf(pattern, seqLen))), ` ${name}`),
  );
}

/**
 * Make the card.
 * @returns {{element: HTMLElement, update: (pattern: Pattern, seqLen: number, query: number) => void}}
 */
export function render() {
  let shown = /** @type {(string | number)[][]} */ ([]);
  const pictured = h("div", { class: "miniatures" });
  const view = card("Triangle and band", "Rows are queries, columns keys: one cell is one score to compute", pictured);
  /**
   * @param {Pattern} pattern - A sliding window.
   * @param {number} seqLen
   * @param {number} query
   */
  const update = (pattern, seqLen, query) => {
    shown = [FULL, pattern].map((rule) => [patternName(rule), seqLen, pairsOf(rule, seqLen)]);
    pictured.replaceChildren(
      figure(FULL, seqLen, query, "with full attention"),
      figure(pattern, seqLen, query, `with W = ${pattern.window_size}`),
    );
  };
  view.element.dataset.view = "counts";
  offer(view.element, { table: () => ({ columns: ["attention", "tokens", "score_pairs"], rows: shown }) });
  return { element: view.element, update };
}
