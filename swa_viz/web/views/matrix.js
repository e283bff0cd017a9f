// Matrix view: rows are queries, columns are keys, one cell per score pair, on a canvas.
//
// render(element, data, callbacks) -> {update, point}
//   data: {tokens | null, seqLen, pattern, full, value(query, key) -> number | NaN, range, pending, query, name}
//   `value` null: colour by the rule alone.  `range` [low, high] of the colour scale.
//   callbacks: onHover({query, key} | null), onLock(query)

import { paintCells } from "./cells.js";
import { h, onWidth } from "../core/dom.js";
import { isPinned, visible, why } from "../../patterns/pattern.js";
import { readable } from "../core/text.js";
import { fontOf, palette, rgb } from "../core/theme.js";

const GUTTER = 74;
const FOOT = 62;
const BARE_GUTTER = 26;
const LABELLED_CELL = 9;
const LARGEST_CELL = 30;

export function render(element, data, callbacks) {
  const canvas = h("canvas", { tabindex: 0, role: "img" });
  const told = h("p", { class: "told" });
  element.replaceChildren(h("div", { class: "matrix-view" }, canvas), told);
  const context = canvas.getContext("2d");
  const image = document.createElement("canvas");
  let current = data;
  let cursor = null;
  let layout = null;
  let painted = null;
  let width = 320;

  // Cell size in whole device pixels, so that every cell is crisp.
  function measure() {
    const density = window.devicePixelRatio || 1;
    const n = Math.max(current.seqLen, 1);
    const roomy = (width - GUTTER) / n >= LABELLED_CELL && current.tokens !== null;
    const gutter = roomy ? GUTTER : BARE_GUTTER;
    const cell = Math.max(1, Math.floor(Math.min((width - gutter - 2) / n, LARGEST_CELL) * density));
    layout = { density, gutter, cell, side: cell * n, left: Math.round(gutter * density), labelled: roomy };
    const bottom = Math.round((roomy ? FOOT : BARE_GUTTER) * density);
    const [w, hgt] = [layout.left + layout.side + 2, layout.side + bottom];
    if (canvas.width !== w || canvas.height !== hgt) {
      canvas.width = w;
      canvas.height = hgt;
      canvas.style.width = `${w / density}px`;
      canvas.style.height = `${hgt / density}px`;
    }
  }

  function paint() {
    if (!element.isConnected || !current.seqLen) return;
    measure();
    const colours = palette(element);
    paintCells(image, current, colours);
    const { cell, side, left } = layout;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = false;
    context.drawImage(image, left, 0, side, side);
    if (cell >= 6) grid(colours);
    labels(colours);
    outline(colours);
    painted = colours;
    canvas.setAttribute(
      "aria-label",
      `${current.name}: matrix of ${current.seqLen} queries by ${current.seqLen} keys. Arrow keys move over its cells.`,
    );
    tell();
  }

  function grid(colours) {
    const { cell, side, left, density } = layout;
    context.strokeStyle = rgb(colours.paper);
    context.lineWidth = Math.max(1, Math.round(density));
    context.beginPath();
    for (let i = 0; i <= current.seqLen; i++) {
      context.moveTo(left + i * cell, 0);
      context.lineTo(left + i * cell, side);
      context.moveTo(left, i * cell);
      context.lineTo(left + side, i * cell);
    }
    context.stroke();
  }

  const short = (piece) => {
    const text = readable(piece);
    return [...text].length > 11 ? `${[...text].slice(0, 10).join("")}…` : text;
  };

  function labels(colours) {
    const { cell, side, left, density, labelled } = layout;
    const size = Math.min(12, Math.max(9, cell / density - 1)) * density;
    context.font = `${size}px ${fontOf(element)}`;
    context.textBaseline = "middle";
    const stepOf = (room) => (labelled ? 1 : Math.max(1, 2 ** Math.ceil(Math.log2((room * density) / cell))));
    const [step, columnStep] = [stepOf(16), stepOf(26)];
    const marked = cursor ?? { query: current.query, key: null };
    for (let i = 0; i < current.seqLen; i += step) {
      const text = labelled ? short(current.tokens[i]) : String(i + 1);
      const middle = (i + 0.5) * cell;
      context.fillStyle = rgb(i === marked.query ? colours.query : colours.ink, i === marked.query ? 1 : 0.72);
      context.textAlign = "right";
      context.fillText(text, left - 5 * density, Math.max(middle, size / 2));
      if (i % columnStep) continue;
      context.save();
      const pinned = isPinned(current.pattern, i);
      context.fillStyle = rgb(
        i === marked.key ? colours.key : pinned ? colours.pinned : colours.ink,
        i === marked.key || pinned ? 1 : 0.72,
      );
      context.translate(left + middle, side + 5 * density);
      if (labelled) context.rotate(-Math.PI / 3);
      else context.textAlign = "center";
      context.fillText(pinned ? `★ ${text}` : text, 0, labelled ? 0 : 7 * density);
      context.restore();
    }
  }

  function outline(colours) {
    const row = cursor?.query ?? current.query;
    const { cell, side, left, density } = layout;
    context.lineWidth = 2 * density;
    if (row !== null && row !== undefined && row < current.seqLen) {
      context.strokeStyle = rgb(colours.query);
      const width = current.pattern.causal === false ? side : (row + 1) * cell;
      context.strokeRect(left, row * cell, width, cell);
    }
    if (cursor) {
      context.strokeStyle = rgb(colours.key);
      context.strokeRect(left + cursor.key * cell, cursor.query * cell, cell, cell);
    }
  }

  function tell() {
    told.textContent = cursor ? cellText(cursor) : (current.told ?? "Point at a cell to read it.");
  }

  function cellText({ query, key }) {
    const name = (position) =>
      current.tokens ? `“${readable(current.tokens[position])}” (${position + 1})` : `token ${position + 1}`;
    const reason = why(current.pattern, query, key);
    const words = `query ${name(query)}, key ${name(key)}: ${reason}`;
    if (!current.value || (current.pending && visible(current.pattern, query, key)))
      return `${words}${current.value ? "; weight on its way" : ""}.`;
    const number = current.value(query, key);
    if (number === -Infinity || Number.isNaN(number)) return `${words}.`;
    return `${words}; ${current.unit ?? "weight"} ${number.toFixed(3)}.`;
  }

  function cellAt(event) {
    const box = canvas.getBoundingClientRect();
    const { density, cell, left } = layout;
    const key = Math.floor(((event.clientX - box.left) * density - left) / cell);
    const query = Math.floor(((event.clientY - box.top) * density) / cell);
    const inside = [query, key].every((i) => i >= 0 && i < current.seqLen);
    return inside ? { query, key } : null;
  }

  function move(next) {
    if (next?.query === cursor?.query && next?.key === cursor?.key) return;
    cursor = next;
    paint();
    callbacks.onHover?.(next);
  }

  canvas.addEventListener("pointermove", (event) => move(cellAt(event)));
  canvas.addEventListener("pointerleave", () => move(null));
  canvas.addEventListener("click", (event) => {
    const cell = cellAt(event);
    if (cell) callbacks.onLock?.(cell.query);
  });
  canvas.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (event.key === "Escape") return move(null);
    if (!(event.key in steps)) return;
    event.preventDefault();
    const from = cursor ?? { query: current.query ?? current.seqLen - 1, key: current.query ?? current.seqLen - 1 };
    const clamp = (i) => Math.min(Math.max(i, 0), current.seqLen - 1);
    move({ query: clamp(from.query + steps[event.key][0]), key: clamp(from.key + steps[event.key][1]) });
  });
  canvas.addEventListener("blur", () => move(null));

  function update(next) {
    current = next;
    if (cursor && Math.max(cursor.query, cursor.key) >= next.seqLen) cursor = null;
    paint();
  }

  // Another view points at a query; only the outline moves.
  function point(query) {
    if (query === current.query) return;
    current = { ...current, query };
    if (painted) paint();
  }

  onWidth(element, (now) => {
    width = now;
    paint();
  });
  paint();
  return { update, point };
}
