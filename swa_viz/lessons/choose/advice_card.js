// The card with the recommendation: what to take, why, and how sure that is.

/** @import { ChooseLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { capital, nameOf, sentences } from "../../experiments/choice_words.js";
import { card, h } from "../../web/core/dom.js";
import { counted, percent } from "../../wording/numbers.js";
import { ownRun } from "./shown.js";

/** Times within this ratio of each other decide nothing. */
const ALIKE = 1.5;

/** @param {Shown} shown */
function kneeText({ turn, words }) {
  if (!turn) return "The front has no knee here.";
  return `The knee of the front is ${nameOf([turn.schedule, turn.window], words)}.`;
}

/** @param {Shown} shown */
function timeText({ comparison, cost }) {
  const times = comparison.options.map(({ seconds }) => seconds);
  const ratio = Math.max(...times) / Math.min(...times);
  if (cost !== "seconds" || ratio > ALIKE) return "";
  return (
    `The slowest way takes ${ratio.toFixed(2)} times as long as the quickest. A text of ` +
    `${counted(comparison.n_tokens, "token")} is too short for a window to save time (see Speed), so choose by ` +
    "memory or score pairs."
  );
}

/**
 * Where no way to read is better than a guess, that is to be known first.
 * @param {Shown} shown
 * @param {number} guess - Its bits, without preference.
 */
function guessText({ comparison }, guess) {
  if (comparison.quality !== "needle" || comparison.options.some(({ bits }) => bits < guess)) return "";
  return (
    `This model knows no hidden sentence, however it reads: a guess costs ${guess.toFixed(2)} bits, and every way ` +
    "to read more. So its costs say nothing about windows."
  );
}

/** @param {Shown} shown */
function askedText({ model, comparison, choice }) {
  const { n_stretches: asked, n_tokens: tokens, n_texts: texts } = comparison;
  return (
    `So read, the right answer of three gets ${percent(2 ** -choice.taken.bits)} of the probability (geometric ` +
    `mean). ${model} was asked for ${counted(texts, "hidden sentence")} at ${asked / texts} distances, in prompts of ` +
    `${counted(tokens, "token")}.`
  );
}

/** @param {Shown} shown */
function readText({ model, comparison }) {
  const { n_stretches: stretches, n_tokens: tokens, n_texts: texts } = comparison;
  const read = stretches === 1 ? "1 stretch" : `${stretches} stretches`;
  const from = texts > 1 ? ` of ${texts} held-out texts` : "";
  return `Measured on ${model}, on ${read}${from}, ${counted(tokens, "token")} each.`;
}

/**
 * Make the card.
 * @param {ChooseLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const taken = h("p", { class: "advice" });
  const said = h("div", { class: "said", role: "status" });
  const frame = card("Recommended", "", taken, said);
  frame.sentence.remove();
  frame.element.dataset.view = "advice";
  /** @param {Shown} shown */
  function update(shown) {
    const { choice, comparison, cost, quality, tolerance, words } = shown;
    const { options, reference } = comparison;
    taken.textContent = capital(nameOf([choice.taken.schedule, choice.taken.window], words));
    const reasons = sentences(choice, options, reference, cost, tolerance, words, quality);
    const own = ownRun(lab);
    const isPartial = own === comparison && own.done < own.total;
    const lines = [
      isPartial ? `So far, with ${own.done} of ${own.total} ways measured:` : "",
      guessText(shown, /** @type {number} */ (lab.data.extra.guess)),
      ...reasons,
      timeText(shown),
      kneeText(shown),
      comparison.quality === "needle" ? askedText(shown) : readText(shown),
    ];
    said.replaceChildren(...lines.filter(Boolean).map((line) => h("p", {}, line)));
  }
  return { element: frame.element, update };
}
