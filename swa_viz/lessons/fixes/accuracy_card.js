// The card with what was measured: how often the answer is right, by its distance.

/** @import { ChartData, ChartLine } from "../../web/views/chart.js" */
/** @import { FixesLab, How, Seeds, Shown } from "./shown.js" */

import { capitalised } from "../../patterns/schedule.js";
import { card, h } from "../../web/core/dom.js";
import * as chart from "../../web/views/chart.js";
import { straightAxis } from "../../web/views/axis.js";
import { line } from "../../web/views/plain_line.js";
import { spreadLine } from "../../web/views/spread_line.js";
import * as verdictLine from "../../web/views/verdict.js";
import { storedOf } from "./shown.js";
import { seedsText, verdict } from "./words.js";

/**
 * The mean of the seeds at each distance, with the lowest and the highest of them.
 * @param {How} how
 * @param {string} role
 * @param {string} label
 * @param {Seeds} seeds
 * @returns {ChartLine}
 */
function seedsLine({ distances }, role, label, seeds) {
  const asked = distances.filter((_, at) => seeds[0][at] !== null);
  const all = asked.map((distance) => seeds.map((seed) => seed[distances.indexOf(distance)] ?? NaN));
  return spreadLine(role, label, asked, all);
}

/**
 * @param {FixesLab} lab
 * @param {Shown} shown
 * @returns {ChartData}
 */
function chartOf(lab, { values, fix }) {
  const { how, fixes } = storedOf(lab);
  const { task, distance } = values;
  const { distances } = how;
  const [nearest, furthest] = [distances[0], distances[distances.length - 1]];
  const hard = fix.hard_accuracy
    ? [seedsLine(how, "kernel", "the same, its spans rounded to windows", fix.hard_accuracy[task])]
    : [];
  const own = [seedsLine(how, "chosen", fix.label, fix.accuracy[task]), ...hard];
  return {
    x: {
      title: "words back",
      ends: [nearest, furthest],
      marks: distances.map((each) => [each, `${each}`]),
      straight: true,
    },
    y: straightAxis("right answers", [0, 1]),
    unit: "right",
    lines: [
      seedsLine(how, "full", "full attention", fixes.full.accuracy[task]),
      seedsLine(how, "window", "plain window", fixes.window.accuracy[task]),
      ...(fix === fixes.full || fix === fixes.window ? [] : own),
      line("chance", "a guess", [nearest, furthest], [how.chance[task], how.chance[task]]),
    ],
    edges: [{ at: distance, words: "" }],
  };
}

/**
 * Make the card.
 * @param {FixesLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const stored = storedOf(lab);
  const frame = card("Is it found?", seedsText(stored.how));
  const said = verdictLine.render();
  frame.element.insertBefore(said.element, frame.sentence);
  const view = chart.render(frame.element.appendChild(h("div")), "accuracy", { embedded: true });
  /** @param {Shown} shown */
  function update(shown) {
    const words = verdict(stored, shown);
    said.update([words]);
    view.update(chartOf(lab, shown), `${capitalised(shown.fix.label)}: ${words}`);
  }
  return { element: frame.element, update };
}
