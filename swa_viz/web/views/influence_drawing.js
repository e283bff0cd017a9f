// How the influence chart is drawn: each function gives one kind of shape.

/** @import { Child } from "../core/dom.js" */
/** @import { Columns } from "./columns.js" */
/** @import { InfluenceData } from "./influence.js" */

import { runs } from "../../patterns/sentences.js";
import { svg } from "../core/dom.js";
import { counted, percent } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";
import { gapFor } from "./columns.js";

/**
 * A scale for shares: `height` is 0 at the bottom and 1 on top.
 * @typedef {object} Scale
 * @property {(share: number) => number} height
 * @property {number[]} ticks
 * @property {(share: number) => string} note
 *
 * All that is drawn in one pass.
 * @typedef {object} Scene
 * @property {InfluenceData} data
 * @property {Columns} place
 * @property {number} width - In CSS pixels.
 * @property {Scale} scale
 * @property {(share: number) => number} y - The height of a share, in CSS pixels from the top.
 * @property {number | null} asked - The token that the visitor points at.
 */

/** The height of the picture, in CSS pixels. */
export const HEIGHT = 256;
const TOP = 62;
const FOOT = 46;
const LOWEST = 1e-4;
const STEPS = [0.02, 0.04, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1];
const AGE_STEPS = [1, 2, 5, 10, 20, 50];
const AGE_ROOM = 34;
const HALF_LETTER = 3.2;
const NOTE_ROOM = 150;
const WIDEST_GAP = 3;

/**
 * A scale on which all these shares have room.
 * @param {number[]} shares
 * @param {boolean} log - Every step is ten times the one before.
 * @returns {Scale}
 */
function scaleOf(shares, log) {
  if (log) {
    return {
      height: (share) => Math.max(0, 1 - Math.log10(Math.max(share, LOWEST)) / Math.log10(LOWEST)),
      ticks: [1e-4, 1e-3, 1e-2, 1e-1, 1],
      note: (share) => `${100 * share} %`,
    };
  }
  const most = STEPS.find((step) => step >= Math.max(...shares)) ?? 1;
  return {
    height: (share) => share / most,
    ticks: [0, 0.5, 1].map((part) => part * most),
    note: (share) => percent(share).replace(".0 ", " "),
  };
}

/**
 * All shapes of the chart, the lowest first.
 * @param {InfluenceData} data
 * @param {Columns} place
 * @param {number} width - In CSS pixels.
 * @param {number | null} asked - The token that the visitor points at.
 * @returns {SVGElement[]}
 */
export function shapesOf(data, place, width, asked) {
  const scale = scaleOf([...(data.diluted ?? []), ...(data.measured ?? [])], data.log);
  /** @param {number} share */
  const y = (share) => TOP + (1 - scale.height(share)) * (HEIGHT - TOP - FOOT);
  /** @type {Scene} */
  const scene = { data, place, width, scale, y, asked };
  return [scaleLines, ages, titles, bars, dilutedLine, within, ceilingLine, nearBracket, pointer].flatMap((shapes) =>
    shapes(scene),
  );
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} looks
 * @param {Child} words
 */
const text = (x, y, looks, words) => svg("text", { x, y, class: looks }, words);

/**
 * @param {string} looks
 * @param {string} d
 */
const path = (looks, d) => svg("path", { class: looks, d });

/** @param {Scene} scene */
function scaleLines({ place, width, scale, y }) {
  const rules = scale.ticks.map((tick) => path("rule", `M${place.gutter} ${y(tick)}H${width - 8}`));
  const notes = scale.ticks.map((tick) => text(place.gutter - 7, y(tick) + 4, "right", scale.note(tick)));
  return [...rules, ...notes];
}

/** @param {Scene} scene */
function ages({ data, place }) {
  const step = AGE_STEPS.find((size) => size * place.pitch >= AGE_ROOM) ?? 100;
  const shapes = [];
  for (let age = 0; age <= data.query; age += step)
    shapes.push(text(place.middle(data.query - age), HEIGHT - FOOT + 17, "middle", age));
  return shapes;
}

/** @param {Scene} scene */
function titles({ data, place }) {
  const across = `tokens back from “${readable(data.tokens[data.query])}”`;
  return [text(0, 12, "axis", "share of the influence"), text(place.gutter, HEIGHT - 8, "axis", across)];
}

/** @param {Scene} scene */
function bars({ data, place, y }) {
  if (!data.measured) return [];
  const gap = gapFor(place.pitch, WIDEST_GAP);
  const boxes = data.measured.map((share, position) =>
    share > 0 ? `M${place.left(position) + gap / 2} ${y(0)}V${y(share)}h${place.pitch - gap}V${y(0)}Z` : "",
  );
  return [path("measured", boxes.join(""))];
}

/**
 * Neighbours are joined; a token between two that are never read stands alone, as a dash.
 * @param {Scene} scene
 */
function dilutedLine({ data: { diluted }, place, y }) {
  if (!diluted) return [];
  const read = [...diluted.keys()].filter((position) => diluted[position] > 0);
  const dash = place.pitch / 3;
  const lines = runs(read).map(([first, last]) => {
    if (first === last) return `M${place.middle(first) - dash} ${y(diluted[first])}h${2 * dash}`;
    const points = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    return `M${points.map((position) => `${place.middle(position)} ${y(diluted[position])}`).join("L")}`;
  });
  return [path("diluted", lines.join(""))];
}

/**
 * Every token within exact reach, underlined.
 * @param {Scene} scene
 */
function within({ data: { facts }, place }) {
  const inside = [...facts.row.keys()].filter((position) => facts.row[position]);
  const gap = place.pitch > 8 ? 1.5 : 0;
  const lines = runs(inside).map(
    ([first, last]) => `M${place.left(first) + gap} ${HEIGHT - FOOT + 3}H${place.left(last + 1) - gap}`,
  );
  return [path("within", lines.join(""))];
}

/**
 * The ceiling stands at the far edge of the oldest token within reach.
 * @param {Scene} scene
 */
function ceilingLine({ data, place }) {
  const x = place.left(Math.max(data.query - data.facts.back, 0));
  const flipped = x > place.left(data.tokens.length) - NOTE_ROOM;
  const note = text(flipped ? x - 6 : x + 6, 29, flipped ? "right note" : "note", ceilingText(data));
  return [path("ceiling", `M${x} 19V${HEIGHT - FOOT}`), note];
}

/** @param {InfluenceData} data */
function ceilingText({ query, facts: { back, sinks, whole, formula, gaps } }) {
  if (whole) return "no ceiling: the whole text is in reach";
  const outside = formula !== null && back > query ? ", before the text starts" : "";
  const more = `${sinks ? `, and ${counted(sinks, "sink")}` : ""}${gaps ? ", with gaps" : ""}`;
  return `ceiling: ${back} back${outside}${more}`;
}

/**
 * How far back most of the influence lies, to set against the ceiling.
 * @param {Scene} scene
 */
function nearBracket({ data: { near, query, facts }, place }) {
  if (!near) return [];
  const [from, to] = [place.left(query + 1 - near.tokens), place.left(query + 1)];
  const y = TOP - 10;
  const words = `${percent(near.part).replace(".0", "")}${facts.sinks ? " of the rest" : ""}: ${near.tokens} nearest`;
  const half = words.length * HALF_LETTER;
  const x = Math.min(Math.max((from + to) / 2, place.gutter + half), to - half);
  return [path("near", `M${from} ${y + 6}V${y}H${to}V${y + 6}`), text(x, y - 6, "middle note", words)];
}

/** @param {Scene} scene */
function pointer({ data, place, asked }) {
  const isShown = asked !== null && asked < data.tokens.length;
  const height = HEIGHT - TOP - FOOT + 8;
  const width = isShown ? place.pitch : 0;
  return [svg("rect", { class: "pointer", x: place.left(asked ?? 0), y: TOP - 8, width, height })];
}
