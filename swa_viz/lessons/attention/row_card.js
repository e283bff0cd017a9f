// One row, step by step: for the chosen query and head, how scores become weights and an average.

/** @import { Request } from "../../web/core/types.d.ts" */
/** @import { AttentionLab, AttentionValues } from "./controls.js" */
/** @import { Step } from "./row_steps.js" */
/** @import { Shown } from "./shown.js" */

import { visible } from "../../patterns/pattern.js";
import { runAfterWith } from "../../patterns/schedule.js";
import { h } from "../../web/core/dom.js";
import { counted, weightText } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";
import { fewSteps, rowSteps } from "./row_steps.js";

const HEADS = ["key", "score q·k/√d", "mask", "e to the (score − largest)", "weight"];
const NAMED = 3;

/**
 * The request for the scores of the run that the knobs choose.
 * @param {AttentionLab} lab
 * @param {AttentionValues} values
 * @returns {Request}
 */
const scoresOf = (lab, values) => lab.requests({ ...values, stage: "scores" })[1];

/**
 * Make the card.  It asks for scores only while it is open, and on a page that can compute them.
 * @param {AttentionLab} lab
 * @returns {{element: HTMLElement, needs: (values: AttentionValues) => Request[], update: (shown: Shown) => void}}
 */
export function render(lab) {
  const box = h("div");
  const element = h(
    "details",
    { class: "card row-card", "data-view": "row", ontoggle: () => lab.repaint() },
    h("summary", {}, h("h2", {}, "One row, step by step")),
    box,
  );
  element.hidden = Boolean(lab.data.offered);
  /** @param {AttentionValues} values */
  const needs = (values) => (element.open && values.head > 0 ? [scoresOf(lab, values)] : []);
  /** @param {Shown} shown */
  function update(shown) {
    if (element.open) box.replaceChildren(...contentOf(lab, shown));
  }
  return { element, needs, update };
}

/**
 * @param {AttentionLab} lab
 * @param {Shown} shown
 */
function contentOf(lab, { values, schedule, full, query }) {
  const { layer, head } = values;
  if (head === 0)
    return [h("p", {}, "Choose one head first: the mean of all heads has weights, but no scores of its own.")];
  const run = lab.engine.peek(scoresOf(lab, values));
  if (!run || !("value" in run)) return [h("p", { class: "lead" }, lab.waiting())];
  const scores = Array.from({ length: query + 1 }, (_, key) => run.value(layer, head, query, key));
  const { steps, sum } = rowSteps(scores, (key) => visible(schedule[layer - 1], query, key));
  const name = `“${readable(full.tokens[query])}” (token ${query + 1})`;
  return [
    h(
      "p",
      { class: "lead" },
      `How ${name} reads its keys in layer ${layer}, head ${head}, with ${runAfterWith(schedule)}. The query is ` +
        "compared with each key: that is the score. The mask hides keys. The exponentials of the scores that " +
        "remain are divided by their sum, and so become weights.",
    ),
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "The steps" },
      table(steps, sum, full.tokens),
    ),
    h("p", {}, averageOf(steps, full.tokens)),
  ];
}

/**
 * @param {Step[]} steps
 * @param {number} sum - Of the exponentials.
 * @param {readonly string[]} tokens
 */
function table(steps, sum, tokens) {
  const few = fewSteps(steps);
  const rows = few.map((step) => rowOf(step, tokens[step.key]));
  const left = steps.length - few.length;
  const note = left ? `All keys, ${counted(left, "more key")} included` : "All keys";
  return h(
    "table",
    { class: "steps" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        HEADS.map((head) => h("th", { scope: "col" }, head)),
      ),
    ),
    h("tbody", {}, rows),
    h("tfoot", {}, h("tr", {}, h("th", { scope: "row", colspan: 3 }, note), cell(sum.toFixed(3)), cell("1.00"))),
  );
}

/** @param {string} text */
const cell = (text) => h("td", {}, text);

/**
 * @param {Step} step
 * @param {string} piece
 */
function rowOf({ key, score, isRead, exponential, weight }, piece) {
  return h(
    "tr",
    { class: isRead ? "key" : "outside", "data-key": key },
    h("th", { scope: "row" }, h("bdi", {}, readable(piece)), ` ${key + 1}`),
    cell(score.toFixed(2)),
    cell(isRead ? "read" : "hidden: −∞"),
    cell(exponential.toFixed(3)),
    cell(isRead ? weightText(weight) : "0"),
  );
}

/**
 * The last step in words: the values themselves are long vectors, and the page does not hold them.
 * @param {Step[]} steps
 * @param {readonly string[]} tokens
 */
function averageOf(steps, tokens) {
  const heavy = [...steps].filter(({ isRead }) => isRead).sort((one, other) => other.weight - one.weight);
  const terms = heavy
    .slice(0, NAMED)
    .map(({ key, weight }) => `${weightText(weight)} × value of “${readable(tokens[key])}”`);
  const rest = heavy.length > NAMED ? " + smaller parts" : "";
  return (
    `The last step is the average: output = ${terms.join(" + ")}${rest}. Each value is a vector of numbers, ` +
    "one for each dimension of the head; the page shows only with which weight it enters."
  );
}
