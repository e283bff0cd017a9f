// The map of layers and heads: what a window in one of them costs, and how several layers are chosen.

/** @import { ChartData } from "../../web/views/chart.js" */
/** @import { HeatData } from "../../web/views/heat.js" */
/** @import { LimitsLab } from "./controls.js" */
/** @import { MapModel } from "./map_words.js" */

import { mean } from "../../experiments/runs_together.js";
import { card, h } from "../../web/core/dom.js";
import * as chart from "../../web/views/chart.js";
import * as heat from "../../web/views/heat.js";
import { straightAxis } from "../../web/views/axis.js";
import { line } from "../../web/views/plain_line.js";
import { LARGE, choiceSentence, doAgree, lead, mapSentence, mapsOf, signedBits } from "./map_words.js";

/** Both choices, judged in two places. @type {["greedy" | "ranking", 0 | 1, string, string][]} */
const LINES = [
  ["ranking", 1, "second", "by the map, other passages"],
  ["greedy", 1, "sinks", "greedy, other passages"],
  ["ranking", 0, "mask", "by the map, passages of the choice"],
  ["greedy", 0, "window", "greedy, passages of the choice"],
];

/** The scale ends at a multiple of this, in bits. */
const ROUND = 0.01;

/**
 * The changes of each layer: as a whole, and head by head.
 * @param {MapModel} model
 */
const cellsOf = ({ layers, heads }) => layers.map((whole, layer) => [whole, ...heads[layer]]);

/**
 * @param {MapModel} model
 * @param {number} most - The number at both ends of the scale.
 * @returns {HeatData}
 */
function tableOf(model, most) {
  const cells = cellsOf(model);
  const columns = ["all", ...model.heads[0].map((_, head) => `${head + 1}`)];
  const ticks = [-most, 0, most];
  return {
    corner: "layer",
    across: "query head",
    rows: cells.map((_, layer) => `${layer + 1}`),
    columns,
    values: cells.map((row) => row.map(mean)),
    unit: "more bits a token",
    range: [-most, most],
    ticks: ticks.map((bits) => [bits, bits ? `${bits < 0 ? "−" : "+"}${Math.abs(bits).toFixed(2)}` : "0"]),
    write: () => "",
    say: (row, column) => cellWords(cells[row][column], row, column),
    outlined: (row, column) => doAgree(cells[row][column]),
    outline: "all passages agree whether it costs or gains",
  };
}

/**
 * @param {readonly number[]} passages
 * @param {number} layer - From 0.
 * @param {number} column - 0 is the whole layer.
 */
function cellWords(passages, layer, column) {
  const place = `Layer ${layer + 1}, ${column ? `head ${column}` : "all heads"}`;
  const [low, high] = [Math.min(...passages), Math.max(...passages)];
  return (
    `${place}: ${signedBits(mean(passages))} bits a token on average, ${signedBits(low)} to ${signedBits(high)} in ` +
    `the ${passages.length} passages.`
  );
}

/**
 * @param {string} name
 * @param {MapModel} model
 * @param {number} most
 */
function mapCard(name, model, most) {
  const said = mapSentence(model);
  const frame = card(name, said);
  const view = heat.render(frame.element.appendChild(h("div")), `map-${name}`);
  return { element: frame.element, update: () => view.update(tableOf(model, most), `${name}. ${said}`) };
}

/**
 * @param {MapModel} model
 * @returns {ChartData}
 */
function choiceChart({ chosen }) {
  const kept = chosen.greedy.bits.map((_, n) => n);
  const lines = LINES.map(([which, where, role, label]) =>
    line(
      role,
      label,
      kept,
      chosen[which].bits.map((both) => both[where]),
    ),
  );
  return {
    x: {
      title: "layers that stay full",
      ends: [0, kept.length - 1],
      marks: kept.map((n) => [n, `${n}`]),
      straight: true,
    },
    y: straightAxis(
      "bits a token (lower is better)",
      lines.flatMap(({ y }) => y),
    ),
    unit: "bits a token",
    lines,
  };
}

/** @param {MapModel} model */
function choiceCard(model) {
  const said = choiceSentence(model);
  const frame = card("Which layers to keep full", said);
  const view = chart.render(frame.element.appendChild(h("div")), "kept-layers", { embedded: true });
  view.update(choiceChart(model), said);
  return frame.element;
}

/**
 * Make the cards.
 * @param {LimitsLab} lab
 * @returns {{element: HTMLElement, update: () => void}} `update` takes the colours of the page anew.
 */
export function render(lab) {
  const maps = mapsOf(lab);
  const every = Object.values(maps).flatMap((model) => cellsOf(model).flat().map(mean));
  const most = ROUND * Math.ceil(Math.max(...every.map(Math.abs)) / ROUND);
  const cards = Object.entries(maps).map(([name, model]) => ({ name, ...mapCard(name, model, most) }));
  const large = cards.filter(({ name }) => name === LARGE).map(({ element }) => element);
  const others = cards.filter(({ name }) => name !== LARGE).map(({ element }) => element);
  const right = h("div", { class: "column" }, choiceCard(maps[LARGE]), others);
  const heads = [h("h2", {}, "The map of layers and heads"), h("p", { class: "lead" }, lead(maps))];
  return {
    element: h("section", {}, heads, h("div", { class: "pair" }, large, right)),
    update: () => cards.forEach(({ update }) => update()),
  };
}
