// Axes for charts of counted tokens, and sliders over their sizes.

/** @import { Slider } from "../../web/core/controls.js" */
/** @import { NumberKnob } from "../../web/core/types.d.ts" */
/** @import { Axis } from "../../web/views/chart.js" */
/** @import { CacheLab, NumberNames } from "./controls.js" */

import { slider } from "../../web/core/controls.js";
import { stepFor, stepsTo } from "../../web/core/steps.js";
import { counted, howMany, thousands } from "../../wording/numbers.js";

const MOST_MARKS = 6;

/**
 * An axis from 0 on, with round marks.
 * @param {string} title
 * @param {number} most
 * @param {number} [first] - Where it begins.
 * @returns {Axis}
 */
export function axisTo(title, most, first = 0) {
  const order = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  const step = [0.1, 0.2, 0.5, 1, 2].map((size) => size * order).find((size) => size >= 1 && most / size <= MOST_MARKS);
  const size = step ?? order;
  const marks = Array.from({ length: Math.floor(most / size) + 1 }, (_, i) => i * size).filter((mark) => mark >= first);
  return {
    title,
    ends: [first, Math.max(most, first + 1)],
    marks: marks.map((at) => [at, thousands(at)]),
    straight: true,
  };
}

/**
 * A slider over sizes, which grow from step to step.
 * @param {CacheLab} lab
 * @param {NumberNames} name
 * @param {string} [noun] - The word for one of them; without it, tokens.
 * @returns {{element: HTMLElement, set: (size: number) => void}}
 */
export function sizeSlider(lab, name, noun = "token") {
  const knob = /** @type {NumberKnob} */ (lab.data.knobs[name]);
  const { at_least: least, at_most: most } = knob;
  const sizes = stepsTo(most, least, most, lab.values[name]).filter((size) => size >= least);
  /** @type {Slider} */
  const made = slider({ ...knob, at_least: 0, at_most: sizes.length - 1 }, stepFor(sizes, lab.values[name]), {
    onInput: (place) => lab.set({ [name]: sizes[place] }),
    onChange: (place) => lab.commit({ [name]: sizes[place] }),
    say: (place) => (least ? counted(sizes[place], noun) : howMany(sizes[place], noun)),
  });
  return { element: made.element, set: (size) => made.set(stepFor(sizes, size)) };
}
