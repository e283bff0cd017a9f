// The controls of the fixes lab: the way to read, the task, and how far back the answer stands.

/** @import { FixesLab, FixesValues } from "./shown.js" */

import { button, chooser, segmented } from "../../web/core/controls.js";
import { numberKnob } from "../../web/number_knob.js";

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
  return { bar: [fix.element, task.element, distance.element, another], update };
}
