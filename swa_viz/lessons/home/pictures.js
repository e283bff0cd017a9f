// Small pictures for the cards of the first page, each in the language of its lab: blue is the query,
// orange what it reads, grey what a window hides, sky blue what arrives through layers.

/** @import { Pattern } from "../../web/core/types.d.ts" */

import { pairsOf } from "../../cost.js";
import { svg } from "../../web/core/dom.js";

const WIDTH = 240;
const HEIGHT = 104;
const ARC_WIDTHS = [4, 1.5, 2.5, 1.2];
const LONGEST_TEXT = 24;

/** @param {SVGElement[]} shapes */
function frame(...shapes) {
  return svg("svg", { class: "picture", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" }, shapes);
}

/** @param {number} count */
const numbersTo = (count) => Array.from({ length: count }, (_, i) => i);

/**
 * What a key is to a query, where the last of n tokens is the one that the picture is about.
 * @param {number} n
 * @param {number} size - Of the window.
 * @param {number} query
 * @param {number} key
 */
function roleOf(n, size, query, key) {
  if (key === n - 1) return "query";
  return query - key < size ? "key" : "outside";
}

/**
 * A small band matrix; its last row is the query's.
 * @param {number} n - Tokens.
 * @param {number} size - Of the window.
 */
function band(n, size) {
  const pitch = (HEIGHT - 4) / n;
  const left = (WIDTH - n * pitch) / 2;
  const side = pitch - 1.5;
  const cells = numbersTo(n).flatMap((query) =>
    numbersTo(query + 1).map((key) => {
      const [x, y] = [left + key * pitch, 2 + query * pitch];
      return svg("rect", { x, y, width: side, height: side, rx: 2, class: roleOf(n, size, query, key) });
    }),
  );
  return frame(...cells);
}

/**
 * A row of tokens, and arcs from the last one to the keys that it reads.
 * @param {number} n - Tokens.
 * @param {number} size - Of the window.
 * @param {number[]} [far] - Keys outside it that are read as well.
 */
function arcs(n, size, far = []) {
  const pitch = (WIDTH - 12) / n;
  const last = n - 1;
  /** @param {number} i */
  const middle = (i) => 6 + (i + 0.5) * pitch;
  const lines = [...numbersTo(size - 1).map((i) => last - size + 1 + i), ...far].map((key, i) => {
    const top = 70 - Math.min(12 + 13 * (last - key), 80);
    const d = `M${middle(last)} 70 C${middle(last)} ${top} ${middle(key)} ${top} ${middle(key)} 70`;
    return svg("path", { d, class: "arc", "stroke-width": ARC_WIDTHS[i % ARC_WIDTHS.length] });
  });
  const tokens = numbersTo(n).map((i) => {
    const place = { x: 6 + i * pitch + 2, y: 74, width: pitch - 4, height: 18, rx: 4 };
    return svg("rect", { ...place, class: `${far.includes(i) ? "key" : roleOf(n, size, last, i)} token` });
  });
  return frame(...lines, ...tokens);
}

/**
 * Layers of tokens: what reaches the one at the top, wider with every layer.
 * @param {number} n - Tokens.
 * @param {number} layers
 * @param {number} size - Of the window.
 */
function cone(n, layers, size) {
  const pitch = (WIDTH - 12) / n;
  const rise = (HEIGHT - 18) / (layers - 1);
  /** @param {number} layer */
  const reached = (layer) => (layers - 1 - layer) * (size - 1);
  /** @param {number} i */
  const x = (i) => 6 + (i + 0.5) * pitch;
  /** @param {number} layer */
  const y = (layer) => HEIGHT - 9 - layer * rise;
  const dots = numbersTo(layers).flatMap((layer) =>
    numbersTo(n).map((i) => {
      const back = n - 1 - i;
      const place = { cx: x(i), cy: y(layer), r: 5 };
      if (back > reached(layer)) return svg("circle", { ...place, class: "empty" });
      if (layer === layers - 1) return svg("circle", { ...place, class: "query", "fill-opacity": 1 });
      const fade = 1 - (0.75 * back) / (reached(0) + 1);
      return svg("circle", { ...place, class: "reach", "fill-opacity": fade });
    }),
  );
  /**
   * @param {number} layer
   * @param {number} above - The token in the layer above.
   * @param {number} below
   */
  const edge = (layer, above, below) =>
    svg("line", { x1: x(above), y1: y(layer + 1), x2: x(below), y2: y(layer), class: "edge" });
  const outline = numbersTo(layers - 1).flatMap((layer) => [
    edge(layer, n - 1 - reached(layer + 1), n - 1 - reached(layer)),
    edge(layer, n - 1, n - 1),
  ]);
  return frame(...outline, ...dots);
}

/**
 * Work against length: a parabola for full attention, a line once the window is full.
 * @param {number} size - Of the window.
 */
function growth(size) {
  const full = { kind: "causal" };
  const most = pairsOf(full, LONGEST_TEXT);
  /**
   * @param {string} name
   * @param {Pattern} pattern
   */
  const curve = (name, pattern) => {
    const points = numbersTo(LONGEST_TEXT + 1).map((n) => {
      const x = 14 + ((WIDTH - 24) * n) / LONGEST_TEXT;
      return `${x},${HEIGHT - 12 - ((HEIGHT - 22) * pairsOf(pattern, n)) / most}`;
    });
    return svg("polyline", { points: points.join(" "), class: `curve ${name}` });
  };
  const axis = svg("path", { d: `M14 6 V${HEIGHT - 12} H${WIDTH - 8}`, class: "axis" });
  return frame(axis, curve("full", full), curve("band", { kind: "sliding", window_size: size }));
}

/**
 * A text, whose tokens are the darker the more the window makes them cost.
 * @param {number[]} shares - Of each token, from 0 to 1.
 */
function costs(shares) {
  const perRow = 4;
  const pitch = (WIDTH - 12) / perRow;
  const tokens = shares.map((share, i) => {
    const [x, y] = [6 + (i % perRow) * pitch, 8 + 32 * Math.floor(i / perRow)];
    const box = { x, y, width: pitch - 6, height: 22, rx: 4 };
    return svg("rect", { ...box, class: "cost", "fill-opacity": share });
  });
  return frame(...tokens);
}

/**
 * Quality against cost: some ways to read, and the line of the best of them.
 * @param {[number, number][]} best - Places on the line, from 0 to 1.
 * @param {[number, number][]} others
 */
function front(best, others) {
  /** @param {[number, number]} place */
  const at = ([x, y]) => [20 + (WIDTH - 40) * x, 12 + (HEIGHT - 34) * y];
  const line = svg("polyline", { points: best.map((place) => at(place).join()).join(" "), class: "curve full" });
  const axis = svg("path", { d: `M14 6 V${HEIGHT - 12} H${WIDTH - 8}`, class: "axis" });
  const dots = [...others, ...best].map((place, i) => {
    const [cx, cy] = at(place);
    return svg("circle", { cx, cy, r: 5, class: i < others.length ? "outside" : "key" });
  });
  return frame(axis, line, ...dots);
}

/**
 * A ring of slots: the blue one has just been written, and what stood there has left.
 * @param {number} count - Of slots.
 */
function ring(count) {
  const [x, y, radius, size] = [WIDTH / 2, HEIGHT / 2, 36, 17];
  const turn = (2 * Math.PI) / count;
  const slots = numbersTo(count).map((slot) => {
    const [cx, cy] = [x + radius * Math.sin(slot * turn), y - radius * Math.cos(slot * turn)];
    const box = { x: cx - size / 2, y: cy - size / 2, width: size, height: size, rx: 4 };
    return svg("rect", { ...box, class: slot === 2 ? "query" : "key" });
  });
  const left = { x: x + 66, y: y - size / 2, width: size, height: size, rx: 4, class: "outside" };
  const strike = svg("path", { d: `M${x + 62} ${y}H${x + 70 + size}`, class: "gone" });
  return frame(...slots, svg("rect", left), strike);
}

/**
 * The layers of two models, bars side by side: a full one is higher than a window.
 * @param {string[]} orders - L for a window, G for a full layer.
 */
function layers(orders) {
  const bars = orders.flatMap((order, row) => {
    const pitch = (WIDTH - 16) / order.length;
    return [...order].map((letter, i) => {
      const height = letter === "G" ? 40 : 16;
      const place = { x: 8 + i * pitch + 1, y: 48 * (row + 1) - height, width: pitch - 3, height, rx: 2 };
      return svg("rect", { ...place, class: letter === "G" ? "query" : "key" });
    });
  });
  return frame(...bars);
}

/**
 * Lines of code with a name that returns: the window just reads where it stood last, or no longer.
 * @param {string[]} lines - A letter for each token: n for the name, q for the query, - for others.
 * @param {number} size - Of the window.
 */
function names(lines, size) {
  const [wide, high] = [19, 20];
  const letters = [...lines.join("")];
  const query = letters.indexOf("q");
  const boxes = lines.flatMap((line, row) =>
    [...line].map((letter, column) => {
      const position = lines.slice(0, row).join("").length + column;
      const isName = letter === "n";
      const place = { x: 10 + 20 * (row % 2) + column * wide, y: 4 + row * high, width: wide - 4, height: 13, rx: 3 };
      const seen = query - position < size ? "key" : "outside";
      return svg("rect", { ...place, class: letter === "q" ? "query" : seen, "fill-opacity": isName ? 1 : 0.3 });
    }),
  );
  return frame(...boxes);
}

/**
 * The pictures, by the names that lessons' cards give.
 * @type {Record<string, () => SVGElement>}
 */
export const PICTURES = {
  band: () => band(10, 4),
  arcs: () => arcs(11, 5),
  cone: () => cone(13, 5, 4),
  growth: () => growth(5),
  ring: () => ring(8),
  front: () =>
    front(
      [
        [0.05, 0.05],
        [0.3, 0.62],
        [0.6, 0.85],
        [1, 0.95],
      ],
      [
        [0.35, 0.15],
        [0.5, 0.35],
        [0.8, 0.6],
      ],
    ),
  layers: () => layers(["L".repeat(16), "LLLLLG".repeat(3).slice(0, 17)]),
  names: () => names(["---n-n---", "------n", "---n----", "-----n", "--qn"], 18),
  returned: () => arcs(13, 4, [2]),
  costs: () => costs([0, 0, 0.1, 0, 0.5, 0, 0, 0.2, 0, 0.1, 0, 1]),
};
