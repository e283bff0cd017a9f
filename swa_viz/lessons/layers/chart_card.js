// The card with the chart: how much each token matters to the one on top, beside two formulas.

/** @import { LayersLab } from "./controls.js" */
/** @import { Scene } from "./lab.js" */
/** @import { Fit } from "./mixing.js" */

import { segmented } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import * as influence from "../../web/views/influence.js";
import { keysOf } from "../../web/views/keys.js";
import { counted, percent } from "../../wording/numbers.js";
import { fittedMixing } from "./mixing.js";
import { findingText, nameIn, nearest, pendingText } from "./words.js";

const LEGEND = {
  reach: "bars: measured on the model (size of the gradient)",
  within: "underlined: within exact reach",
  diluted: "",
  dashed: "",
};

/**
 * What the line is, and how well it fits the bars.
 * @param {Fit} fit
 */
function mixingText({ ownShare, misplaced }) {
  return (
    `line: a formula, the diluted kernel. Every layer keeps a = ${ownShare.toFixed(2)} of a token and averages what ` +
    `it reads. This a fits the bars best, and still puts ${percent(misplaced)} of the influence on other tokens.`
  );
}

/**
 * Make the card.
 * @param {LayersLab} lab
 * @returns {{element: HTMLElement, update: (scene: Scene) => void}}
 */
export function render(lab) {
  const frame = card("Influence fades long before the reach ends", "");
  const finding = h("p", { class: "finding", role: "status" });
  const view = influence.render(frame.element.appendChild(h("div")));
  const legend = keysOf(LEGEND);
  const scale = segmented(lab.data.knobs.scale, lab.values.scale, { onChange: (word) => lab.commit({ scale: word }) });
  frame.sentence.after(finding);
  frame.element.append(legend.element, scale.element);

  /** @param {Scene} scene */
  function update(scene) {
    const { values, tokens, schedule, query, facts, shares } = scene;
    const measured = shares ? shares[0] : null;
    const near = measured && nearest(measured, query, facts);
    const name = nameIn(scene);
    const state = `the state of ${name} after ${counted(schedule.length, "layer")}`;
    frame.sentence.textContent = `Share of each token in ${state}.`;
    finding.textContent = near ? findingText(near, query, facts, name) : `${pendingText(lab, schedule)}…`;
    const ceiling = facts.formula === null ? "counted layer by layer" : "L × (W − 1) back";
    legend.say("dashed", `dashed: the exact ceiling, ${ceiling}`);
    const fit = measured && fittedMixing(schedule, query, measured);
    legend.say("diluted", fit ? mixingText(fit) : "");
    view.update({ tokens, query, measured, diluted: fit?.shares ?? null, facts, near, log: values.scale === "log" });
  }
  return { element: frame.element, update };
}
