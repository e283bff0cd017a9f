// The card about chunked reading: the blocks of each step, and the check that three ways to read a text give
// the same logits.

/** @import { PrefillPayload } from "../../web/core/types.d.ts" */
/** @import { CacheLab, CacheValues } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { button } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import { numberKnob } from "../../web/number_knob.js";
import { smallPower } from "../../web/views/axis.js";
import * as chunks from "../../web/views/chunks.js";
import { counted } from "../../wording/numbers.js";

/** Larger differences than so many roundings of float32 would be a mistake. */
const ROUNDING = 1e-5;
const WAYS =
  "Read the text on the model: all at once, in chunks with a rolling cache, and token by token. All three must " +
  "give the same logits.";

/**
 * A very small number: 2.3e-6 -> "2.3 × 10⁻⁶".
 * @param {number} number
 */
function small(number) {
  if (number === 0) return "0";
  const order = 10 ** Math.floor(Math.log10(number));
  return `${(number / order).toFixed(1)} × ${smallPower(order)}`;
}

/** @param {number} seconds */
const milliseconds = (seconds) => `${(1000 * seconds).toFixed(seconds < 0.01 ? 1 : 0)} ms`;

/**
 * What the check found.
 * @param {PrefillPayload} found
 */
function findingText({ differences, largest, seconds, chunk, tokens }) {
  const most = Math.max(differences.chunked, differences.one_by_one);
  const sense =
    most <= ROUNDING * Math.max(largest, 1)
      ? `The largest logit is ${largest.toFixed(1)}, so that is rounding: the three ways are one.`
      : `The largest logit is ${largest.toFixed(1)}: that is more than rounding.`;
  return (
    `All ${counted(tokens.length, "token")} at once took ${milliseconds(seconds.one_shot)}, chunks of ${chunk} ` +
    `${milliseconds(seconds.chunked)}, and one by one ${milliseconds(seconds.one_by_one)}. The logits differ by at ` +
    `most ${small(differences.chunked)} in chunks and ${small(differences.one_by_one)} one by one. ${sense}`
  );
}

/**
 * The request of the check.
 * @param {CacheLab} lab
 * @param {CacheValues} values
 */
const requestOf = (lab, values) => lab.requests(values).filter(({ kind }) => kind === "prefill");

/**
 * Make the card.
 * @param {CacheLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("A prompt is read in chunks", "");
  const picture = h("div");
  const view = chunks.render(picture);
  const chunk = numberKnob(lab, "chunk", (size) => counted(size, "token"));
  const finding = h("p", { class: "finding", role: "status" });
  const check = button("Read it in three ways", read);
  check.hidden = Boolean(lab.data.offered);
  let isReading = false;
  let drawn = "";
  const side = h("div", { class: "chunk-side" }, chunk.element, h("p", { class: "lead" }, WAYS), check, finding);
  frame.element.append(h("div", { class: "chunk-row" }, picture, side));

  async function read() {
    const absence = lab.engine.absence();
    if (absence) {
      finding.textContent = absence;
      return;
    }
    isReading = true;
    lab.repaint();
    await lab.engine.ask(requestOf(lab, lab.values));
    isReading = false;
    lab.repaint();
  }

  /** @param {Shown} shown */
  function update({ values, prompt, pattern }) {
    chunk.set(values.chunk);
    frame.sentence.textContent = leadOf(prompt.length, values.chunk);
    const looks = JSON.stringify([prompt.length, values.chunk, pattern]);
    if (looks !== drawn) view.update({ seqLen: prompt.length, chunk: values.chunk, pattern });
    drawn = looks;
    const [answer] = requestOf(lab, values).map(lab.engine.peek);
    check.textContent = isReading ? "Reading…" : "Read it in three ways";
    if (answer && "differences" in answer) finding.textContent = findingText(answer);
    else finding.textContent = answer && "empty" in answer ? String(answer.empty) : "";
  }
  return { element: frame.element, update };
}

/**
 * @param {number} seqLen
 * @param {number} chunk
 */
function leadOf(seqLen, chunk) {
  const steps = counted(Math.ceil(seqLen / chunk), "step");
  return (
    `${counted(seqLen, "token")} in chunks of ${chunk} take ${steps}. Each chunk reads the old cache and itself, ` +
    "and only then writes its last W keys into the ring."
  );
}
