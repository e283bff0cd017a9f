// A chart: lines over two axes, each of whose steps is as many times the one before.

/** @import { Table } from "../core/offer.js" */

import { h, onWidth, svg } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { hollowSample, sample, sceneOf, shapesOf } from "./chart_drawing.js";
import { listenToPointer, pointWord } from "./pointing.js";
import { thousands } from "../../wording/numbers.js";

/**
 * A line: `hollow` says of each point that it is not to be trusted, `low` and `high` bound its spread,
 * `notes` are said of it, and `last` stands beside the last one.
 * @typedef {object} ChartLine
 * @property {string} role - It decides the looks.
 * @property {string} label
 * @property {readonly number[]} x
 * @property {readonly number[]} y
 * @property {readonly number[]} low
 * @property {readonly number[]} high
 * @property {readonly boolean[]} hollow
 * @property {readonly string[]} notes
 * @property {string} last
 *
 * An axis; on one that is not `straight` every step is as many times the one before.
 * @typedef {object} Axis
 * @property {string} title
 * @property {readonly [number, number]} ends
 * @property {readonly [number, string][]} marks
 * @property {boolean} [straight]
 *
 * A chart, as `figures/chart.py` makes it, or a lab.
 * @typedef {object} ChartData
 * @property {Axis} x
 * @property {Axis} y
 * @property {string} unit
 * @property {readonly ChartLine[]} lines
 * @property {readonly {at: number, words: string}[]} [edges] - Places on the x axis that are marked.
 */

const FIRST_WIDTH = 320;
/** How high a chart is on a page, and in a frame, where it must be whole; in CSS pixels. */
const [HIGH, LOW] = [380, 220];
const HOLLOW = "hollow: disturbed, not to be trusted";
const SMALL = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw a chart into an element; it shows nothing before its first update.
 * @param {HTMLElement} element
 * @param {string} name - Of the view.
 * @param {{embedded: boolean}} where
 * @returns {{update: (data: ChartData, words: string) => void}} `words` say what the chart shows to those
 *   who cannot see it.
 */
export function render(element, name, { embedded }) {
  const view = open(element, name, embedded ? LOW : HIGH);
  listen(view);
  onWidth(element, (width) => {
    view.width = width;
    paint(view);
  });
  return {
    update(data, words) {
      view.data = data;
      view.picture.setAttribute("aria-label", `${words} Arrow keys read it out.`);
      view.legend.replaceChildren(...legendOf(data));
      paint(view);
    },
  };
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {number} height
 */
function open(element, name, height) {
  const picture = svg("svg", { class: "chart", height, tabindex: 0, role: "img" });
  const told = h("p", { class: "told", role: "status" });
  const legend = h("ul", { class: "keys" });
  element.dataset.view = name;
  element.replaceChildren(picture, legend, told);
  const view = {
    picture,
    told,
    legend,
    data: /** @type {ChartData | null} */ (null),
    width: FIRST_WIDTH,
    height,
    asked: /** @type {number | null} */ (null),
  };
  offer(element, { table: () => tableOf(view.data) });
  return view;
}

/** @param {ChartData} data */
function legendOf({ lines }) {
  const entries = lines.map(({ role, label }) => h("li", {}, sample(role), h("span", {}, label)));
  const someHollow = lines.some(({ hollow }) => hollow.some(Boolean));
  return someHollow ? [...entries, h("li", {}, hollowSample(), h("span", {}, HOLLOW))] : entries;
}

/**
 * All points, a row for each.
 * @param {ChartData | null} data
 * @returns {Table}
 */
function tableOf(data) {
  const { x, y, lines } = data ?? { x: { title: "x" }, y: { title: "y" }, lines: [] };
  const columns = ["line", x.title, y.title, "lowest", "highest", "trusted", "note"];
  const rows = lines.flatMap((line) =>
    line.y.map((value, i) => [
      line.label,
      line.x[i],
      value,
      line.low[i] ?? null,
      line.high[i] ?? null,
      !line.hollow[i],
      line.notes[i] ?? "",
    ]),
  );
  return { columns, rows };
}

/**
 * The places on the x axis where a line has a point.
 * @param {ChartData} data
 */
const placesOf = ({ lines }) => [...new Set(lines.flatMap((line) => line.x))].sort((a, b) => a - b);

/** @param {View} view */
function paint(view) {
  const { picture, data, width, height } = view;
  if (!data) return;
  if (view.asked !== null && !placesOf(data).includes(view.asked)) view.asked = null;
  picture.setAttribute("width", String(width));
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.replaceChildren(...shapesOf(sceneOf(data, view, view.asked)));
  view.told.textContent = sentence(data, view.asked);
  view.told.classList.toggle("unsaved", view.asked === null);
}

/**
 * A number in full where it is large, else its first digits.
 * @param {number} value
 */
const number = (value) => (value < 1000 ? SMALL.format(value) : thousands(value));

/**
 * What all lines say at one place.
 * @param {ChartData} data
 * @param {number | null} place
 */
function sentence({ x, unit, lines }, place) {
  if (place === null) return `${pointWord()} the chart to read its numbers.`;
  const said = lines.flatMap((line) => {
    const i = line.x.indexOf(place);
    if (i < 0) return [];
    const note = line.notes[i] ? ` (${line.notes[i]})` : "";
    return [`${line.label} ${number(line.y[i])} ${unit}${line.hollow[i] ? ", not to be trusted" : ""}${note}`];
  });
  return `${x.title} = ${number(place)}: ${said.join("; ")}.`;
}

/** @param {View} view */
function listen(view) {
  const { picture } = view;
  const byFinger = listenToPointer(picture, {
    at: (event) => nearest(view, event.clientX - picture.getBoundingClientRect().left),
    point: (place) => ask(view, place),
  });
  picture.addEventListener("blur", () => byFinger() || ask(view, null));
  picture.addEventListener("keydown", (event) => press(view, event));
}

/**
 * The place of a point that is nearest to a place on the screen.
 * @param {View} view
 * @param {number} left - In CSS pixels.
 */
function nearest({ data, width, height }, left) {
  if (!data) return null;
  const { x } = sceneOf(data, { width, height }, null);
  const [first] = placesOf(data).sort((a, b) => Math.abs(x(a) - left) - Math.abs(x(b) - left));
  return first ?? null;
}

/**
 * @param {View} view
 * @param {number | null} place
 */
function ask(view, place) {
  if (place === view.asked) return;
  view.asked = place;
  paint(view);
}

/**
 * The first arrow key asks for the last place, and every further one for a neighbour.
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || !view.data) return;
  event.preventDefault();
  const places = placesOf(view.data);
  const at = view.asked === null ? places.length - 1 : places.indexOf(view.asked) + step;
  ask(view, places[Math.min(Math.max(at, 0), places.length - 1)] ?? null);
}
