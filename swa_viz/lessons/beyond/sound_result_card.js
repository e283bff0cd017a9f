// How often frames are named rightly in windows behind and around, by their size, and how long one has to wait.

/** @import { ChartData } from "../../web/views/chart.js" */
/** @import { Shown, Stored } from "./sound_words.js" */

import { atEach, spreadOf } from "../../experiments/runs_together.js";
import { h } from "../../web/core/dom.js";
import { straightAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { measuredBy } from "../../web/views/measured_by.js";
import { spreadLine } from "../../web/views/spread_line.js";
import { percent } from "../../wording/numbers.js";
import { SIDES, SIDE_WORDS } from "./sound_words.js";

/** The looks of each line. */
const ROLES = { behind: "window", around: "reach_c" };

/**
 * @param {Stored} stored
 * @returns {ChartData}
 */
function chartOf({ radii, right }) {
  const sizes = radii.map((radius) => 2 * radius + 1);
  const lines = SIDES.map((side) => {
    const say = (/** @type {number} */ low, /** @type {number} */ high) =>
      `${percent(low)} to ${percent(high)} over seeds`;
    return spreadLine(ROLES[side], SIDE_WORDS[side], sizes, atEach(right[side]), say);
  });
  const x = {
    title: "Window (frames of 10 ms)",
    ends: /** @type {[number, number]} */ ([sizes[0], sizes[sizes.length - 1]]),
    marks: sizes.map((size) => /** @type {[number, string]} */ ([size, `${size}`])),
  };
  const lowest = Math.min(...lines.flatMap(({ low }) => low));
  return { x, y: straightAxis("frames named rightly", [lowest, 1]), unit: "of frames", lines };
}

/**
 * @param {Stored} stored
 * @param {number} at
 */
function resultSentence({ radii, right, how, waits_ms }, at) {
  const [behind, around] = SIDES.map((side) => spreadOf(atEach(right[side])[at]));
  return (
    `${how.held_out} recordings by voices that no model has heard: windows of ${2 * radii[at] + 1} frames name ` +
    `${percent(behind.mean)} of the frames with speech rightly if they lie behind the frame, ` +
    `${percent(around.mean)} if they lie around it, ${waits_ms.around[at]} ms later. ` +
    `Both are means of ${how.seeds} seeds; bars go from the lowest to the highest. Every model learned in windows of ` +
    "all these sizes, drawn at random."
  );
}

/**
 * Make the picture and its sentence.
 * @param {Stored} stored
 * @param {{embedded: boolean}} where
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(stored, where) {
  const sentence = h("p", { class: "lead" });
  const room = h("div");
  const view = chart.render(room, "sound-result", where);
  const { how, radii, right, waits_ms, named } = stored;
  const source = measuredBy({
    script: "training/sound.py",
    stored: "swa_viz/experiments/stored_sound.json",
    data: { how, radii, right, waits_ms, named },
    how: `over ${how.seeds} seeds`,
  });
  return {
    element: h("div", {}, sentence, room, source),
    update({ at }) {
      sentence.textContent = resultSentence(stored, at);
      view.update(chartOf(stored), sentence.textContent);
    },
  };
}
