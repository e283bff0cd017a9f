// Three things that are often said of windows, each answered by a measurement of this page.

/** @import { LimitsLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { pairsOf } from "../../cost.js";
import { capitalised, runAfterWith } from "../../patterns/schedule.js";
import { card, h } from "../../web/core/dom.js";
import { FULL } from "../../web/runs.js";
import { counted } from "../../wording/numbers.js";
import { statedBits, storedOf } from "./stored_card.js";
import { meanBits } from "./words.js";

/**
 * @param {Shown} shown
 */
function forgetsText({ schedule, first }) {
  if (!first) return "…";
  const size = Math.max(0, ...schedule.map(({ window_size: own }) => own ?? 0));
  const far = size ? first.moved.filter((bits, at) => at >= size && bits >= 0.01).length : 0;
  return (
    `No: layers hand on what they read. With ${runAfterWith(schedule)} another first token still moves predictions ` +
    `up to ${first.last} tokens later. ${capitalised(counted(far, "prediction"))} outside the window of the first ` +
    "token moved by at least 0.01 bits."
  );
}

/**
 * @param {Shown} shown
 */
function freeText({ schedule, full, windowed }) {
  if (!windowed) return "…";
  const seqLen = full.tokens.length;
  const some = schedule.reduce((sum, pattern) => sum + pairsOf(pattern, seqLen), 0);
  const fewer = (schedule.length * pairsOf(FULL, seqLen)) / some;
  const [before, after] = [full, windowed].map(({ bits }) => meanBits(bits));
  return (
    `No: it is a trade. With ${runAfterWith(schedule)} your text needs ${fewer.toFixed(1)} times fewer score pairs, ` +
    `and a token costs ${after.toFixed(1)} bits instead of ${before.toFixed(1)}.`
  );
}

/** @param {LimitsLab} lab */
function betterText(lab) {
  const stored = storedOf(lab);
  const [large, small] = ["smollm2-135m", "tiny-swa"];
  return (
    `No: it depends on the training. With W = 32 in every layer ${large}, trained in full attention, needs ` +
    `${statedBits(stored, large, "plain")} bits per byte instead of ${stored.models[large].full.toFixed(2)}. ` +
    `${small}, trained in windows of 32, needs ${statedBits(stored, small, "plain")}, and ` +
    `${stored.models[small].full.toFixed(2)} in full attention.`
  );
}

/**
 * Make the card.
 * @param {LimitsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const [forgets, free] = [h("dd"), h("dd")];
  const list = h(
    "dl",
    { class: "said" },
    h("dt", {}, "“It forgets everything beyond W.”"),
    forgets,
    h("dt", {}, "“Linear work means that it is free.”"),
    free,
    h("dt", {}, "“A window is always better than full attention.”"),
    h("dd", {}, betterText(lab)),
  );
  const frame = card("Three things that are often said", "Each is answered by a number from this page.", list);
  frame.element.dataset.view = "misconceptions";
  /** @param {Shown} shown */
  function update(shown) {
    forgets.textContent = forgetsText(shown);
    free.textContent = freeText(shown);
  }
  return { element: frame.element, update };
}
