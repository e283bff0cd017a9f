// The controls of the fixes lab: the way to read, the task, and how far back the answer stands.

/** @import { FixesLab, FixesValues } from "./shown.js" */

import { button, chooser, segmented } from "../../web/core/controls.js";
import { knobPlay } from "../../web/knob_play.js";
import { numberKnob } from "../../web/number_knob.js";
import { range } from "../../web/questions/question.js";

const STEP_MS = 250;

/**
 * Make the controls.
 * @param {FixesLab} lab
 * @returns {{bar: HTMLElement[], update: (values: FixesValues) => void}}
 */
export function render(lab) {
  const { knobs } = lab.data;
  const fix = chooser(knobs.fix, lab.values.fix, { onChange: (word) => lab.commit({ fix: word }) });
  const task = segmented(knobs.task, lab.values.task, { onChange: (word) => lab.commit({ task: word }) });
  const distance = numberKnob(lab, "distance");
  const distances = range(knobs.distance.at_least, Number(knobs.distance.at_most) + 1);
  const play = knobPlay(lab, { knob: "distance", values: distances, label: "Play the distance", stepMs: STEP_MS });
  const another = button("Another text", () =>
    lab.commit({ drawn: (lab.values.drawn % knobs.drawn.at_most) + knobs.drawn.at_least }),
  );
  another.hidden = Boolean(knobs.drawn.fixed);
  /** @param {FixesValues} values */
  function update(values) {
    fix.set(values.fix);
    task.set(values.task);
    distance.set(values.distance);
  }
  return { bar: [fix.element, task.element, distance.element, play, another], update };
}
