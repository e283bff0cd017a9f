// One row, step by step: for the chosen query and head, how scores become weights and an average.

/** @import { ModelFacts, Request } from "../../web/core/types.d.ts" */
/** @import { AttentionLab, AttentionValues } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { visible } from "../../patterns/pattern.js";
import { runAfterWith } from "../../patterns/schedule.js";
import { h } from "../../web/core/dom.js";
import { signed } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";
import { rowSteps, total } from "./row_steps.js";
import { exact, table } from "./row_table.js";

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
  const { has_sink_logits: hasOwn, head_dim: headDim } = /** @type {ModelFacts} */ (lab.data.model);
  const { sink_logit: sinkLogit } = scoresOf(lab, values);
  if (hasOwn && sinkLogit === null)
    return [h("p", {}, "This model has learned a sink logit for each head: choose one above to see its steps.")];
  const run = lab.engine.peek(scoresOf(lab, values));
  if (!run || !("value" in run)) return [h("p", { class: "lead" }, lab.waiting())];
  const scores = Array.from({ length: query + 1 }, (_, key) => run.value(layer, head, query, key));
  const isRead = (/** @type {number} */ key) => visible(schedule[layer - 1], query, key);
  const steps = rowSteps(scores, isRead, (key) => run.valueStart(layer, head, key), sinkLogit);
  const name = `“${readable(full.tokens[query])}” (token ${query + 1})`;
  return [
    h(
      "p",
      { class: "lead" },
      `How ${name} reads its keys in layer ${layer}, head ${head}, with ${runAfterWith(schedule)}. The query is ` +
        "compared with each key: that is the score. The mask hides keys. The exponentials of the scores that " +
        "remain are divided by their sum, and so become weights. Each key also has a value, a list of " +
        `${headDim} numbers: it is multiplied by the key's weight, and the products are added up.`,
    ),
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "The steps" },
      table(steps, full.tokens, headDim),
    ),
    h("p", {}, outputOf(name, total(steps).product, headDim)),
    ...(sinkLogit === null ? [] : [h("p", {}, nobodyOf(sinkLogit, total(steps).weight))]),
  ];
}

/**
 * @param {number} sinkLogit
 * @param {number} weight - Of all keys together.
 */
const nobodyOf = (sinkLogit, weight) =>
  `The sink logit ${signed(sinkLogit)} is one more score: its exponential stands in the sum, and so the weights of ` +
  `the keys sum to ${exact(weight)}. The rest goes to nobody, because a sink has no value.`;

/**
 * The last step in words.
 * @param {string} name - Of the query.
 * @param {readonly number[]} output - Its first numbers.
 * @param {number} headDim
 */
const outputOf = (name, output, headDim) =>
  `The last line is the output of this head for ${name}: ${output.map(exact).join(", ")} and ` +
  `${headDim - output.length} more numbers, computed in the same way. It is the average of the values, in which ` +
  "a key with more weight counts more. All numbers are rounded.";
