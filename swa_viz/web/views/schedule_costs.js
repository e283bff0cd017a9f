// What a schedule costs and how far it reaches: a sentence, and behind it a table with every layer.

/** @import { Pattern, Schedule } from "../core/types.d.ts" */

import { kvCacheBytes, pairsOf } from "../../cost.js";
import { isFull } from "../../patterns/pattern.js";
import { patternName } from "../../patterns/schedule.js";
import { formulaOf, reachFacts } from "../../reach.js";
import { binarySize, counted, thousands } from "../../wording/numbers.js";
import { h } from "../core/dom.js";
import { offer } from "../core/offer.js";

/**
 * The sizes on which the cache depends; without a size of its numbers it is that of bfloat16.
 * @typedef {{n_kv_heads: number, head_dim: number, bytes_per_number?: number}} CostedModel
 *
 * What some layers cost on a text: score pairs in each head, and the bytes of their keys and values.
 * @typedef {{pairs: number, bytes: number}} Costs
 */

/** @type {Pattern} */
const FULL = { kind: "causal" };
const BFLOAT16 = 2;
// In longer texts the tokens within reach are not counted one by one.
const MOST_COUNTED = 512;
const HEADS = ["layer", "reads", "score pairs", "keys and values", "reach up to here"];

/** @typedef {ReturnType<typeof open>} View */

/**
 * Make the sentence and the table.
 * @param {CostedModel} model
 * @returns {{element: HTMLElement, update: (schedule: Schedule, seqLen: number) => void}}
 */
export function render(model) {
  const view = open(model);
  return { element: view.element, update: (schedule, seqLen) => update(view, schedule, seqLen) };
}

/** @param {CostedModel} model */
const bytesOf = ({ bytes_per_number: bytes = BFLOAT16 }) => bytes;

/** @param {CostedModel} model */
function open(model) {
  const said = h("summary");
  const body = h("tbody");
  const heads = HEADS.map((words) => h("th", { scope: "col" }, words));
  const table = h("table", {}, h("thead", {}, h("tr", {}, heads)), body);
  const note = h(
    "p",
    {},
    `Score pairs are those of one head. Keys and values have ${bytesOf(model)} bytes per number.`,
  );
  const room = h(
    "div",
    {
      class: "table-room",
      tabindex: 0,
      role: "region",
      "aria-label": "What each layer costs",
      "data-view": "schedule",
    },
    table,
  );
  const element = h("details", { class: "schedule-costs", hidden: true }, said, h("div", {}, room), note);
  const view = { model, element, said, body, schedule: /** @type {Schedule} */ ([]), seqLen: 0 };
  element.addEventListener("toggle", () => fill(view));
  offer(room, {
    table: () => ({
      columns: ["layer", "reads", "score_pairs", "kv_bytes", "reach"],
      rows: view.schedule.map((pattern, i) => {
        const { pairs, bytes } = costsOf(view, [pattern]);
        return [i + 1, patternName(pattern), pairs, bytes, reachText(view, i + 1)];
      }),
    }),
  });
  return view;
}

/**
 * What some layers cost on this text.
 * @param {Pick<View, "model" | "seqLen">} view
 * @param {Schedule} layers
 * @returns {Costs}
 */
function costsOf({ model, seqLen }, layers) {
  return {
    pairs: layers.reduce((sum, pattern) => sum + pairsOf(pattern, seqLen), 0),
    bytes: kvCacheBytes(layers, seqLen, model.n_kv_heads, model.head_dim, bytesOf(model)),
  };
}

/**
 * How far the last token can hear through the lowest layers.
 * @param {View} view
 * @param {number} nLayers
 */
function reachText({ schedule, seqLen }, nLayers) {
  const layers = schedule.slice(0, nLayers);
  if (layers.some(isFull)) return "everything";
  const formula = formulaOf(layers);
  if (formula !== null) return counted(formula, "token");
  if (seqLen > MOST_COUNTED) return "not counted";
  return `${reachFacts(layers, seqLen - 1, seqLen).heard} of this text`;
}

/**
 * The same in a sentence, for all layers.
 * @param {View} view
 */
function reachSentence(view) {
  const { schedule, seqLen } = view;
  const whole = schedule.findIndex(isFull) + 1;
  if (whole) return `Layer ${whole} reads everything, so the reach is the whole text.`;
  const formula = formulaOf(schedule);
  if (formula !== null) return `The reach is ${counted(formula, "token")}.`;
  if (seqLen > MOST_COUNTED) return "";
  return `The last token can hear ${reachFacts(schedule, seqLen - 1, seqLen).heard} of them.`;
}

/**
 * @param {View} view
 * @param {Schedule} schedule
 * @param {number} seqLen
 */
function update(view, schedule, seqLen) {
  Object.assign(view, { schedule, seqLen });
  view.element.hidden = !seqLen;
  if (!seqLen) return;
  const [some, all] = [schedule, schedule.map(() => FULL)].map((layers) => costsOf(view, layers));
  const layers = schedule.length === 1 ? "this layer scores" : `these ${schedule.length} layers score`;
  const keep = schedule.length === 1 ? "keeps" : "keep";
  view.said.textContent =
    some.pairs === all.pairs && some.bytes === all.bytes
      ? `For ${counted(seqLen, "token")} ${layers} ${thousands(all.pairs)} pairs and ${keep} ` +
        `${binarySize(all.bytes)} of keys and values, as full attention does. ${reachSentence(view)}`
      : `For ${counted(seqLen, "token")} ${layers} ${thousands(some.pairs)} pairs (full attention: ` +
        `${thousands(all.pairs)}) and ${keep} ${binarySize(some.bytes)} of keys and values ` +
        `(${binarySize(all.bytes)}). ${reachSentence(view)}`;
  fill(view);
}

/**
 * The rows of the table, while somebody sees them.
 * @param {View} view
 */
function fill(view) {
  const { element, body, schedule, seqLen } = view;
  if (!(/** @type {HTMLDetailsElement} */ (element).open) || !seqLen) return;
  const rows = schedule.map((pattern, i) =>
    row(i + 1, patternName(pattern), costsOf(view, [pattern]), reachText(view, i + 1)),
  );
  const all = row("all", "", costsOf(view, schedule), reachText(view, schedule.length));
  const full = row(
    "all",
    "full attention",
    costsOf(
      view,
      schedule.map(() => FULL),
    ),
    "everything",
  );
  body.replaceChildren(...rows, all, full);
}

/**
 * @param {number | string} layer
 * @param {string} reads
 * @param {Costs} costs
 * @param {string} reach
 */
function row(layer, reads, { pairs, bytes }, reach) {
  const cells = [reads, thousands(pairs), binarySize(bytes), reach].map((words) => h("td", {}, words));
  return h("tr", {}, h("th", { scope: "row" }, layer), cells);
}
