// Span view: the reach of a real model as a staircase, one bar of width W for each layer.  It shows
// which tokens can matter; how much they do was not measured on such a model.

/** @import { Table } from "../core/offer.js" */

import { exactReach, roundReach } from "../../reach.js";
import { h, onWidth, svg } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { counted, thousands } from "../../wording/numbers.js";
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
  paint(view);
}

/** @param {View} view */
function paint({ element, picture, told, data, width }) {
  if (!element.isConnected || !data) return;
  const { windowSize, layers } = data;
  const exact = exactReach(windowSize, layers);
  picture.setAttribute("width", String(width));
  picture.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  picture.setAttribute(
    "aria-label",
    `${layers} bars of ${thousands(windowSize)} tokens, one per layer: together they reach ${thousands(exact)} tokens.`,
  );
  picture.replaceChildren(...shapesOf(data, width));
  told.textContent = `${differenceText(data)} ${fadingText(exact)}`;
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
 * What the reach does not say, or "" where nothing travels.
 * @param {number} exact - The exact reach, in tokens.
 */
function fadingText(exact) {
  if (exact === 1) return "";
  return (
    "This is the most that can arrive. How much really arrives was not measured for such a model; " +
    "for the small model of this page, the chart above shows it."
  );
}
