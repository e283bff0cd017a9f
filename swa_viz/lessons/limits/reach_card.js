// How far a changed first token is seen: live on the chosen model, and as stored of a larger one.

/** @import { FirstTokenPayload, Schedule } from "../../web/core/types.d.ts" */
/** @import { ChartData, ChartLine } from "../../web/views/chart.js" */
/** @import { LimitsLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { exactReach, formulaOf } from "../../reach.js";
import { isUniform, runAfterWith } from "../../patterns/schedule.js";
import { card, h } from "../../web/core/dom.js";
import * as chart from "../../web/views/chart.js";
import { growingAxis, positionAxis, smallPower } from "../../web/views/axis.js";
import { line } from "../../web/views/plain_line.js";
import { storedOf } from "./stored_card.js";

/** Of the models that were stored, the one of which this is shown. */
const LARGE = "smollm2-135m";
/** Moves below this, in bits, are not drawn: they are roundings of float32. */
const SMALLEST = 1e-9;
const ROLES = ["reach_a", "reach_b", "reach_c"];

/**
 * How many tokens after the first one it can still be felt; null where nothing ends it.
 * @param {Schedule} schedule
 * @returns {number | null}
 */
function ceilingOf(schedule) {
  const reach = formulaOf(schedule);
  return reach === null ? null : reach - 1;
}

/**
 * @param {string} role
 * @param {string} label
 * @param {readonly number[]} moved
 */
function movedLine(role, label, moved) {
  const seen = moved.map((bits, at) => ({ bits, at })).filter(({ bits }) => bits >= SMALLEST);
  return line(
    role,
    label,
    seen.map(({ at }) => at),
    seen.map(({ bits }) => bits),
  );
}

/**
 * @param {readonly ChartLine[]} lines
 * @param {number} last - The last position.
 * @param {NonNullable<ChartData["edges"]>} edges
 * @returns {ChartData}
 */
function chartOf(lines, last, edges) {
  const heights = lines.flatMap(({ y }) => y);
  return {
    x: positionAxis("tokens after the first one", last),
    y: growingAxis("how far the prediction moves (bits)", heights),
    unit: "bits",
    lines,
    edges: edges.filter(({ at }) => at <= last),
  };
}

/**
 * What was found with the chosen schedule.
 * @param {Schedule} schedule
 * @param {FirstTokenPayload} found
 * @returns {string}
 */
function finding(schedule, { moved, last }) {
  const ceiling = ceilingOf(schedule);
  const how = `With ${runAfterWith(schedule)} another first token`;
  const end = moved.length - 1;
  const formula = isUniform(schedule) ? "L × (W − 1)" : "the sum of all W − 1";
  if (ceiling === null) return `${how} moves every later prediction: some layer always reads it.`;
  if (ceiling >= end)
    return `${how} can move the whole text: the ceiling is ${ceiling} tokens, the text ends at ${end}.`;
  return (
    `${how} moves predictions up to ${last} tokens later; the ceiling is ${formula} = ${ceiling}. ` +
    `Beyond it the logits are bit for bit the same. At the ceiling the move is ${small(moved[last])} bits.`
  );
}

/** @param {number} bits */
function small(bits) {
  if (bits >= 0.01) return bits.toFixed(2);
  return bits < SMALLEST ? `less than ${smallPower(SMALLEST)}` : `about ${smallPower(bits)}`;
}

/**
 * The card with the large model; what it shows never changes.
 * @param {LimitsLab} lab
 */
function largeCard(lab) {
  const { reach, n_layers: layers } = storedOf(lab).models[LARGE];
  const windows = Object.keys(reach).map(Number);
  const last = reach[windows[0]].bits.length - 1;
  const ends = windows.map((size) => `${reach[size].changed - 1} with W = ${size}`).join(", ");
  const said =
    `The last prediction that moves stands so many tokens after the first one: ${ends}. ` +
    `That is exactly L × (W − 1) with L = ${layers} layers.`;
  const frame = card(`The same in ${LARGE}`, said);
  const view = chart.render(frame.element.appendChild(h("div")), "reach-stored", { embedded: true });
  const lines = windows.map((size, i) => movedLine(ROLES[i], `W = ${size}`, reach[size].bits));
  const edges = windows.map((size) => ({ at: exactReach(size, layers) - 1, words: `W = ${size}` }));
  view.update(chartOf(lines, last, edges), said);
  return frame.element;
}

/**
 * Make the cards.
 * @param {LimitsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("In your text", "");
  const view = chart.render(frame.element.appendChild(h("div")), "reach", { embedded: true });
  const lead =
    "The first token is replaced by another one. How far does each later prediction move? " +
    `The dashed line is the exact ceiling: nothing arrives beyond it. Moves below ${smallPower(SMALLEST)} bits are ` +
    "roundings of the numbers and are not drawn.";
  const heads = [h("h2", {}, "Reach is a ceiling"), h("p", { class: "lead" }, lead)];
  const element = h("section", {}, heads, h("div", { class: "pair" }, frame.element, largeCard(lab)));
  /** @param {Shown} shown */
  function update({ schedule, first }) {
    frame.element.classList.toggle("stale", !first);
    if (!first) return;
    const ceiling = ceilingOf(schedule);
    const said = finding(schedule, first);
    frame.sentence.textContent = said;
    const lines = [movedLine(ROLES[0], "your text", first.moved)];
    const edges = ceiling === null ? [] : [{ at: ceiling, words: "ceiling" }];
    view.update(chartOf(lines, first.moved.length - 1, edges), said);
  }
  return { element, update };
}
