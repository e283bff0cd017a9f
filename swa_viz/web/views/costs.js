// The text, each token coloured by what it costs more than under another condition.  Nothing is the
// page's own background; a number below a token is the second sign.

/** @import { Chip } from "./token_chips.js" */

import { h } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { letterColour, rampOf, scaleColour } from "../core/scale.js";
import { palette, rgb } from "../core/theme.js";
import { readable } from "../../wording/text.js";
import { signedBits } from "../../wording/numbers.js";
import { keysOf } from "./keys.js";
import { listenToPointer } from "./pointing.js";
import { chipsOf } from "./token_chips.js";

/**
 * What the view shows.
 * @typedef {object} CostsData
 * @property {readonly string[]} tokens
 * @property {readonly (number | null)[]} before - What each costs, in bits; null for one that is not predicted.
 * @property {readonly (number | null)[] | null} after - The same under the condition that is looked at; null while
 *   it is not known.
 * @property {number} query - The token that is looked at.
 * @property {number | null} locked - The same if a click holds it.
 */

/**
 * Whom the view tells that somebody points at a token (null: at none), or locks one (null: unlocks).
 * @typedef {object} CostsCallbacks
 * @property {(position: number | null) => void} onHover
 * @property {(position: number | null) => void} onLock
 */

/** The end of the scale, and the least number that is written, in bits. */
const [MOST, LEAST] = [8, 0.5];
const TICKS = [0, 2, 4, 6, 8];
const LEGEND = { less: "dashed outline: at least half a bit cheaper with the window" };

/** @typedef {ReturnType<typeof open>} View */

/**
 * Show the text in an element, and keep it up to date.
 * @param {HTMLElement} element
 * @param {CostsCallbacks} callbacks
 * @returns {{update: (next: CostsData) => void}}
 */
export function render(element, callbacks) {
  const view = open(element, callbacks);
  listen(view);
  return { update: (next) => update(view, next) };
}

/**
 * @param {HTMLElement} element
 * @param {CostsCallbacks} callbacks
 */
function open(element, callbacks) {
  const label = "The text as tokens. Arrow keys move, Enter locks, Escape unlocks.";
  const strip = h("div", { class: "costs", role: "group", "aria-label": label });
  const ramp = h("div", { class: "ramp" });
  const ticks = TICKS.map((bits) => h("span", {}, bits === MOST ? `${bits} or more` : bits));
  const legend = keysOf(LEGEND);
  const name = h("span", { class: "scale-name" }, "bits more than in full attention");
  element.dataset.view = "costs";
  element.replaceChildren(
    strip,
    h("div", { class: "scale" }, name, ramp, h("div", { class: "ticks" }, ticks), legend.element),
  );
  const view = {
    element,
    callbacks,
    ...{ strip, ramp, legend },
    data: /** @type {CostsData} */ ({ tokens: [], before: [], after: null, query: 0, locked: null }),
    chips: /** @type {Chip[]} */ ([]),
  };
  offer(element, { table: () => tableOf(view.data) });
  return view;
}

/** @param {CostsData} data */
function tableOf({ tokens, before, after }) {
  const rows = tokens.map((piece, i) => [i + 1, piece, before[i], after?.[i] ?? null]);
  return { columns: ["position", "token", "bits_full", "bits_window"], rows };
}

/**
 * @param {View} view
 * @param {CostsData} next
 */
function update(view, next) {
  const isNewText = String(next.tokens) !== String(view.data.tokens) || view.chips.length !== next.tokens.length;
  view.data = next;
  if (isNewText) {
    view.chips = chipsOf(next.tokens);
    view.strip.replaceChildren(...view.chips.map(({ chip }) => chip));
  }
  view.ramp.style.background = rampOf(palette(view.element));
  const focused = /** @type {Document | ShadowRoot} */ (view.strip.getRootNode()).activeElement;
  view.chips.forEach((chip, i) => dress(view, chip, i, focused));
  view.legend.say("less", next.tokens.some((_, i) => moreOf(next, i) <= -LEAST) ? LEGEND.less : "");
}

/**
 * What a token costs more, in bits; 0 where that is not known.
 * @param {CostsData} data
 * @param {number} position
 */
function moreOf({ before, after }, position) {
  const [one, other] = [before[position], after?.[position]];
  return typeof one === "number" && typeof other === "number" ? other - one : 0;
}

/**
 * @param {View} view
 * @param {Chip} shown
 * @param {number} position
 * @param {Element | null} focused - Where the keyboard is.
 */
function dress({ element, data }, { chip, number }, position, focused) {
  const more = moreOf(data, position);
  const colour = scaleColour(more / MOST, palette(element));
  const isWritten = Math.abs(more) >= LEAST;
  chip.style.background = more > 0 ? rgb(colour) : "";
  chip.style.color = more >= LEAST ? letterColour(colour) : "";
  chip.classList.toggle("less", more <= -LEAST);
  chip.classList.toggle("asked", position === data.query);
  chip.ariaPressed = String(position === data.locked);
  chip.title = titleOf(data, position);
  if (chip !== focused) chip.tabIndex = position === data.query ? 0 : -1;
  number.textContent = isWritten ? signedBits(more) : "";
}

/**
 * What a token costs, in words.
 * @param {CostsData} data
 * @param {number} position
 */
function titleOf({ tokens, before, after }, position) {
  const name = `“${readable(tokens[position])}”`;
  const [one, other] = [before[position], after?.[position]];
  if (typeof one !== "number") return `${name} is read and not predicted`;
  const windowed = typeof other === "number" ? `, with the window ${other.toFixed(1)}` : "";
  return `${name} costs ${one.toFixed(1)} bits in full attention${windowed}`;
}

/** @param {View} view */
function listen(view) {
  const { strip, callbacks } = view;
  /** @param {number} position */
  const toggle = (position) => callbacks.onLock(position === view.data.locked ? null : position);
  listenToPointer(strip, { at: positionOf, point: callbacks.onHover, choose: toggle, tap: toggle });
  strip.addEventListener("keydown", (event) => press(view, event));
}

/**
 * The position of the token where an event happened, or null.
 * @param {Event} event
 */
function positionOf({ target }) {
  const chip = target instanceof Element ? target.closest(".chip") : null;
  return chip instanceof HTMLElement ? Number(chip.dataset.token) : null;
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press({ chips, data, callbacks }, event) {
  const here = positionOf(event) ?? data.query;
  const last = chips.length - 1;
  /** @type {Record<string, number>} */
  const moves = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last };
  if (event.key in moves) {
    const next = Math.min(Math.max(moves[event.key], 0), last);
    if (data.locked !== null) callbacks.onLock(next);
    else callbacks.onHover(next);
    chips.forEach(({ chip }, i) => (chip.tabIndex = i === next ? 0 : -1));
    chips[next]?.chip.focus();
  } else if (event.key === "Escape") callbacks.onLock(null);
  else return;
  event.preventDefault();
}
