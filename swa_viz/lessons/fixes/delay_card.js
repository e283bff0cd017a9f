// Does a larger window delay the layers that look far?  Recall watched while small models learn.

/** @import { ChartData } from "../../web/views/chart.js" */
/** @import { FixesLab } from "./shown.js" */

import { card, h } from "../../web/core/dom.js";
import { straightAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { measuredBy } from "../../web/views/measured_by.js";
import { spreadLine } from "../../web/views/spread_line.js";
import { listed } from "../../wording/text.js";

/**
 * Numbers at each step of each seed.
 * @typedef {readonly (readonly number[])[]} Watched
 *
 * What `stored_delay.json` holds: how often a far answer was right, and the largest weight of a head of the
 * full layer on the word that decides it.
 * @typedef {object} StoredDelay
 * @property {{far: number, steps: readonly number[], seeds: readonly number[], n_watched: number}} how
 * @property {Readonly<Record<string, {right: Watched, on_source: Watched}>>} runs
 */

/** The looks of each window, and its name in the file. @type {readonly [number, string][]} */
const WINDOWS = [
  [8, "window"],
  [32, "second"],
  [128, "sinks"],
];
const HALF = 0.5;

/**
 * The first step from which on each seed stays above one half; null where it never does.
 * @param {readonly number[]} steps
 * @param {Watched} seeds
 */
function risesOf(steps, seeds) {
  return seeds.map((seed) => {
    const last = seed.findLastIndex((share) => share < HALF);
    return last + 1 < steps.length ? steps[last + 1] : null;
  });
}

/** @param {readonly (number | null)[]} rises */
const riseText = (rises) => listed(rises.map((step) => (step === null ? "never" : `${step}`)));

/**
 * What the seeds of the smallest and the largest window say of the claim.
 * @param {readonly (number | null)[]} small
 * @param {readonly (number | null)[]} large
 */
function judgement(small, large) {
  const [a, b] = [small, large].map((rises) => rises.map((step) => step ?? Infinity));
  if (Math.min(...b) > Math.max(...a))
    return "Here the largest window learned it later than the smallest in every seed.";
  if (Math.max(...b) < Math.min(...a))
    return "Here the largest window learned it sooner than the smallest in every seed.";
  return "The seeds of the smallest and of the largest window overlap, so these models show no delay for certain.";
}

/** @param {StoredDelay} stored */
function sentence({ how, runs }) {
  /** @param {string} name */
  const rises = (name) => risesOf(how.steps, runs[name].right);
  const all = WINDOWS.map(([window]) => `W = ${window}: ${riseText(rises(`w${window}`))}`);
  return (
    `Three layers of windows and a full one on top learn to recall and to copy. Watched is an answer ${how.far} ` +
    "words back, further than any window reads. More than half of such answers stay right from these steps on, " +
    `seed by seed: ` +
    `${all.join("; ")}. ${judgement(rises("w8"), rises("w128"))}`
  );
}

/**
 * How much the full layer looks at the deciding word in the end; where it does not and the answers are right
 * all the same, the windows have handed the word on.
 * @param {StoredDelay} stored
 */
function lastWeights({ runs }) {
  /** @param {readonly number[]} seed */
  const last = (seed) => seed[seed.length - 1];
  const all = WINDOWS.map(([window]) => {
    return `W = ${window}: ${listed(runs[`w${window}`].on_source.map((seed) => last(seed).toFixed(2)))}`;
  });
  const { right, on_source: weights } = runs[`w${WINDOWS[WINDOWS.length - 1][0]}`];
  const passed = right.filter((seed, i) => last(seed) > HALF && last(weights[i]) < HALF).length;
  const how = passed
    ? ` In ${passed} of ${right.length} with the largest window the answers are right although the full ` +
      "layer does not look there: the windows hand the word on."
    : "";
  return `At the end that is ${all.join("; ")}.${how}`;
}

/**
 * Without positions in the full layer, in words.
 * @param {StoredDelay} stored
 */
function withoutPositions({ how, runs }) {
  const found = WINDOWS.filter(([window]) => runs[`w${window}-nope`]);
  if (!found.length) return "";
  const pairs = found.map(([window]) =>
    [`w${window}`, `w${window}-nope`].map((name) => risesOf(how.steps, runs[name].right)),
  );
  const all = found.map(([window], i) => `W = ${window}: ${riseText(pairs[i][1])}`);
  const gains = pairs.flatMap(([positions, none]) =>
    none.map((step, i) => (positions[i] ?? Infinity) - (step ?? Infinity)),
  );
  const [sooner, later] = [gains.filter((gain) => gain > 0).length, gains.filter((gain) => gain < 0).length];
  return (
    `The same without positions in the full layer: ${all.join("; ")}. Of ${gains.length} models that is sooner in ` +
    `${sooner} and later in ${later}.`
  );
}

/**
 * @param {StoredDelay} stored
 * @param {"right" | "on_source"} part
 * @param {string} title
 * @returns {ChartData}
 */
function chartOf({ how, runs }, part, title) {
  const { steps } = how;
  const lines = WINDOWS.map(([window, role]) => {
    const all = steps.map((_, at) => runs[`w${window}`][part].map((seed) => seed[at]));
    return spreadLine(role, `W = ${window}`, steps, all);
  });
  const x = {
    title: "training step",
    ends: /** @type {[number, number]} */ ([0, steps[steps.length - 1]]),
    marks: steps.filter((step) => step % 100 === 0).map((each) => /** @type {[number, string]} */ ([each, `${each}`])),
    straight: true,
  };
  return { x, y: straightAxis(title, [0, 1]), unit: "", lines };
}

/**
 * Make the card.
 * @param {FixesLab} lab
 * @returns {HTMLElement}
 */
export function render(lab) {
  const stored = /** @type {StoredDelay} */ (lab.data.extra.delay);
  const said = sentence(stored);
  const frame = card("Does a larger window delay retrieval?", said);
  /** @type {[string, "right" | "on_source", string][]} */
  const pictures = [
    ["delay", "right", "right answers"],
    ["delay-weight", "on_source", "weight on the deciding word"],
  ];
  const pair = h("div", { class: "two-charts" });
  for (const [name, part, title] of pictures) {
    const view = chart.render(pair.appendChild(h("div")), name, { embedded: true });
    view.update(chartOf(stored, part, title), `${title} by training step. ${said}`);
  }
  const more = [
    `On the right: how much of its attention the head of the full layer that looks there most gives to the word that ` +
      `decides the answer. ${lastWeights(stored)} Lines are means over the seeds, and the bands go from the lowest ` +
      "seed to the highest.",
    withoutPositions(stored),
  ];
  frame.element.append(
    pair,
    ...more.filter(Boolean).map((words) => h("p", { class: "lead" }, words)),
    measuredBy({
      script: "training/delay.py",
      stored: "swa_viz/experiments/stored_delay.json",
      data: stored,
      how: `over ${how(stored)}`,
    }),
  );
  return frame.element;
}

/** @param {StoredDelay} stored */
const how = ({ how: { seeds } }) => `${seeds.length} seeds`;
