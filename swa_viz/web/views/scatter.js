// A scatter of named things over two axes: point at one to read it, click to choose it.

/** @import { Axis } from "./chart.js" */
/** @import { Table } from "../core/offer.js" */

import { h, svg } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { scaleOf } from "./chart_drawing.js";
import { arrowed, listenToPointer, pointWord } from "./pointing.js";
import { redrawn } from "./redrawn.js";

/**
 * A thing: where it stands, the few letters in its circle, whether its ring is dashed, whether it has a
 * star, its name, and what is said of it.
 * @typedef {object} Mark
 * @property {string} id
 * @property {number} x
 * @property {number} y
 * @property {string} text
 * @property {boolean} dashed
 * @property {boolean} star
 * @property {string} label
 * @property {string} words
 *
 * @typedef {{x: Axis, y: Axis, marks: readonly Mark[], chosen: readonly string[]}} ScatterData
 *
 * Where it stands, what its signs mean, and who hears of a click.
 * @typedef {object} ScatterParts
 * @property {boolean} embedded
 * @property {{dashed: string, star: string}} signs
 * @property {(id: string) => void} choose
 */

const FIRST_WIDTH = 320;
/** How high it is on a page, and in a frame; in CSS pixels. */
const [HIGH, LOW] = [360, 240];
const [TOP, FOOT, RIGHT, LEFT] = [34, 48, 30, 44];
const RADIUS = 11;
/** The looks of the things that are chosen, in their order. */
const CHOSEN = ["first", "other"];
const STAR = "M0 -6L1.8 -1.8L6 -1.8L2.6 1.3L3.9 6L0 3.3L-3.9 6L-2.6 1.3L-6 -1.8L-1.8 -1.8Z";

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw a scatter into an element; it shows nothing before its first update.
 * @param {HTMLElement} element
 * @param {string} name - Of the view.
 * @param {ScatterParts} parts
 * @returns {{update: (data: ScatterData) => void}}
 */
export function render(element, name, parts) {
  const view = open(element, name, parts);
  listen(view);
  return redrawn(element, view, paint);
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {ScatterParts} parts
 */
function open(element, name, { embedded, signs, choose }) {
  const height = embedded ? LOW : HIGH;
  const picture = svg("svg", { class: "chart scatter", height, tabindex: 0, role: "img" });
  const told = h("p", { class: "told", role: "status" });
  const legend = h(
    "ul",
    { class: "keys" },
    [
      { dashed: true, star: false },
      { dashed: false, star: true },
    ].map((looks) => h("li", {}, sample(looks), h("span", {}, looks.star ? signs.star : signs.dashed))),
  );
  element.dataset.view = name;
  element.replaceChildren(picture, legend, told);
  const view = {
    ...{ picture, told, height, choose },
    data: /** @type {ScatterData | null} */ (null),
    width: FIRST_WIDTH,
    asked: /** @type {string | null} */ (null),
  };
  offer(element, { table: () => tableOf(view.data, signs) });
  return view;
}

/** @param {{dashed: boolean, star: boolean}} looks */
function sample(looks) {
  const place = { ...looks, left: 11, top: 11, text: "" };
  return svg("svg", { class: "chart sample scatter", width: 26, height: 24, "aria-hidden": true }, circle(place, ""));
}

/**
 * @param {ScatterData | null} data
 * @param {{dashed: string, star: string}} signs
 * @returns {Table}
 */
function tableOf(data, signs) {
  const { x, y, marks } = data ?? { x: { title: "x" }, y: { title: "y" }, marks: [] };
  return {
    columns: ["name", x.title, y.title, signs.dashed, signs.star, "said"],
    rows: marks.map((mark) => [mark.label, mark.x, mark.y, mark.dashed, mark.star, mark.words]),
  };
}

/**
 * The marks at their places, from left to right; one that would cover another moves beside it.
 * @param {ScatterData} data
 * @param {{width: number, height: number}} size
 */
function placed({ x, y, marks }, { width, height }) {
  const [across, up] = [scaleOf(x, LEFT, width - RIGHT), scaleOf(y, height - FOOT, TOP)];
  const inOrder = [...marks].sort((one, other) => one.x - other.x || one.y - other.y);
  /** @type {(Mark & {left: number, top: number})[]} */
  const places = [];
  for (const mark of inOrder) {
    const [top, first] = [up(mark.y), across(mark.x)];
    const near = places.filter((each) => Math.abs(each.top - top) < 2 * RADIUS);
    const free = (/** @type {number} */ left) =>
      near.every((each) => Math.hypot(each.left - left, each.top - top) >= 2 * RADIUS);
    const steps = Array.from({ length: 2 * marks.length }, (_, i) => (i % 2 ? 1 : -1) * Math.ceil(i / 2) * RADIUS);
    const left = steps
      .map((step) => first + step)
      .find((place) => place >= LEFT && place <= width - RADIUS && free(place));
    places.push({ ...mark, top, left: left ?? first });
  }
  return places.sort((one, other) => one.left - other.left || one.top - other.top);
}

/** @param {View} view */
function paint({ picture, told, data, width, height, asked }) {
  if (!data) return;
  const { x, y, chosen } = data;
  const [across, up] = [scaleOf(x, LEFT, width - RIGHT), scaleOf(y, height - FOOT, TOP)];
  picture.setAttribute("width", String(width));
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("aria-label", `${y.title} against ${x.title}. Arrow keys read it out, Enter chooses.`);
  /** @param {number} left @param {number} top @param {string} looks @param {string} words */
  const text = (left, top, looks, words) => svg("text", { x: left, y: top, class: looks }, words);
  picture.replaceChildren(
    ...x.marks.flatMap(([value, words]) => [
      svg("path", { class: "rule", d: `M${across(value)} ${TOP}V${height - FOOT}` }),
      text(across(value), height - FOOT + 17, "middle", words),
    ]),
    ...y.marks.flatMap(([value, words]) => [
      svg("path", { class: "rule", d: `M${LEFT} ${up(value)}H${width - RIGHT}` }),
      text(LEFT - 7, up(value) + 4, "right", words),
    ]),
    text(0, 14, "axis", y.title),
    text((LEFT + width - RIGHT) / 2, height - 8, "axis middle", x.title),
    ...placed(data, { width, height }).map((mark) =>
      circle(mark, `${CHOSEN[chosen.indexOf(mark.id)] ?? ""} ${mark.id === asked ? "asked" : ""}`),
    ),
  );
  const mark = data.marks.find(({ id }) => id === asked);
  const more = pointWord() === "Tap" ? "Tap it again" : "Click, or press Enter,";
  told.textContent = mark ? `${mark.words}. ${more} to compare it.` : `${pointWord()} a circle to read it.`;
  told.classList.toggle("unsaved", !mark);
}

/**
 * @param {{left: number, top: number, text: string, dashed: boolean, star: boolean}} mark
 * @param {string} looks
 */
function circle({ left, top, text, dashed, star }, looks) {
  return svg(
    "g",
    { class: `mark ${dashed ? "dashed" : ""} ${looks}`, transform: `translate(${left} ${top})` },
    svg("circle", { r: RADIUS - 1 }),
    svg("text", { class: "middle", y: 4 }, text),
    star ? svg("path", { class: "star", d: STAR, transform: `translate(${RADIUS - 3} ${3 - RADIUS})` }) : null,
  );
}

/** @param {View} view */
function listen(view) {
  const { picture } = view;
  const byFinger = listenToPointer(picture, {
    at: (event) => below(view, event),
    point: (id) => ask(view, id),
    choose: view.choose,
    tap: (id) => (id === view.asked ? view.choose(id) : ask(view, id)),
  });
  picture.addEventListener("blur", () => byFinger() || ask(view, null));
  picture.addEventListener("keydown", (event) => press(view, event));
}

/**
 * The mark below the pointer.
 * @param {View} view
 * @param {PointerEvent | MouseEvent} event
 */
function below({ picture, data, width, height }, event) {
  if (!data) return null;
  const box = picture.getBoundingClientRect();
  const distance = (/** @type {{left: number, top: number}} */ { left, top }) =>
    Math.hypot(event.clientX - box.left - left, event.clientY - box.top - top);
  const [nearest] = placed(data, { width, height }).sort((one, other) => distance(one) - distance(other));
  return nearest && distance(nearest) <= 2 * RADIUS ? nearest.id : null;
}

/**
 * @param {View} view
 * @param {string | null} id
 */
function ask(view, id) {
  if (id === view.asked) return;
  view.asked = id;
  paint(view);
}

/**
 * Arrow keys go from mark to mark, and Enter chooses.
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  if (event.key === "Enter" && view.asked) return view.choose(view.asked);
  if (!view.data) return;
  const places = placed(view.data, view);
  const at = places.findIndex(({ id }) => id === view.asked);
  const next = arrowed(event, at, places.length);
  if (next !== null) ask(view, places[next].id);
}
