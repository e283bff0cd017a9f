// Small pictures for the cards of the first page, each in the language of its lab: blue is the query,
// orange what it reads, grey what a window hides, sky blue what arrives through layers.

import { svg } from "../../web/core/dom.js";

const WIDTH = 240;
const HEIGHT = 104;

const frame = (...shapes) =>
  svg("svg", { class: "picture", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" }, shapes.flat(Infinity));

const cells = (count) => Array.from({ length: count }, (_, i) => i);

function box(x, y, size, kind) {
  return svg("rect", { x, y, width: size, height: size, rx: 2, class: kind });
}

// A small band matrix: n tokens, a window of `size`, the last row's query.
function band(n, size) {
  const pitch = (HEIGHT - 4) / n;
  const left = (WIDTH - n * pitch) / 2;
  const kind = (query, key) => (query === key && query === n - 1 ? "query" : query - key < size ? "key" : "outside");
  return frame(
    cells(n).map((query) =>
      cells(query + 1).map((key) => box(left + key * pitch, 2 + query * pitch, pitch - 1.5, kind(query, key))),
    ),
  );
}

// A row of tokens, and arcs from the last one to the keys that it reads.
function arcs(n, size) {
  const pitch = (WIDTH - 12) / n;
  const middle = (i) => 6 + (i + 0.5) * pitch;
  const last = n - 1;
  const arc = (key, i) => {
    const lift = 12 + 13 * (last - key);
    const d = `M${middle(last)} 70 C${middle(last)} ${70 - lift} ${middle(key)} ${70 - lift} ${middle(key)} 70`;
    return svg("path", { d, class: "arc", "stroke-width": [4, 1.5, 2.5, 1.2][i % 4] });
  };
  const kind = (i) => (i === last ? "query" : last - i < size ? "key" : "outside");
  const token = (i) =>
    svg("rect", { x: 6 + i * pitch + 2, y: 74, width: pitch - 4, height: 18, rx: 4, class: `${kind(i)} token` });
  return frame(
    cells(size - 1).map((i) => arc(last - size + 1 + i, i)),
    cells(n).map(token),
  );
}

// Layers of tokens: what reaches the one at the top, wider with every layer.
function cone(n, layers, size) {
  const pitch = (WIDTH - 12) / n;
  const rise = (HEIGHT - 18) / (layers - 1);
  const at = (layer, i) => [6 + (i + 0.5) * pitch, HEIGHT - 9 - layer * rise];
  const reached = (layer) => (layers - 1 - layer) * (size - 1);
  const dot = (layer, i) => {
    const [cx, cy] = at(layer, i);
    const back = n - 1 - i;
    const top = layer === layers - 1 && back === 0;
    const fade = back <= reached(layer) ? 1 - (0.75 * back) / (reached(0) + 1) : null;
    return svg("circle", {
      cx,
      cy,
      r: 5,
      class: top ? "query" : fade ? "reach" : "empty",
      "fill-opacity": top ? 1 : fade,
    });
  };
  const edge = ([x1, y1], [x2, y2]) => svg("line", { x1, y1, x2, y2, class: "edge" });
  const outline = cells(layers - 1).flatMap((layer) => [
    edge(at(layer + 1, n - 1 - reached(layer + 1)), at(layer, n - 1 - reached(layer))),
    edge(at(layer + 1, n - 1), at(layer, n - 1)),
  ]);
  return frame(
    outline,
    cells(layers).map((layer) => cells(n).map((i) => dot(layer, i))),
  );
}

// Work against length: a parabola for full attention, a line once the window is full.
function growth(size) {
  const longest = 24;
  const work = {
    full: (n) => (n * (n + 1)) / 2,
    band: (n) => (n < size ? (n * (n + 1)) / 2 : n * size - (size * (size - 1)) / 2),
  };
  const x = (n) => 14 + ((WIDTH - 24) * n) / longest;
  const y = (pairs) => HEIGHT - 12 - ((HEIGHT - 22) * pairs) / work.full(longest);
  const curve = (name) => {
    const points = cells(longest + 1)
      .map((n) => `${x(n)},${y(work[name](n))}`)
      .join(" ");
    return svg("polyline", { points, class: `curve ${name}` });
  };
  const axis = svg("path", { d: `M14 6 V${HEIGHT - 12} H${WIDTH - 8}`, class: "axis" });
  return frame(axis, curve("full"), curve("band"));
}

// By the name that a lesson's card gives.
export const PICTURES = {
  band: () => band(10, 4),
  arcs: () => arcs(11, 5),
  cone: () => cone(13, 5, 4),
  growth: () => growth(5),
};
