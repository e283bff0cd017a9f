// Token view: the sentence as tokens, and arcs from one query to the keys that it reads.

/** @import { Pattern } from "../core/types.d.ts" */
/** @import { Read } from "./token_arcs.js" */
/** @import { Stretch } from "./token_sentence.js" */
/** @import { Chip } from "./token_chips.js" */
/** @import { Layout } from "./token_places.js" */

import { visible } from "../../patterns/pattern.js";
import { h, svg } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { arcsFrom } from "./token_arcs.js";
import { chipsOf, firstOf, identityOf, showChip } from "./token_chips.js";
import { layOut } from "./token_places.js";
import { sentence } from "./token_sentence.js";
import { tableOf } from "./token_table.js";
import { followPaper } from "./paper.js";

/**
 * What the view shows.
 * @typedef {object} TokensData
 * @property {readonly string[]} tokens - The text of each token, with its leading blank.
 * @property {Pattern} pattern
 * @property {Pattern} full - Full attention: what only it reads is dashed.
 * @property {(query: number, key: number) => number} weight - NaN where it is not known.
 * @property {number | null} locked - The query that a click holds, or null.
 * @property {boolean} pending - The weights of this pattern are on their way: show no numbers.
 * @property {string} [waiting] - What to say in their place; needed where they are pending.
 * @property {Stretch | null} [part] - Where these tokens stand in a longer text; all positions count from there.
 * @property {readonly string[] | null} [marks] - A mark for each token: "same", "trace", "strong" or "".
 */

/**
 * Whom the view tells that somebody points at a query (null: at none), or locks one (null: unlocks).
 * @typedef {object} TokensCallbacks
 * @property {(query: number | null) => void} [onHover]
 * @property {(query: number | null) => void} [onLock]
 */

/** @typedef {ReturnType<typeof open>} View */

/**
 * Show the tokens in an element, and keep them up to date.
 * @param {HTMLElement} element
 * @param {TokensData} data
 * @param {TokensCallbacks} callbacks
 * @returns {{update: (next: TokensData) => void, point: (query: number, key?: number | null) => void}}
 *   `point` shows another query, and perhaps one of its keys, because another view points at it.
 */
export function render(element, data, callbacks) {
  const view = open(element, data, callbacks);
  listen(view);
  makeChips(view);
  paint(view);
  return { update: (next) => update(view, next), point: (query, key = null) => point(view, query, key) };
}

/**
 * @param {HTMLElement} element
 * @param {TokensData} data
 * @param {TokensCallbacks} callbacks
 */
function open(element, data, callbacks) {
  const arcs = svg("svg", { class: "arcs", "aria-hidden": "true" });
  const strip = h("div", {
    class: "strip",
    role: "group",
    "aria-label": "The text as tokens. Arrow keys move, Enter locks, Escape unlocks.",
  });
  const spoken = h("p", { class: "spoken", role: "status", "aria-live": "polite" });
  const stage = h("div", { class: "token-view" }, arcs, strip);
  element.dataset.view = "tokens";
  offer(element, { table: () => tableOf(view.data, view.query, view.reads) });
  element.replaceChildren(stage, spoken);
  const view = {
    element,
    callbacks,
    arcs,
    strip,
    spoken,
    stage,
    data,
    chips: /** @type {Chip[]} */ ([]),
    /** Where the tokens stand; null while they must be measured anew. */
    layout: /** @type {Layout | null} */ (null),
    /** It tells when a token's place may have changed: with the width of the page, or of a token. */
    watch: new ResizeObserver(() => {
      view.layout = null;
      requestAnimationFrame(() => drawArcs(view));
    }),
    query: 0,
    reads: /** @type {Read[]} */ ([]),
    /** The token that the visitor points at. */
    hovered: /** @type {number | null} */ (null),
    /** The same while another one is locked: its relation to the query is told. */
    asked: /** @type {number | null} */ (null),
  };
  return view;
}

/** @param {View} view */
const queryOf = ({ data, hovered }) => data.locked ?? hovered ?? data.tokens.length - 1;

/** @param {View} view */
function makeChips(view) {
  view.chips = chipsOf(view.data.tokens, firstOf(view.data));
  view.strip.replaceChildren(...view.chips.map(({ chip }) => chip));
  view.watch.disconnect();
  [view.stage, ...view.strip.children].forEach((part) => view.watch.observe(part));
  view.layout = null;
}

/** @param {View} view */
function paint(view) {
  const { element, data, chips, asked } = view;
  if (!data.tokens.length || !element.isConnected) return;
  const query = Math.min(queryOf(view), data.tokens.length - 1);
  const weights = weightsOf(data, query);
  const showing = { data, query, asked, weights, focused: focusedIn(view) };
  chips.forEach((chip, key) => {
    if (showChip(chip, key, showing)) view.layout = null;
  });
  view.query = query;
  view.reads = weights.flatMap((weight, key) => (weight === null ? [] : [{ key, weight }]));
  drawArcs(view);
  view.spoken.textContent = sentence(data, query, view.reads, asked);
  view.stage.classList.toggle("pending", data.pending);
}

/**
 * Draw the arcs where the tokens stand, which is measured anew if they may have moved.
 * @param {View} view
 */
function drawArcs(view) {
  const { data, query, reads, arcs } = view;
  view.layout ??= layOut(view);
  if (view.layout) arcs.replaceChildren(...arcsFrom(data.pattern, query, reads, view.layout, firstOf(data)));
}

/**
 * The weight of each key: null if the query does not read it, and NaN while it is not known.
 * @param {TokensData} data
 * @param {number} query
 */
function weightsOf({ tokens, pattern, pending, weight }, query) {
  return tokens.map((_, key) => {
    if (!visible(pattern, query, key)) return null;
    return pending ? NaN : weight(query, key);
  });
}

/**
 * Where the keyboard is, in the document or shadow root that holds the view.
 * @param {View} view
 */
function focusedIn({ strip }) {
  return /** @type {Document | ShadowRoot} */ (strip.getRootNode()).activeElement;
}

/** @param {View} view */
function listen(view) {
  const { strip } = view;
  strip.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "touch") hover(view, positionOf(view, event));
  });
  strip.addEventListener("pointerleave", () => hover(view, null));
  strip.addEventListener("click", (event) => {
    const position = positionOf(view, event);
    if (position !== null) view.callbacks.onLock?.(position === view.data.locked ? null : position);
  });
  strip.addEventListener("keydown", (event) => press(view, event));
  followPaper(view, drawArcs);
}

/**
 * The token of the view where an event happened, or null.
 * @param {View} view
 * @param {Event} event
 */
function positionOf({ chips }, { target }) {
  const found = chips.findIndex(({ chip }) => target instanceof Node && chip.contains(target));
  return found < 0 ? null : found;
}

/**
 * @param {View} view
 * @param {number | null} position
 */
function hover(view, position) {
  const { locked } = view.data;
  view.asked = locked !== null && position !== locked ? position : null;
  const moved = position !== view.hovered;
  view.hovered = position;
  paint(view);
  if (moved) view.callbacks.onHover?.(position);
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  const here = positionOf(view, event) ?? queryOf(view);
  const last = view.chips.length - 1;
  /** @type {Record<string, number>} */
  const moves = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last };
  if (event.key in moves) {
    const next = Math.min(Math.max(moves[event.key], 0), last);
    if (view.data.locked !== null) view.callbacks.onLock?.(next);
    hover(view, next);
    focusToken(view, next);
  } else if (event.key === "Escape") {
    view.callbacks.onLock?.(null);
  } else return;
  event.preventDefault();
}

/**
 * @param {View} view
 * @param {number} position
 */
function focusToken({ chips }, position) {
  chips.forEach(({ chip }, i) => (chip.tabIndex = i === position ? 0 : -1));
  chips[position]?.chip.focus({ preventScroll: false });
}

/**
 * @param {View} view
 * @param {TokensData} next
 */
function update(view, next) {
  const isNewText = identityOf(next) !== identityOf(view.data) || view.chips.length !== next.tokens.length;
  view.data = next;
  if (isNewText) {
    view.hovered = view.asked = null;
    makeChips(view);
  }
  paint(view);
}

/**
 * @param {View} view
 * @param {number} query
 * @param {number | null} key
 */
function point(view, query, key) {
  view.hovered = query;
  view.asked = key !== query ? key : null;
  paint(view);
}
