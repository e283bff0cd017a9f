// The forgotten instruction: who still knows an early sentence at the end, as it was measured and stored.

/** @import { Axis, ChartData, ChartLine } from "../../web/views/chart.js" */
/** @import { ChoiceKnob } from "../../web/core/types.d.ts" */
/** @import { LimitsLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */
/** @import { Case, NeedleModel, Needles, Prompt, Shares } from "./needle_words.js" */

import { spreadLine } from "../../web/views/spread_line.js";
import { chooser } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import * as chart from "../../web/views/chart.js";
import { straightAxis } from "../../web/views/axis.js";
import { line } from "../../web/views/plain_line.js";
import * as liveCard from "./live_needle_card.js";
import { ceilingOf, changeSentence, lead, needlesOf, sentence, sharesAt } from "./needle_words.js";

/**
 * The changes to the windows, of which the chart shows one at a time.
 * @type {Partial<Record<Case, string>>}
 */
const CHANGES = {
  "every sixth full, four sinks": "every sixth layer full, first 4 tokens visible",
  "four sinks": "first 4 tokens visible",
  "prompt only": "windows until the question, then full attention",
  "prompt only, four sinks": "windows until the question, first 4 tokens visible",
  "small window": "much smaller windows, to meet the ceiling",
};

/** The menu is no knob of the lesson: what a link shows does not depend on it. @type {ChoiceKnob} */
const MENU = {
  kind: "choice",
  name: "needle-change",
  label: "A change to the windows",
  default: "every sixth full, four sinks",
  choices: CHANGES,
};

/** Room above the highest share for the words at the marked places. */
const TOP = 1.12;
/** Room before the nearest distance. */
const FIRST = 0.6;
const DIGITS = 2;

/**
 * The mean of the needles at each distance, and how far they lie apart.
 * @param {string} role
 * @param {string} label
 * @param {Shares} shares
 * @param {readonly number[]} distances
 * @returns {ChartLine}
 */
function shareLine(role, label, shares, distances) {
  const all = distances.map((_, at) => sharesAt(shares, at));
  return spreadLine(role, label, distances, all, (low, high) => `${low.toFixed(DIGITS)} to ${high.toFixed(DIGITS)}`);
}

/**
 * @param {Prompt} prompt
 * @param {Case} which
 */
const changeLabel = ({ small_window: small }, which) =>
  which === "small window" ? `windows of ${small}` : (CHANGES[which] ?? "");

/**
 * All lines of a model: the two that are compared, the changes, and chance.
 * @param {NeedleModel} model
 * @param {readonly Case[]} changes
 * @param {number} nAnswers
 */
function linesOf({ prompt, ...model }, changes, nAnswers) {
  const { distances, window } = prompt;
  return [
    shareLine("full", "full attention", model.full, distances),
    shareLine("window", `windows of ${window}`, model.window, distances),
    ...changes.map((which) => shareLine("sinks", changeLabel(prompt, which), model[which], distances)),
    line("chance", "chance", distances, Array(distances.length).fill(1 / nAnswers)),
  ];
}

/**
 * The places that matter: the end of the window, and what the layers can reach at most.
 * @param {NeedleModel} model
 * @param {Case} change
 * @returns {NonNullable<ChartData["edges"]>}
 */
function edgesOf({ prompt, n_layers: layers }, change) {
  const window = change === "small window" ? prompt.small_window : prompt.window;
  return [
    { at: window, words: `W = ${window}` },
    { at: ceilingOf(window, layers), words: "ceiling" },
  ].filter(({ at }) => at <= prompt.n_tokens);
}

/**
 * @param {NeedleModel} model
 * @param {Case} change
 * @param {number} nAnswers
 * @returns {ChartData}
 */
function chartOf(model, change, nAnswers) {
  const { distances, n_tokens: length } = model.prompt;
  /** @type {Axis} */
  const x = {
    title: "tokens between the sentence and the end",
    ends: [FIRST * distances[0], length],
    marks: distances.map((distance) => [distance, `${distance}`]),
  };
  /** @type {Axis} */
  const y = { ...straightAxis("share of the right answer", [0, 1]), ends: [0, TOP] };
  return { x, y, unit: "", lines: linesOf(model, [change], nAnswers), edges: edgesOf(model, change) };
}

/**
 * Every case of a model, whatever the chart shows: a row for each needle and distance.
 * @param {Needles} needles
 * @param {string} name
 */
function tableOf({ models }, name) {
  const { prompt, ...model } = models[name];
  const cases = /** @type {Case[]} */ (["full", "window", ...Object.keys(CHANGES)]);
  const rows = cases.flatMap((which) =>
    Object.entries(model[which]).flatMap(([needle, shares]) =>
      shares.map((share, at) => [
        which,
        which === "small window" ? prompt.small_window : prompt.window,
        needle,
        prompt.distances[at],
        share,
      ]),
    ),
  );
  return { columns: ["case", "W", "needle", "tokens between", "share of the right answer"], rows };
}

/**
 * The card of one model.
 * @param {Needles} needles
 * @param {string} name
 */
function modelCard(needles, name) {
  const model = needles.models[name];
  const { n_answers: nAnswers } = needles.how;
  const frame = card(name, "");
  const element = frame.element.appendChild(h("div"));
  const view = chart.render(element, `needle-${name}`, { embedded: true });
  offer(element, { table: () => tableOf(needles, name) });
  /** @param {Case} change */
  function update(change) {
    const said = `${sentence(model, nAnswers)} ${changeSentence(model, change)}`;
    frame.sentence.textContent = said;
    view.update(chartOf(model, change, nAnswers), `${name}. ${said}`);
  }
  return { element: frame.element, update };
}

/**
 * Make the cards: one for each model, the menu of what they show beside full attention and windows, and the live one.
 * @param {LimitsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const needles = needlesOf(lab);
  const cards = Object.keys(needles.models)
    .sort((one, other) => needles.models[other].n_layers - needles.models[one].n_layers)
    .map((name) => modelCard(needles, name));
  const show = (/** @type {string} */ change) => cards.forEach(({ update }) => update(/** @type {Case} */ (change)));
  const menu = chooser(MENU, MENU.default, { onChange: show });
  show(MENU.default);
  const heads = [h("h2", {}, "The forgotten instruction"), h("p", { class: "lead" }, lead(needles))];
  const pair = h("div", { class: "pair" }, ...cards.map(({ element }) => element));
  const live = liveCard.render(lab);
  return { element: h("section", {}, heads, menu.element, pair, live.element), update: live.update };
}
