// Influence chart: how much each token matters to one of them, measured, beside two formulas.

/** @import { ReachFacts } from "../../reach.js" */
/** @import { Table } from "../core/offer.js" */
/** @import { Columns } from "./columns.js" */

import { h, svg } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { percent } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";
import { columns } from "./columns.js";
import { HEIGHT, shapesOf } from "./influence_drawing.js";
import { listenToPointer, pointWord } from "./pointing.js";
import { redrawn } from "./redrawn.js";

/**
 * What the chart shows.
 * @typedef {object} InfluenceData
 * @property {readonly string[]} tokens
 * @property {number} query
 * @property {readonly number[] | null} measured - One share for each token, summing to 1; null while
 *   it is on its way.
 * @property {Float64Array | null} diluted - The same by the formula of the diluted kernel.
 * @property {ReachFacts} facts
 * @property {{tokens: number, part: number} | null} near - So many of the nearest tokens carry that
 *   part of what is not on sinks.
 * @property {boolean} log - Every step of the scale is ten times the one before.
 */

const FIRST_WIDTH = 320;

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw a chart into an element; it shows nothing before its first update.
 * @param {HTMLElement} element
 * @returns {{update: (next: InfluenceData) => void}}
 */
export function render(element) {
  const view = open(element);
  listen(view);
  return redrawn(element, view, paint);
}

/** @param {HTMLElement} element */
function open(element) {
  const picture = svg("svg", { class: "influence", height: HEIGHT, tabindex: 0, role: "img" });
  const told = h("p", { class: "told" });
  element.dataset.view = "influence";
  element.replaceChildren(picture, told);
  const view = {
    element,
    picture,
    told,
    data: /** @type {InfluenceData | null} */ (null),
    width: FIRST_WIDTH,
    place: /** @type {Columns | null} */ (null),
    /** The token that the visitor points at. */
    asked: /** @type {number | null} */ (null),
  };
  offer(element, { table: () => tableOf(view.data) });
  return view;
}

/**
 * Every token up to the query, with its measured share and that of the formula.
 * @param {InfluenceData | null} data
 * @returns {Table}
 */
function tableOf(data) {
  const columns = ["tokens_back", "position", "token", "in_reach", "measured", "diluted_kernel"];
  if (!data) return { columns, rows: [] };
  const { tokens, query, facts, measured, diluted } = data;
  const rows = tokens.slice(0, query + 1).map((token, position) => {
    const shares = [measured?.[position] ?? null, diluted?.[position] ?? null];
    return [query - position, position + 1, token, Boolean(facts.row[position]), ...shares];
  });
  return { columns, rows };
}

/** @param {View} view */
function paint(view) {
  const { element, picture, data, width, asked } = view;
  if (!element.isConnected || !data?.tokens.length) return;
  view.place = columns(width, data.tokens.length);
  picture.setAttribute("width", String(width));
  picture.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  picture.setAttribute(
    "aria-label",
    `Share of influence on “${readable(data.tokens[data.query])}” by token. Arrow keys read it out.`,
  );
  picture.replaceChildren(...shapesOf(data, view.place, width, asked));
  view.told.textContent = sentence(data, asked);
  view.told.classList.toggle("unsaved", asked === null);
}

/**
 * What can be said of the token that the visitor points at.
 * @param {InfluenceData} data
 * @param {number | null} asked
 */
function sentence({ tokens, query, measured, diluted, facts }, asked) {
  if (asked === null || asked >= tokens.length) return `${pointWord()} a bar to read its numbers.`;
  const name = `“${readable(tokens[asked])}” (token ${asked + 1})`;
  if (asked > query) return `${name} comes later: no influence.`;
  if (!facts.row[asked]) return `${name}, ${query - asked} back: out of reach, no influence.`;
  const [real, formula] = [measured, diluted].map((shares) => (shares ? percent(shares[asked]) : "on its way"));
  return `${name}, ${query - asked} back: measured ${real}, diluted kernel ${formula}.`;
}

/** @param {View} view */
function listen(view) {
  const { picture } = view;
  const byFinger = listenToPointer(picture, {
    at: (event) => view.place?.at(event.clientX - picture.getBoundingClientRect().left) ?? null,
    point: (position) => ask(view, position),
  });
  picture.addEventListener("blur", () => byFinger() || ask(view, null));
  picture.addEventListener("keydown", (event) => press(view, event));
}

/**
 * @param {View} view
 * @param {number | null} position
 */
function ask(view, position) {
  if (position === view.asked) return;
  view.asked = position;
  paint(view);
}

/**
 * The first arrow key asks for the query itself, and every further one for a neighbour.
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  const { data, asked } = view;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || !data) return;
  event.preventDefault();
  const next = asked === null ? data.query : asked + step;
  ask(view, Math.min(Math.max(next, 0), data.tokens.length - 1));
}
