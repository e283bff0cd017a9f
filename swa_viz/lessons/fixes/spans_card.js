// The card with the spans that heads learned: how they grow while the model is trained, step by step.

/** @import { HeatData } from "../../web/views/heat.js" */
/** @import { ChartData } from "../../web/views/chart.js" */
/** @import { Fix, FixesLab, Shown, Spans } from "./shown.js" */

import { mean } from "../../experiments/runs_together.js";
import { card, h } from "../../web/core/dom.js";
import { knobPlay } from "../../web/knob_play.js";
import { numberKnob } from "../../web/number_knob.js";
import { straightAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import * as heat from "../../web/views/heat.js";
import { spreadLine } from "../../web/views/spread_line.js";
import { storedOf } from "./shown.js";

const STEP_MS = 300;

/** @typedef {Fix & {spans: Spans}} Learned */

/** @param {readonly (readonly number[])[]} layers */
const longest = (layers) => Math.max(...layers.flat());

/**
 * The longest span of any head and the mean of all, by step: the mean of the seeds and their ends.
 * @param {Learned} fix
 * @param {number} step
 * @returns {ChartData}
 */
function growthOf({ spans: { steps, seeds } }, step) {
  /** @type {[string, string, (layers: readonly (readonly number[])[]) => number][]} */
  const kinds = [
    ["window", "longest of all heads", longest],
    ["full", "mean of all heads", (layers) => mean(layers.flat())],
  ];
  const lines = kinds.map(([role, label, of]) => {
    const all = steps.map((_, at) => seeds.map((seed) => of(seed[at])));
    return spreadLine(role, label, steps, all);
  });
  return {
    x: {
      title: "training step",
      ends: [steps[0], steps[steps.length - 1]],
      marks: steps.filter((each) => each % 100 === 0).map((each) => [each, `${each}`]),
      straight: true,
    },
    y: straightAxis("span in words", [0, Math.max(...lines.flatMap(({ high }) => high))]),
    unit: "words",
    lines,
    edges: [{ at: step, words: "" }],
  };
}

/**
 * The spans of every head at a step, in the first seed.
 * @param {Learned} fix
 * @param {number} at
 * @returns {HeatData}
 */
function headsAt({ spans: { steps, seeds } }, at) {
  const [first] = seeds;
  const values = first[at];
  const high = Math.max(...first.map(longest));
  return {
    corner: "layer",
    across: "head",
    rows: values.map((_, layer) => `${layer + 1}`),
    columns: values[0].map((_, head) => `${head + 1}`),
    values,
    unit: "words",
    range: [0, high],
    ticks: [0, high / 2, high].map((each) => [each, each.toFixed(0)]),
    write: (value) => value.toFixed(1),
    say: (layer, head) =>
      `Layer ${layer + 1}, head ${head + 1}: ${values[layer][head].toFixed(1)} words after step ${steps[at]}.`,
    outlined: () => false,
    outline: "",
  };
}

/**
 * @param {Learned} fix
 * @param {number} at
 * @param {boolean} isMean
 */
function sentence({ spans: { steps, seeds } }, at, isMean) {
  const [first] = seeds;
  const layers = first[at];
  const most = longest(layers);
  const layer = layers.findIndex((heads) => heads.includes(most));
  const short = layers.flat().filter((span) => span < 4).length;
  const what = isMean ? "mean span of its tokens" : "span";
  return (
    `After ${steps[at]} steps of the first seed the longest ${what} is ${most.toFixed(1)} words, in layer ` +
    `${layer + 1}. ${short} of ${layers.flat().length} heads look less than 4 words back.`
  );
}

/**
 * Make the card; there is none where no way has learned a span.
 * @param {FixesLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const learned = Object.entries(storedOf(lab).fixes).filter(([, fix]) => fix.spans);
  const element = h("section", { hidden: !learned.length });
  const said = h("p", { class: "lead" });
  if (!learned.length) return { element, update: () => {} };
  const { steps } = /** @type {Learned} */ (learned[0][1]).spans;
  const step = numberKnob(lab, "step");
  const play = knobPlay(lab, { knob: "step", values: steps, label: "Play the training", stepMs: STEP_MS });
  const cards = learned.map(([name, fix]) => {
    const frame = card(fix.label, "");
    const growth = chart.render(frame.element.appendChild(h("div")), `growth-${name}`, { embedded: true });
    const each = card(`${fix.label}, head by head`, "The span of every head of the first seed, in words.");
    const heads = heat.render(each.element.appendChild(h("div")), `spans-${name}`);
    return { name, frame, each, growth, heads, fix: /** @type {Learned} */ (fix) };
  });
  const head = [h("h2", {}, "How far do they learn to look?"), said];
  const row = h("div", { class: "row" }, step.element, play);
  element.append(
    ...head,
    row,
    h("div", { class: "pair" }, ...cards.flatMap(({ frame, each }) => [frame.element, each.element])),
  );
  said.textContent =
    "All heads begin with short spans, and every word of span has a price. Where a longer span lowers the loss by " +
    "more than it costs, it grows. Drag the step or play it. The chart shows all seeds, the table every head.";
  /** @param {Shown} shown */
  function update({ values }) {
    step.set(values.step);
    const at = Math.max(
      steps.findLastIndex((each) => each <= values.step),
      0,
    );
    for (const { name, frame, growth, heads, fix } of cards) {
      const words = sentence(fix, at, name === "content");
      frame.sentence.textContent = words;
      growth.update(growthOf(fix, steps[at]), words);
      heads.update(headsAt(fix, at), words);
    }
  }
  return { element, update };
}
