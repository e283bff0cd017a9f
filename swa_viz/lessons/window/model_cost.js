// What a window saves in a real model: score pairs, and the keys and values that must be kept.

/** @import { ChoiceKnob } from "../../web/core/types.d.ts" */
/** @import { WindowLab } from "./chosen.js" */
/** @import { Costs, Model } from "./model_counts.js" */

import { pairsOf } from "../../cost.js";
import { chooser } from "../../web/core/controls.js";
import { card, h, outsideLink } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { sizeKnob } from "../../web/size_knob.js";
import { amount, binarySize, counted, thousands } from "../../wording/numbers.js";
import { costsOf, FULL } from "./model_counts.js";

/** @typedef {{cost_model: string, cost_tokens: number, cost_window: number}} Asked */

const LEAD =
  "Counted with the same formulas: the pairs in all layers and heads, and the keys and values, in bfloat16, that " +
  "must be kept in memory.";
const MEASURES = {
  pairs: { words: "score pairs of the text", say: amount },
  bytes: { words: "keys and values kept", say: binarySize },
};

/**
 * Make the card.
 * @param {WindowLab} lab
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function render(lab) {
  const models = /** @type {Record<string, Model>} */ (lab.data.extra.models);
  const asked = () => /** @type {typeof lab.values & Asked} */ (lab.values);
  const choice = chooser(/** @type {ChoiceKnob} */ (lab.data.knobs.cost_model), asked().cost_model, {
    onChange: (name) => lab.commit({ cost_model: name, cost_window: models[name].window }),
  });
  const tokens = sizeKnob(lab, "cost_tokens", (size) => counted(size, "token"));
  const window = sizeKnob(lab, "cost_window", (size) => counted(size, "key"));
  const body = h("tbody");
  const windowed = h("th", { scope: "col" });
  const heads = [h("td"), windowed, h("th", { scope: "col" }, "all full"), h("th", { scope: "col" }, "saved")];
  const table = h("table", { class: "costs" }, h("thead", {}, h("tr", {}, heads)), body);
  const told = h("p", { class: "lead", role: "status" });
  const controls = h("div", { class: "row" }, choice.element, tokens.element, window.element);
  const view = card("What it saves in a real model", LEAD, controls, table, told);

  let shown = /** @type {Costs | null} */ (null);
  let drawn = "";
  function update() {
    const { cost_model: name, cost_tokens: seqLen, cost_window: size } = asked();
    if (drawn === `${name} ${seqLen} ${size}`) return;
    drawn = `${name} ${seqLen} ${size}`;
    const model = models[name];
    shown = costsOf(model, seqLen, size);
    choice.set(name);
    tokens.set(seqLen);
    window.set(size);
    windowed.textContent = `W = ${thousands(size)}`;
    body.replaceChildren(...rowsOf(shown));
    told.replaceChildren(...toldOf(model, seqLen, size));
  }
  const columns = ["what", "windowed", "full"];
  const rows = () => Object.entries(shown ?? {}).map(([what, { windowed: some, full }]) => [what, some, full]);
  offer(view.element, { table: () => ({ columns, rows: rows() }) });
  view.element.dataset.view = "cost";
  return { element: view.element, update };
}

/** @param {Costs} costs */
function rowsOf(costs) {
  return Object.entries(MEASURES).map(([name, { words, say }]) => {
    const { windowed, full } = costs[/** @type {keyof typeof MEASURES} */ (name)];
    const saved = windowed === full ? "nothing" : `${(full / windowed).toFixed(2)}×`;
    const cells = [say(windowed), say(full), saved].map((number) => h("td", {}, number));
    return h("tr", {}, h("th", { scope: "row" }, words), cells);
  });
}

/**
 * What stands behind the numbers.
 * @param {Model} model
 * @param {number} seqLen
 * @param {number} size
 */
function toldOf({ label, n_sliding: sliding, n_full: full, source, url }, seqLen, size) {
  const [some, all] = [pairsOf({ kind: "sliding", window_size: size }, seqLen), pairsOf(FULL, seqLen)];
  const fewer = some === all ? "as many" : `${(all / some).toFixed(2)}× fewer`;
  const layers = full ? `${sliding} of ${sliding + full} layers slide` : `All ${sliding} layers slide`;
  return [
    `${layers}. In each of them a head scores ${amount(some)} pairs instead of ${amount(all)}: ${fewer}. The memory ` +
      `is a lower bound, because some engines reserve it in full. ${label}: `,
    outsideLink(url, source),
    ".",
  ];
}
