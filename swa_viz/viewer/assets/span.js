// Span view: the reach of a real model as a staircase, one bar of width W for each layer.
//
// render(element) -> {update}
//   update({windowSize, layers, source})

import { h, svg, thousands } from "./dom.js";
import { exactReach, roundReach } from "./reach.js";

const HEIGHT = 236;
const TOP = 34;
const FOOT = 44;
const EDGE = 14;
const TICK_ROOM = 110;
const SAME_PLACE = 120;

// 1, 2, 5, 10, 20, 50, ...: the first that leaves room for its label.
function tickStep(most, width) {
  const least = (most * TICK_ROOM) / width;
  const ten = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return [1, 2, 5, 10].map((size) => size * ten).find((size) => size >= least);
}

// Why the round figure is too large, in one clause.
export function difference(windowSize, layers) {
  const less = roundReach(windowSize, layers) - exactReach(windowSize, layers);
  if (less === 0) return "With one layer both figures are the same: nothing is counted twice.";
  const shared = `every bar shares one token with the bar above it, so ${thousands(less)} ${less === 1 ? "token is" : "tokens are"} counted twice`;
  return `The round figure is ${thousands(less)} too large: ${shared}.`;
}

export function render(element) {
  const picture = svg("svg", { class: "span", height: HEIGHT, role: "img" });
  const words = h("p", { class: "told", role: "status" });
  element.replaceChildren(picture, words);
  let current = null;

  function paint() {
    if (!element.isConnected || !current) return;
    const { windowSize, layers } = current;
    const width = element.clientWidth || 320;
    const [exact, round] = [exactReach(windowSize, layers), roundReach(windowSize, layers)];
    const right = width - EDGE;
    const x = (back) => right - (back * (right - EDGE)) / round;
    picture.setAttribute("width", width);
    picture.setAttribute("aria-label", `${layers} bars of ${thousands(windowSize)} tokens, one per layer: together they reach ${thousands(exact)} tokens.`);
    picture.replaceChildren(...axis(x, round, right), ...stairs(x), ...ends(x, exact, round));
    words.textContent = difference(windowSize, layers);
  }

  function axis(x, round, right) {
    const step = tickStep(round, right - EDGE);
    const marks = [];
    for (let back = 0; back <= round; back += step) {
      const anchor = back === 0 ? "right" : x(back) < 40 ? "" : "middle";
      marks.push(svg("path", { class: "rule", d: `M${x(back)} ${TOP}V${HEIGHT - FOOT + 4}` }));
      marks.push(svg("text", { x: x(back), y: HEIGHT - FOOT + 19, class: anchor }, thousands(back)));
    }
    return [...marks, svg("text", { x: EDGE, y: HEIGHT - 6, class: "axis" }, "tokens back, 0 = the query")];
  }

  const rowHeight = () => (HEIGHT - TOP - FOOT) / current.layers;

  // The bars, and behind each everything that its layer and those above it have reached.
  function stairs(x) {
    const { windowSize, layers } = current;
    const thick = Math.max(Math.min(rowHeight() * 0.6, 16), 1.5);
    const rows = Array.from({ length: layers }, (_, i) => {
      const [near, far] = [x(i * (windowSize - 1)), x(i * (windowSize - 1) + windowSize)];
      const top = TOP + i * rowHeight();
      const y = top + (rowHeight() - thick) / 2;
      return { bar: `M${near} ${y}H${far}v${thick}H${near}Z`, light: `M${x(0)} ${top}H${far}v${rowHeight()}H${x(0)}Z` };
    });
    const path = (name) => rows.map((row) => row[name]).join("");
    return [svg("path", { class: "light", d: path("light") }), svg("path", { class: "stairs", d: path("bar") })];
  }

  function ends(x, exact, round) {
    const { windowSize, layers } = current;
    const apart = x(exact) - x(round) > SAME_PLACE;
    const line = (name, back) => svg("path", { class: name, d: `M${x(back)} ${TOP - 12}V${HEIGHT - FOOT}` });
    const late = x(exact) > x(0) - SAME_PLACE;
    const exactly = svg("text", { x: x(exact) + (late ? -6 : 6), y: 16, class: late ? "right note" : "note" }, `exact ${thousands(exact)}`);
    const roundly = svg("text", { x: x(round), y: 16, class: "" }, `round ${thousands(round)}`);
    const topRow = svg("text", { x: x(0), y: 16, class: "right" }, `layer ${layers}, on top`);
    const bar = svg("text", { x: x(0) - 6, y: HEIGHT - FOOT - 8, class: "right note" }, `W = ${thousands(windowSize)} per bar`);
    return [line("ceiling", exact), line("round", round), exactly, apart ? roundly : null, late ? null : topRow, layers > 2 ? bar : null].filter(Boolean);
  }

  function update(next) {
    current = next;
    paint();
  }

  new ResizeObserver(paint).observe(element);
  return { update };
}
