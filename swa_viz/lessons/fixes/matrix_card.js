// The card with the way itself: what a layer of it reads, what it is, and what it costs.

/** @import { NumberKnob, Pattern } from "../../web/core/types.d.ts" */
/** @import { Fix, FixesLab, Shown } from "./shown.js" */

import { shareOfHeads } from "../../patterns/per_head.js";
import { isUniform, patternName, capitalised } from "../../patterns/schedule.js";
import { card, h } from "../../web/core/dom.js";
import { numberKnob } from "../../web/number_knob.js";
import * as matrix from "../../web/views/matrix.js";
import { binarySize, counted, thousands } from "../../wording/numbers.js";
import { shownFor } from "./shown.js";

/** @type {Pattern} */
const CAUSAL = { kind: "causal" };

/**
 * What each layer does, or all of them.
 * @param {Fix} fix
 * @param {number} layer - From 0.
 */
function layerText({ schedule }, layer) {
  const words = patternName(schedule[layer]);
  if (isUniform(schedule)) return `Each of the ${counted(schedule.length, "layer")}: ${words}.`;
  return `Layer ${layer + 1} of ${schedule.length}: ${words}.`;
}

/** Where the picture is not the whole truth. @type {Record<string, string>} */
const NOTES = {
  adaptive:
    "Drawn are the spans of the first seed, rounded up to windows. A stronger cell is read by more heads. " +
    "No kernel takes the soft masks of the training; the rounded windows run in kernels.",
  content:
    "Drawn is what the tokens of one measured text asked for, rounded up to windows, in the first seed: not of " +
    "the text above. A stronger cell is read by more heads. No kernel takes the soft masks; the rounded windows run " +
    "in kernels.",
  mixed: "A stronger cell is read by more of the four heads.",
  state: "What left the window is read through the state alone, which has no cells.",
  sink_logit: "The matrix is that of the plain window: the logit reads no key.",
};

/** @param {Fix} fix */
function costText({ pairs, kv_bytes: bytes, state_bytes: state, causal }) {
  const kept = causal
    ? `${binarySize((bytes ?? 0) + state)} are kept while it writes${state ? ", the states included" : ""}`
    : "it cannot write, so it keeps nothing";
  return `All heads and layers together score ${thousands(pairs)} pairs in these 80 words, and ${kept}.`;
}

/**
 * The matrix of a layer.
 * @param {Shown} shown
 * @param {number} layer
 */
function matrixOf({ fix, query, words }, layer) {
  const pattern = fix.schedule[layer];
  const share = pattern.kind === "per_head" ? { value: shareOf(pattern), unit: "of the heads" } : { value: null };
  return { name: "One layer", tokens: words, seqLen: words.length, pattern, full: CAUSAL, query, ...share };
}

/** @param {Pattern} pattern */
const shareOf = (pattern) => (/** @type {number} */ query, /** @type {number} */ key) =>
  shareOfHeads(pattern, query, key);

/**
 * Make the card.
 * @param {FixesLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("", "");
  const room = h("div", { class: "way-matrix", "data-view": "matrix" });
  const layer = numberKnob(lab, "layer");
  const [said, note, cost] = [h("p", { role: "status" }), h("p", { class: "quiet" }), h("p")];
  const notes = h("div", { class: "way-notes" }, frame.sentence, layer.element, said, note, cost);
  frame.element.append(h("div", { class: "way" }, room, notes));
  const view = matrix.render(room, matrixOf(shownFor(lab, lab.values), 0), {});
  /** @param {Shown} shown */
  function update(shown) {
    const { fix, values } = shown;
    const at = Math.min(values.layer, fix.schedule.length) - 1;
    frame.heading.textContent = capitalised(fix.label);
    frame.sentence.textContent = fix.about;
    const { at_least: least } = /** @type {NumberKnob} */ (lab.data.knobs.layer);
    if (lab.isSettled()) layer.set(at + 1, { at_most: Math.max(fix.schedule.length, least + 1) });
    layer.element.hidden = isUniform(fix.schedule);
    said.textContent = layerText(fix, at);
    note.textContent = NOTES[values.fix] ?? "";
    cost.textContent = costText(fix);
    view.update(matrixOf(shown, at));
  }
  return { element: frame.element, update };
}
