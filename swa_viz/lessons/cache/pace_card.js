// The card about time: one more token after texts of many lengths, in three ways.  What was timed is stored.

/** @import { CacheLab } from "./controls.js" */

import { card, h } from "../../web/core/dom.js";
import { growingAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { line } from "../../web/views/plain_line.js";
import { counted, thousands } from "../../wording/numbers.js";

/**
 * One more token after `n_tokens`: the median of the rounds in milliseconds, and where their middle half lies.
 * @typedef {{way: "window" | "full" | "anew", n_tokens: number, ms: number, low: number, high: number,
 *   n_bytes: number}} Point
 *
 * What was timed, on which machine.
 * @typedef {{machine: string, model: string, window: number, points: readonly Point[]}} Pace
 */

/** Times nearer than this differ by chance. */
const NEAR = 1.15;

/** @param {number} ms */
const say = (ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

/** @param {number} times */
const timesWords = (times) => `${times < 10 ? times.toFixed(1) : Math.round(times)} times`;

/**
 * Which of two times is shorter.
 * @param {Point} own
 * @param {Point} full
 */
function verdict(own, full) {
  const faster = full.ms / own.ms;
  if (faster > NEAR) return `and ${timesWords(faster)} as fast`;
  return faster < 1 / NEAR ? "but slower" : "but not faster";
}

/**
 * Size and time after a text.
 * @param {Point} own
 * @param {Point} full
 */
const compared = (own, full) =>
  `After ${counted(own.n_tokens, "token")} the ring is ${timesWords(full.n_bytes / own.n_bytes)} smaller than a full ` +
  `cache, ${verdict(own, full)}: ${say(own.ms)} against ${say(full.ms)}.`;

/**
 * What the chart shows.
 * @param {Pace} pace
 */
function findingOf({ points }) {
  const [own, full, anew] = ["window", "full", "anew"].map((way) => points.filter((point) => point.way === way));
  const last = anew[anew.length - 1];
  const cached = own.find(({ n_tokens: n }) => n === last.n_tokens) ?? own[0];
  return (
    `${compared(own[0], full[0])} ${compared(own[own.length - 1], full[full.length - 1])} Without any cache the ` +
    `whole text is read again for every token: after ${counted(last.n_tokens, "token")} that takes ${say(last.ms)}, ` +
    `${timesWords(last.ms / cached.ms)} as long as with the ring.`
  );
}

/**
 * A line with the middle half of the rounds at each of its points.
 * @param {Pace} pace
 * @param {Point["way"]} way
 * @param {string} role
 * @param {string} label
 */
function lineOf({ points }, way, role, label) {
  const own = points.filter((point) => point.way === way);
  const [x, y] = [own.map((point) => point.n_tokens), own.map((point) => point.ms)];
  return { ...line(role, label, x, y), low: own.map(({ low }) => low), high: own.map(({ high }) => high) };
}

/**
 * Make the card; what it shows never changes.
 * @param {CacheLab} lab
 * @returns {HTMLElement}
 */
export function render(lab) {
  const pace = /** @type {Pace} */ (lab.data.extra.pace);
  const { machine, model, window: size, points } = pace;
  const finding = findingOf(pace);
  const frame = card("Is a smaller cache a faster one?", finding);
  const view = chart.render(frame.element.appendChild(h("div")), "pace", { embedded: true });
  const how =
    `Timed before on ${model} with windows of ${thousands(size)} in every layer, as the time of one processor ` +
    `thread. A bar spans the middle half of the rounds. The machine: ${machine}.`;
  frame.element.append(h("p", { class: "lead" }, how));
  view.update(
    {
      x: growingAxis(
        "tokens in the text",
        points.map((point) => point.n_tokens),
      ),
      y: growingAxis(
        "ms for one more token",
        points.flatMap(({ low, high }) => [low, high]),
      ),
      unit: "ms",
      lines: [
        lineOf(pace, "window", "window", `a ring of ${counted(size, "slot")}`),
        lineOf(pace, "full", "full", "a full cache"),
        lineOf(pace, "anew", "mask", "no cache: all read again"),
      ],
    },
    finding,
  );
  return frame.element;
}
