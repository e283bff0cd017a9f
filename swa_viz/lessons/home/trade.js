// The trade: what a window saves, what is lost, and what layers bring back, for this text.

/** @import { ModelFacts, Pattern } from "../../web/core/types.d.ts" */

import { pairsOf } from "../../cost.js";
import { keysRead } from "../../patterns/ranges.js";
import { exactReach } from "../../reach.js";
import { card, h } from "../../web/core/dom.js";
import { thousands } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";

const FULL = { kind: "causal" };
const LONGEST_QUOTE = 3;

/**
 * @param {Pattern} pattern
 * @param {number} seqLen
 */
function savedText(pattern, seqLen) {
  const [all, some] = [FULL, pattern].map((rule) => pairsOf(rule, seqLen));
  if (some === all) return "Nothing yet, because the window covers the whole text.";
  return (
    `The window needs ${(all / some).toFixed(1)} times fewer scores here, and a longer text saves more: ` +
    "the work grows with its length times W, no longer with the square of its length."
  );
}

/**
 * @param {Pattern} pattern
 * @param {readonly string[]} words
 * @param {number} query
 */
function lostText(pattern, words, query) {
  const who = `“${readable(words[query])}”`;
  const hidden = query + 1 - keysRead(pattern, query, words.length);
  if (!hidden) return `Nothing for ${who}, which sees every token before it.`;
  const quoted = words
    .slice(0, Math.min(hidden, LONGEST_QUOTE))
    .map((piece) => `“${readable(piece)}”`)
    .join(", ");
  const more = hidden > LONGEST_QUOTE ? ` and ${hidden - LONGEST_QUOTE} more` : "";
  return `In one layer ${who} cannot see ${quoted}${more}.`;
}

/**
 * @param {Pattern} pattern
 * @param {ModelFacts} model
 */
function backText({ window_size: size }, { n_layers: layers, name }) {
  return (
    `Deeper layers read tokens that have read others: the ${layers} layers of ${name} reach at most ` +
    `${layers} · (${size} − 1) + 1 = ${thousands(exactReach(size, layers))} tokens, ` +
    "but only faintly (see Layers)."
  );
}

/**
 * Make the card.
 * @param {() => ModelFacts} model
 * @returns {{element: HTMLElement, update: (pattern: Pattern, words: readonly string[], query: number) => void}}
 */
export function render(model) {
  const [saved, lost, back] = [h("dd"), h("dd"), h("dd")];
  const list = h(
    "dl",
    { class: "trade" },
    h("dt", {}, "Saved"),
    saved,
    h("dt", {}, "Lost"),
    lost,
    h("dt", {}, "Regained"),
    back,
  );
  const view = card("The trade", "What a window gives and takes, for this text", list);
  /**
   * @param {Pattern} pattern - A sliding window.
   * @param {readonly string[]} words
   * @param {number} query
   */
  function update(pattern, words, query) {
    saved.textContent = savedText(pattern, words.length);
    lost.textContent = lostText(pattern, words, query);
    back.textContent = backText(pattern, model());
  }
  view.element.dataset.view = "trade";
  return { element: view.element, update };
}
