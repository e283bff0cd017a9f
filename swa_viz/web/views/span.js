// Span view: the reach of a real model as a staircase, one bar of width W for each layer.
//
// render(element) -> {update}
//   update({windowSize, layers})
// The strip at the bottom is the text, shaded by the diluted kernel: a formula, not a measurement.

import { h, onWidth, svg } from "../core/dom.js";
import { counted, percent, thousands } from "../../wording/numbers.js";
import { dilutedInfluence, exactReach, MOST, nearestCarrying, OWN_SHARE, roundReach } from "../../reach.js";

const HEIGHT = 264;
const TOP = 34;
const FOOT = 72;
const STRIP = 14;
const SHADES = 120;
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
function difference(windowSize, layers) {
  const less = roundReach(windowSize, layers) - exactReach(windowSize, layers);
  if (less === 0) return "With one layer both figures are the same: nothing is counted twice.";
  if (windowSize === 1) return "A window of 1 reads only the token itself: nothing travels, however many layers.";
  const shared = `every bar shares one token with the bar above it, so ${counted(less, "token")} would count twice`;
  return `The round figure is ${thousands(less)} too large: ${shared}.`;
}

export function render(element) {
  const picture = svg("svg", { class: "span", height: HEIGHT, role: "img" });
  const words = h("p", { class: "told", role: "status" });
  element.replaceChildren(picture, words);
  let current = null;
  let width = 320;

  function paint() {
    if (!element.isConnected || !current) return;
    const { windowSize, layers } = current;
    const [exact, round] = [exactReach(windowSize, layers), roundReach(windowSize, layers)];
    const right = width - EDGE;
    const x = (back) => right - (back * (right - EDGE)) / round;
    picture.setAttribute("width", width);
    picture.setAttribute(
      "aria-label",
      `${layers} bars of ${thousands(windowSize)} tokens, one per layer: together they reach ${thousands(exact)} tokens.`,
    );
    picture.replaceChildren(...axis(x, round, right), ...stairs(x), ...strip(x, exact), ...ends(x, exact, round));
    words.textContent = `${difference(windowSize, layers)} ${fading(exact)}`;
  }

  function fading(exact) {
    if (exact === 1) return "";
    const near = nearestCarrying(current.shares, MOST);
    return `And it is a ceiling: by the formula of the diluted kernel (strip at the bottom, not measured) the nearest ${counted(near, "token")} carry ${percent(MOST).replace(".0", "")} of the influence: ${percent(near / exact).replace(/\.\d/, "")} of the reach.`;
  }

  function axis(x, round, right) {
    const step = tickStep(round, right - EDGE);
    const marks = [];
    for (let back = 0; back <= round; back += step) {
      const anchor = back === 0 ? "right" : x(back) < 40 ? "" : "middle";
      marks.push(svg("path", { class: "rule", d: `M${x(back)} ${TOP}V${HEIGHT - FOOT + STRIP + 14}` }));
      marks.push(svg("text", { x: x(back), y: HEIGHT - FOOT + STRIP + 29, class: anchor }, thousands(back)));
    }
    return [...marks, svg("text", { x: EDGE, y: HEIGHT - 6, class: "axis" }, "tokens back, 0 = the query")];
  }

  // The text as one strip: outlined up to the exact reach, filled by the diluted kernel.
  function strip(x, exact) {
    const bins = Math.min(SHADES, exact);
    const edge = (bin) => Math.round((bin * exact) / bins);
    const densities = Array.from({ length: bins }, (_, bin) => {
      let sum = 0;
      for (let age = edge(bin); age < edge(bin + 1); age++) sum += current.shares[age];
      return sum / (edge(bin + 1) - edge(bin));
    });
    const most = Math.max(...densities);
    const y = HEIGHT - FOOT + 6;
    const shades = densities.map((density, bin) => {
      const left = x(edge(bin + 1));
      return svg("rect", {
        class: "shade",
        x: left,
        y,
        width: x(edge(bin)) - left + 0.3,
        height: STRIP,
        "fill-opacity": Math.sqrt(density / most),
      });
    });
    return [...shades, svg("rect", { class: "outline", x: x(exact), y, width: x(0) - x(exact), height: STRIP })];
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
    const exactly = svg(
      "text",
      { x: x(exact) + (late ? -6 : 6), y: 16, class: late ? "right note" : "note" },
      `exact ${thousands(exact)}`,
    );
    const roundly = svg("text", { x: x(round), y: 16, class: "" }, `round ${thousands(round)}`);
    const topRow = svg("text", { x: x(0), y: 16, class: "right" }, `layer ${layers}, on top`);
    const bar = svg(
      "text",
      { x: x(0) - 6, y: HEIGHT - FOOT - 8, class: "right note" },
      `W = ${thousands(windowSize)} per bar`,
    );
    return [
      line("ceiling", exact),
      line("round", round),
      exactly,
      apart ? roundly : null,
      late ? null : topRow,
      layers > 2 && !late ? bar : null,
    ].filter(Boolean);
  }

  function update({ windowSize, layers }) {
    if (windowSize === current?.windowSize && layers === current.layers) return;
    current = { windowSize, layers, shares: dilutedInfluence(windowSize, layers, OWN_SHARE) };
    paint();
  }

  onWidth(element, (now) => {
    width = now;
    paint();
  });
  return { update };
}
