// How a chart's lines are drawn: each function gives one kind of shape.

/** @import { Child } from "../core/dom.js" */
/** @import { Axis, ChartData, ChartLine } from "./chart.js" */

import { svg } from "../core/dom.js";

/**
 * All that is drawn in one pass: a place for each pair of numbers, in CSS pixels.
 * @typedef {object} Scene
 * @property {ChartData} data
 * @property {number} width
 * @property {number} height
 * @property {number} left - Where the picture of the lines begins.
 * @property {(value: number) => number} x
 * @property {(value: number) => number} y
 * @property {number | null} asked - The place on the x axis that the visitor points at.
 */

const [TOP, FOOT, RIGHT] = [34, 48, 54];
const LETTER = 7;
const CAP = 3;

/**
 * The signs by role, around (0, 0).  A role that has none is a line only.
 * @type {Record<string, string>}
 */
const SIGNS = {
  rival: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z",
  own_full: "M-4.5 -4.5h9v9h-9Z",
  mask: "M-4 -4L4 4M-4 4L4 -4",
  window: "M0 -6.5L6 0L0 6.5L-6 0Z",
  chosen: "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0Z",
  sink: "M0 -7L2 -2L7 -2L3 1.5L4.5 7L0 3.8L-4.5 7L-3 1.5L-7 -2L-2 -2Z",
  sinks: "M-4.5 -4.5h9v9h-9Z",
  second: "M0 -5.5L5.5 4.5H-5.5Z",
  second_full: "M-4.5 -4.5h9v9h-9Z",
  fourth: "M5.5 0L-4.5 5.5V-5.5Z",
  sixth: "M0 5.5L5.5 -4.5H-5.5Z",
  sixth_sinks: "M-5 0H5M0 -5V5",
  yours: "M0 -6.5L6.2 -2L3.8 5.3H-3.8L-6.2 -2Z",
  knee: "M0 -11L11 0L0 11L-11 0Z",
  kernel: "M0 -5.5L5.5 4.5H-5.5Z",
};

/**
 * Where the numbers of an axis stand.
 * @param {Axis} axis
 * @param {number} first - Where it begins on the screen.
 * @param {number} last
 * @returns {(value: number) => number}
 */
export function scaleOf({ ends: [low, high], straight }, first, last) {
  /** @type {(value: number) => number} */
  const share = straight
    ? (value) => (value - low) / (high - low)
    : (value) => Math.log(value / low) / Math.log(high / low);
  return (/** @type {number} */ value) => first + (last - first) * share(value);
}

/**
 * The scene of a chart.
 * @param {ChartData} data
 * @param {{width: number, height: number}} size - In CSS pixels.
 * @param {number | null} asked
 * @returns {Scene}
 */
export function sceneOf(data, { width, height }, asked) {
  const left = 14 + LETTER * Math.max(...data.y.marks.map(([, words]) => words.length), 1);
  const x = scaleOf(data.x, left, width - RIGHT);
  const y = scaleOf(data.y, height - FOOT, TOP);
  return { data, width, height, left, x, y, asked };
}

/**
 * All shapes of a chart, the lowest first.
 * @param {Scene} scene
 * @returns {SVGElement[]}
 */
export const shapesOf = (scene) => [
  ...marks(scene),
  ...titles(scene),
  ...edges(scene),
  ...pointer(scene),
  ...scene.data.lines.map((line) => lineShape(line, scene)),
];

/**
 * @param {number} x
 * @param {number} y
 * @param {string} looks
 * @param {Child} words
 */
const text = (x, y, looks, words) => svg("text", { x, y, class: looks }, words);

/** @param {Scene} scene */
function marks({ data, width, height, left, x, y }) {
  const room = (width - RIGHT - left) / Math.max(data.x.marks.length, 1);
  const every = Math.ceil((LETTER * 7) / Math.max(room, 1));
  let free = 0;
  const across = data.x.marks.map(([value, words], i) => {
    const half = (LETTER * words.length) / 2;
    const isWritten = i % every === 0 && x(value) - half >= free;
    if (isWritten) free = x(value) + half;
    return [
      svg("path", { class: "rule", d: `M${x(value)} ${TOP}V${height - FOOT}` }),
      isWritten ? text(x(value), height - FOOT + 17, "middle", words) : null,
    ];
  });
  const up = data.y.marks.map(([value, words]) => [
    svg("path", { class: "rule", d: `M${left} ${y(value)}H${width - RIGHT}` }),
    text(left - 7, y(value) + 4, "right", words),
  ]);
  return [...across, ...up].flat().filter((shape) => shape !== null);
}

/** @param {Scene} scene */
function titles({ data, width, height, left }) {
  const middle = (left + width - RIGHT) / 2;
  return [text(0, 14, "axis ytitle", data.y.title), text(middle, height - 8, "axis xtitle middle", data.x.title)];
}

/** @param {Scene} scene */
function edges({ data, height, x }) {
  return (data.edges ?? []).flatMap(({ at, words }) => [
    svg("path", { class: "edge", d: `M${x(at)} ${TOP}V${height - FOOT}` }),
    text(x(at) + 5, TOP + 10, "", words),
  ]);
}

/** @param {Scene} scene */
function pointer({ height, x, asked }) {
  return asked === null ? [] : [svg("path", { class: "pointer", d: `M${x(asked)} ${TOP}V${height - FOOT}` })];
}

/**
 * One line, with its spread, its signs and its last number.  What is not to be trusted is hollow, and the
 * line passes it by.
 * @param {ChartLine} line
 * @param {Scene} scene
 */
function lineShape(line, { x, y }) {
  const points = line.y.map((value, i) => ({ x: x(line.x[i]), y: y(value), hollow: Boolean(line.hollow[i]), i }));
  const sound = points.filter(({ hollow }) => !hollow);
  const spread = line.low.map((low, i) => {
    const [middle, bottom, top] = [x(line.x[i]), y(low), y(line.high[i])];
    return `M${middle - CAP} ${bottom}h${2 * CAP}M${middle} ${bottom}V${top}M${middle - CAP} ${top}h${2 * CAP}`;
  });
  const last = sound.at(-1);
  const isCounted = line.role === "counted";
  return svg(
    "g",
    { class: `line ${line.role}` },
    svg("path", { class: "spread", d: spread.join("") }),
    svg("path", { class: "through", d: sound.length ? `M${sound.map((p) => `${p.x} ${p.y}`).join("L")}` : "" }),
    points.map((p) => signAt(line.role, p.x, p.y, p.hollow)),
    last && line.last && last.i === line.y.length - 1
      ? text(last.x + (isCounted ? 4 : 10), last.y + (isCounted ? -9 : 4), "", line.last)
      : null,
  );
}

/**
 * @param {string} role
 * @param {number} x
 * @param {number} y
 * @param {boolean} hollow
 */
function signAt(role, x, y, hollow) {
  if (!SIGNS[role]) return null;
  return svg("path", { class: hollow ? "sign hollow" : "sign", d: SIGNS[role], transform: `translate(${x} ${y})` });
}

/**
 * What a legend shows of a line.
 * @param {string} role
 * @returns {SVGElement}
 */
export function sample(role) {
  const [width, height] = [34, 14];
  return svg(
    "svg",
    { class: "chart sample", width, height, "aria-hidden": true },
    svg(
      "g",
      { class: `line ${role}` },
      svg("path", { class: "through", d: `M0 ${height / 2}H${width}` }),
      signAt(role, width / 2, height / 2, false),
    ),
  );
}

/**
 * What a legend shows of points that are not to be trusted.
 * @returns {SVGElement}
 */
export const hollowSample = () =>
  svg(
    "svg",
    { class: "chart sample", width: 34, height: 14, "aria-hidden": true },
    svg("g", { class: "line rival" }, signAt("rival", 17, 14 / 2, true)),
  );
