// The card with the chart: what both models must keep, for texts of every length.

/** @import { ChartData } from "../../web/views/chart.js" */
/** @import { ModelsLab } from "./controls.js" */
/** @import { Counted, Shown } from "./shown.js" */

import { bytesOf, leastRooms } from "../../cost.js";
import { withoutWindows } from "../../presets/preset.js";
import { card, h } from "../../web/core/dom.js";
import { growingAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { line } from "../../web/views/plain_line.js";
import { counted } from "../../wording/numbers.js";

const LENGTHS = Array.from({ length: 13 }, (_, i) => 2 ** (8 + i));
const GIB = 2 ** 30;
/** The lines of the first and of the second model: with its windows, and without. */
const ROLES = [
  ["window", "own_full"],
  ["second", "second_full"],
];

/**
 * @param {Counted} model
 * @param {readonly string[]} roles
 */
function linesOf({ preset, windows }, [role, fullRole]) {
  /** @param {typeof preset} model @param {string} looks @param {string} label */
  const bytesOver = (model, looks, label) =>
    line(
      looks,
      label,
      LENGTHS,
      LENGTHS.map((n) => bytesOf(leastRooms(model, n)) / GIB),
    );
  const own = bytesOver(preset, role, preset.label);
  if (!windows.length) return [own];
  return [bytesOver(withoutWindows(preset), fullRole, `${preset.label}, all layers full`), own];
}

/**
 * @param {Shown} shown
 * @returns {ChartData | null} Null where neither has a cache.
 */
function chartOf({ first, second, tokens }) {
  const models = first.name === second.name ? [first] : [first, second];
  const lines = models.flatMap((model, i) => (model.bytes ? linesOf(model, ROLES[i]) : []));
  if (!lines.length) return null;
  const marks = LENGTHS.filter((_, i) => i % 2 === 0).map((n) => /** @type {[number, string]} */ ([n, short(n)]));
  return {
    x: { title: "length of the text in tokens", ends: [LENGTHS[0], LENGTHS[LENGTHS.length - 1]], marks },
    y: growingAxis(
      "keys and values in GiB",
      lines.flatMap(({ y }) => y),
    ),
    unit: "GiB",
    lines,
    edges: tokens >= LENGTHS[0] ? [{ at: tokens, words: "N" }] : [],
  };
}

/**
 * 32768 -> "32K".
 * @param {number} n
 */
function short(n) {
  if (n < 2 ** 10) return String(n);
  return n < 2 ** 20 ? `${n / 2 ** 10}K` : `${n / 2 ** 20}M`;
}

/**
 * Make the card.
 * @param {ModelsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("What must be kept", "");
  const view = chart.render(frame.element.appendChild(h("div")), "memory", lab.data);
  /** @param {Shown} shown */
  function update(shown) {
    const data = chartOf(shown);
    frame.element.hidden = !data;
    if (!data) return;
    frame.sentence.textContent =
      "The cache of a model with windows in all layers stops growing once they are full; full layers grow on. The " +
      `dashed vertical line is N, ${counted(shown.tokens, "token")}. Numbers in bfloat16.`;
    view.update(data, `${frame.heading.textContent}. ${frame.sentence.textContent}`);
  }
  return { element: frame.element, update };
}
