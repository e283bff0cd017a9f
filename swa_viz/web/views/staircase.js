// Span view: the reach of a real model as a staircase, one bar of width W for each layer.  The strip
// at the bottom is the text, shaded by the diluted kernel: a formula, not a measurement.

/** @import { Table } from "../core/offer.js" */

import { dilutedInfluence, exactReach, MOST, nearestCarrying, OWN_SHARE, roundReach } from "../../reach.js";
import { h, onWidth, svg } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { counted, percent, thousands } from "../../wording/numbers.js";
import { HEIGHT, shapesOf } from "./staircase_drawing.js";

/**
 * What the staircase shows: W tokens in each of so many layers.
 * @typedef {{windowSize: number, layers: number}} SpanData
 */

const FIRST_WIDTH = 320;

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw a staircase into an element; it shows nothing before its first update.
 * @param {HTMLElement} element
 * @returns {{update: (next: SpanData) => void}}
 */
export function render(element) {
  const view = open(element);
  onWidth(element, (width) => {
    view.width = width;
    paint(view);
  });
  return { update: (next) => update(view, next) };
}

/** @param {HTMLElement} element */
function open(element) {
  const picture = svg("svg", { class: "span", height: HEIGHT, role: "img" });
  const told = h("p", { class: "told", role: "status" });
  element.dataset.view = "span";
  element.replaceChildren(picture, told);
  const view = {
    element,
    picture,
    told,
    data: /** @type {SpanData | null} */ (null),
    shares: /** @type {Float64Array} */ (new Float64Array()),
    width: FIRST_WIDTH,
  };
  offer(element, { table: () => tableOf(view.data) });
  return view;
}

/**
 * What each layer reads, in tokens back from the query: the highest layer first.
 * @param {SpanData | null} data
 * @returns {Table}
 */
function tableOf(data) {
  const { windowSize, layers } = data ?? { windowSize: 0, layers: 0 };
  const rows = Array.from({ length: layers }, (_, i) => {
    const nearest = i * (windowSize - 1);
    return [
      layers - i,
      nearest,
      nearest + windowSize - 1,
      exactReach(windowSize, i + 1),
      roundReach(windowSize, i + 1),
    ];
  });
  return { columns: ["layer", "nearest_back", "farthest_back", "exact_reach", "round_reach"], rows };
}

/**
 * @param {View} view
 * @param {SpanData} next
 */
function update(view, next) {
  if (next.windowSize === view.data?.windowSize && next.layers === view.data.layers) return;
  view.data = next;
  view.shares = dilutedInfluence(next.windowSize, next.layers, OWN_SHARE);
  paint(view);
}

/** @param {View} view */
function paint({ element, picture, told, data, shares, width }) {
  if (!element.isConnected || !data) return;
  const { windowSize, layers } = data;
  const exact = exactReach(windowSize, layers);
  picture.setAttribute("width", String(width));
  picture.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  picture.setAttribute(
    "aria-label",
    `${layers} bars of ${thousands(windowSize)} tokens, one per layer: together they reach ${thousands(exact)} tokens.`,
  );
  picture.replaceChildren(...shapesOf(data, shares, width));
  told.textContent = `${differenceText(data)} ${fadingText(shares, exact)}`;
}

/**
 * Why the rule of thumb is too large, in one sentence.
 * @param {SpanData} data
 */
function differenceText({ windowSize, layers }) {
  const less = roundReach(windowSize, layers) - exactReach(windowSize, layers);
  if (less === 0) return "With one layer both figures are the same: nothing is counted twice.";
  if (windowSize === 1) return "A window of 1 reads only the token itself: nothing travels, however many layers.";
  const shared = `every bar shares one token with the bar above it, so ${counted(less, "token")} would count twice`;
  return `The rule of thumb is ${thousands(less)} too large: ${shared}.`;
}

/**
 * How much less than the exact reach carries most of the influence, or "" where there is no less.
 * @param {Float64Array} shares - Of the influence, by age.
 * @param {number} exact - The exact reach, in tokens.
 */
function fadingText(shares, exact) {
  if (exact === 1) return "";
  const near = nearestCarrying(shares, MOST);
  const carry = `the nearest ${counted(near, "token")} carry ${percent(MOST).replace(".0", "")} of the influence`;
  return (
    "And it is a ceiling: by the formula of the diluted kernel (strip at the bottom, not measured) " +
    `${carry}: ${percent(near / exact).replace(/\.\d/, "")} of the reach.`
  );
}
