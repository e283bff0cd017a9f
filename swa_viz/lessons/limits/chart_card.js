// The card with the chart: what the whole text costs, for windows from one key to all of it.

/** @import { ChartData } from "../../web/views/chart.js" */
/** @import { LimitsLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { runName, runWord } from "../../patterns/schedule.js";
import { card, h } from "../../web/core/dom.js";
import * as chart from "../../web/views/chart.js";
import { growingAxis } from "../../web/views/axis.js";
import { line } from "../../web/views/plain_line.js";
import { meanBits } from "./words.js";

/**
 * The chart of a text, which was read with windows of many sizes; null while its numbers are on their way.
 * @param {Shown} shown
 * @returns {ChartData | null}
 */
function chartOf({ schedule, values, full, windowed, windows }) {
  if (!windows) return null;
  const { windows: sizes, bits } = windows;
  const least = 2 ** meanBits(full.bits);
  const every = bits.map((mean) => 2 ** mean);
  const chosen = windowed
    ? [line("chosen", `chosen: ${runName(schedule)}`, [values.window], [2 ** meanBits(windowed.bits)])]
    : [];
  const lines = [
    line("full", "full attention", sizes, Array(sizes.length).fill(least)),
    line("window", `${runWord(schedule)} of each size`, sizes, every),
    ...chosen,
  ];
  const heights = lines.flatMap(({ y }) => y);
  return {
    x: { title: "Window W (keys)", ends: [1, sizes[sizes.length - 1]], marks: sizes.map((size) => [size, `${size}`]) },
    y: growingAxis("perplexity", heights),
    unit: "tokens",
    lines,
  };
}

/**
 * Make the card.
 * @param {LimitsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const lead =
    "Perplexity says among how many equally likely tokens the model must choose, on average. " +
    "The circle is the W that you chose.";
  const frame = card("Perplexity against W", lead);
  const view = chart.render(frame.element.appendChild(h("div")), "perplexity", lab.data);
  /** @param {Shown} shown */
  function update(shown) {
    const data = chartOf(shown);
    frame.element.classList.toggle("stale", !data);
    if (data) view.update(data, `${frame.heading.textContent}. ${lead}`);
  }
  return { element: frame.element, update };
}
