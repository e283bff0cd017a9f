// Token view: the sentence as tokens, and arcs from one query to the keys that it reads.
//
// render(element, data, callbacks) -> {update, focusToken}
//   data: {tokens, pattern, weight(query, key) -> number | NaN, pending, locked, marks, full}
//   `pending`: the weights of this pattern are on their way; show no numbers.
//   callbacks: onHover(query | null), onLock(query | null)

import { h, svg } from "../core/dom.js";
import { weightText } from "../core/numbers.js";
import { keysOf, visible, why, isPinned } from "../../patterns/pattern.js";
import { continuesWord, readable } from "../core/text.js";

const LIFT_PER_PX = 0.32;
const MAX_LIFT = 58;
const WIDER = ["query", "pinned", undefined];

// Write only what is new: to the browser, writing is a change.
function put(object, name, value) {
  if (object[name] !== value) object[name] = value;
}

export function render(element, data, callbacks) {
  const arcs = svg("svg", { class: "arcs", "aria-hidden": "true" });
  const strip = h("div", {
    class: "strip",
    role: "group",
    "aria-label": "The text as tokens. Arrow keys move, Enter locks, Escape unlocks.",
  });
  const spoken = h("p", { class: "spoken", role: "status", "aria-live": "polite" });
  const stage = h("div", { class: "token-view" }, arcs, strip);
  element.replaceChildren(stage, spoken);

  let chips = [];
  let hovered = null;
  let asked = null;
  let current = data;
  // Where the tokens stand; null while they must be measured anew.
  let places = null;

  const query = () => current.locked ?? hovered ?? current.tokens.length - 1;

  function makeChips() {
    chips = current.tokens.map((piece, position) => {
      const number = h("span", { class: "weight" });
      const chip = h(
        "button",
        {
          type: "button",
          class: `chip${continuesWord(piece) && position ? " glued" : ""}`,
          tabindex: -1,
          "data-position": position,
        },
        h("bdi", {}, readable(piece)),
        number,
      );
      return { chip, number };
    });
    strip.replaceChildren(...chips.map(({ chip }) => chip));
    places = null;
  }

  const positionOf = (event) => {
    const chip = event.target.closest?.(".chip");
    return chip ? Number(chip.dataset.position) : null;
  };

  function hover(position) {
    asked = current.locked !== null && position !== current.locked ? position : null;
    if (position === hovered) return paint();
    hovered = position;
    paint();
    callbacks.onHover?.(position);
  }

  function lock(position) {
    callbacks.onLock?.(position === current.locked ? null : position);
  }

  strip.addEventListener("pointerover", (event) => event.pointerType !== "touch" && hover(positionOf(event)));
  strip.addEventListener("pointerleave", () => hover(null));
  strip.addEventListener("click", (event) => {
    const position = positionOf(event);
    if (position !== null) lock(position);
  });
  strip.addEventListener("keydown", (event) => {
    const here = positionOf(event) ?? query();
    const last = chips.length - 1;
    const moves = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last };
    if (event.key in moves) {
      const next = Math.min(Math.max(moves[event.key], 0), last);
      if (current.locked !== null) callbacks.onLock?.(next);
      hover(next);
      focusToken(next);
    } else if (event.key === "Escape") {
      callbacks.onLock?.(null);
    } else return;
    event.preventDefault();
  });

  function focusToken(position) {
    chips.forEach(({ chip }, i) => (chip.tabIndex = i === position ? 0 : -1));
    chips[position]?.chip.focus({ preventScroll: false });
  }

  function paint() {
    const { tokens, pattern, pending } = current;
    if (!tokens.length || !element.isConnected) return;
    const at = Math.min(query(), tokens.length - 1);
    const rows = [];
    const focused = strip.getRootNode().activeElement;
    chips.forEach(({ chip, number }, key) => {
      const seen = visible(pattern, at, key);
      const weight = seen && !pending ? current.weight(at, key) : NaN;
      dress(chip, roleOf(pattern, at, key, seen));
      put(chip.dataset, "mark", current.marks?.[key] ?? "");
      chip.classList.toggle("asked", key === asked);
      put(chip, "title", key === at ? `token ${key + 1}, the query` : `token ${key + 1}: ${why(pattern, at, key)}`);
      put(chip, "ariaPressed", String(key === current.locked));
      if (focused !== chip) put(chip, "tabIndex", key === at ? 0 : -1);
      put(number, "textContent", seen ? (Number.isNaN(weight) ? (pending ? "…" : "") : weightText(weight)) : "");
      if (seen) rows.push({ key, weight });
    });
    drawArcs(at, rows);
    spoken.textContent = sentence(at, rows);
    stage.classList.toggle("pending", pending);
  }

  // A role may change a token's width: the query is bold, a pinned one has a star.
  function dress(chip, role) {
    const before = chip.dataset.role;
    if (before === role) return;
    if (WIDER.includes(before) || WIDER.includes(role)) places = null;
    chip.dataset.role = role;
  }

  function measure() {
    const frame = stage.getBoundingClientRect();
    arcs.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    return chips.map(({ chip }) => {
      const box = chip.getBoundingClientRect();
      return { x: box.left - frame.left + box.width / 2, y: box.top - frame.top };
    });
  }

  function drawArcs(at, rows) {
    places ??= measure();
    const from = places[at];
    const paths = rows
      .filter(({ key }) => key !== at)
      .map(({ key, weight }) => {
        const to = places[key];
        const lift = Math.min(MAX_LIFT, 12 + LIFT_PER_PX * Math.abs(from.x - to.x));
        const share = Number.isNaN(weight) ? 0.15 : weight;
        return svg("path", {
          d: `M${from.x} ${from.y} C${from.x} ${from.y - lift} ${to.x} ${to.y - lift} ${to.x} ${to.y}`,
          class: isPinned(current.pattern, key) ? "pinned" : "",
          "stroke-width": 1 + 7 * Math.sqrt(share),
          "stroke-opacity": 0.3 + 0.65 * Math.sqrt(share),
        });
      });
    arcs.replaceChildren(...paths);
  }

  function sentence(at, rows) {
    const name = `“${readable(current.tokens[at])}” (token ${at + 1})`;
    if (asked !== null) {
      const key = `“${readable(current.tokens[asked])}” (token ${asked + 1})`;
      return `${name} and ${key}: ${why(current.pattern, at, asked)}.`;
    }
    const count = `${name} reads ${rows.length} of ${current.tokens.length} tokens`;
    const hidden = current.full ? keysOf(current.full, at, current.tokens.length).length - rows.length : 0;
    const dimmed =
      hidden > 0
        ? ` ${hidden} older ${hidden === 1 ? "token" : "tokens"} (dashed) would be read with full attention.`
        : "";
    if (current.pending) return `${count}; ${current.waiting ?? "computing…"}.${dimmed}`.replace("….", "…");
    const top = [...rows]
      .filter((row) => !Number.isNaN(row.weight))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, 3);
    const most = top.map(({ key, weight }) => `${readable(current.tokens[key])} ${weightText(weight)}`).join(", ");
    return most ? `${count}; most of all ${most}.${dimmed}` : `${count}.${dimmed}`;
  }

  function roleOf(pattern, at, key, seen) {
    if (key === at) return "query";
    if (seen) return isPinned(pattern, key) ? "pinned" : "key";
    return current.full && visible(current.full, at, key) ? "outside" : "future";
  }

  function update(next) {
    const changedText = String(next.tokens) !== String(current.tokens) || chips.length !== next.tokens.length;
    current = next;
    if (changedText) {
      hovered = asked = null;
      makeChips();
    }
    paint();
  }

  // Another view points at a query, and perhaps at one of its keys.
  function point(position, key = null) {
    hovered = position;
    asked = key !== position ? key : null;
    paint();
  }

  new ResizeObserver(() => {
    places = null;
    paint();
  }).observe(stage);
  makeChips();
  paint();
  return { update, point, focusToken };
}
