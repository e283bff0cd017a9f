// A text as it is written, line by line: what one of its tokens reads in one layer, what reaches it through
// several, and some stretches of it that one can choose.

/** @import { Table } from "../core/offer.js" */

import { h } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { arrowed, listenToPointer } from "./pointing.js";

/**
 * What a token is to the query: the query itself, read in one layer, reached through layers, beyond both, or
 * not yet written.
 * @typedef {"query" | "window" | "layers" | "outside" | "after"} Role
 *
 * A stretch that can be chosen; its look says what its own query reads of what it is about, "" where it is about
 * nothing else.
 * @typedef {object} Mark
 * @property {number} start - Its first token.
 * @property {number} stop - The token after its last one.
 * @property {"window" | "layers" | "outside" | ""} role
 * @property {string} title
 *
 * What the view shows.
 * @typedef {object} ReadData
 * @property {readonly string[]} pieces
 * @property {readonly Role[]} roles - Of each token.
 * @property {readonly Mark[]} marks - In their order.
 * @property {number} chosen - Which of them; -1 for none.
 * @property {readonly [number, number] | null} about - What the chosen one is about: first token, and the one after.
 *
 * @typedef {{onPoint: (mark: number | null) => void, onChoose: (mark: number) => void}} ReadCallbacks
 */

/** What a legend says of the roles, by the names of their swatches. */
export const ARRIVAL = {
  key: "read in one layer",
  inlayers: "arrives through layers at most",
  beyond: "beyond all layers",
};
const HINT = "Arrow keys move from one marked stretch to the next.";

/** @typedef {ReturnType<typeof open>} View */

/**
 * Show a text in an element, and keep it up to date.
 * @param {HTMLElement} element
 * @param {{name: string, label: string, hint?: string, table: () => Table}} about - The name of the view, what it
 *   shows, and what can be done with it where that is not to choose a stretch.
 * @param {ReadCallbacks} callbacks
 * @returns {{update: (next: ReadData) => void}}
 */
export function render(element, { name, label, hint = HINT, table }, callbacks) {
  const view = open(element, callbacks);
  element.dataset.view = name;
  view.text.setAttribute("aria-label", `${label} ${hint}`.trim());
  offer(element, { table });
  listenToPointer(view.text, { at: markAt, point: callbacks.onPoint, choose: callbacks.onChoose });
  view.text.addEventListener("keydown", (event) => press(view, event));
  return { update: (next) => update(view, next) };
}

/**
 * @param {HTMLElement} element
 * @param {ReadCallbacks} callbacks
 */
function open(element, callbacks) {
  const text = h("div", { class: "read-text", role: "group" });
  element.replaceChildren(text);
  return {
    element,
    callbacks,
    text,
    data: /** @type {ReadData | null} */ (null),
    tokens: /** @type {HTMLElement[][]} */ ([]),
    buttons: /** @type {HTMLButtonElement[]} */ ([]),
    /** What stands there: another text or other marks are built anew. */
    built: "",
  };
}

/**
 * The mark where an event happened, or null.
 * @param {Event} event
 */
function markAt({ target }) {
  const button = target instanceof Element ? target.closest("button") : null;
  return button ? Number(button.dataset.mark) : null;
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press({ data, buttons, callbacks }, event) {
  const next = arrowed(event, markAt(event) ?? data?.chosen ?? -1, buttons.length);
  if (next === null) return;
  callbacks.onChoose(next);
  buttons.forEach((button, i) => (button.tabIndex = i === next ? 0 : -1));
  buttons[next].focus();
}

/**
 * @param {View} view
 * @param {ReadData} next
 */
function update(view, next) {
  const built = JSON.stringify([next.pieces, next.marks.map(({ start, stop }) => [start, stop])]);
  view.data = next;
  if (built !== view.built) build(view, next);
  view.built = built;
  const [first, last] = next.about ?? [-1, -1];
  view.tokens.forEach((parts, position) => {
    for (const part of parts) {
      part.dataset.role = next.roles[position];
      part.toggleAttribute("data-about", position >= first && position < last);
    }
  });
  const focused = /** @type {Document | ShadowRoot} */ (view.text.getRootNode()).activeElement;
  view.buttons.forEach((button, i) => {
    button.dataset.read = next.marks[i].role;
    button.title = next.marks[i].title;
    button.ariaPressed = String(i === next.chosen);
    if (button !== focused) button.tabIndex = i === Math.max(next.chosen, 0) ? 0 : -1;
  });
}

/**
 * @param {View} view
 * @param {ReadData} next
 */
function build(view, { pieces, marks }) {
  view.tokens = pieces.map(() => []);
  view.buttons = marks.map((_, i) => h("button", { type: "button", class: "word", "data-mark": i }));
  /**
   * @param {number} position
   * @param {string} words
   */
  const part = (position, words) => {
    const element = h("span", { "data-token": position }, words);
    view.tokens[position].push(element);
    return element;
  };
  const parts = pieces.flatMap((piece, position) => {
    const mark = marks.findIndex(({ start, stop }) => position >= start && position < stop);
    if (mark < 0) return [part(position, piece)];
    const button = view.buttons[mark];
    const isFirst = position === marks[mark].start;
    const word = isFirst ? piece.trimStart() : piece;
    button.append(part(position, word));
    // The blank before a word is part of its token, but not of the word.
    const blank = piece.slice(0, piece.length - word.length);
    return isFirst ? [...(blank ? [part(position, blank)] : []), button] : [];
  });
  view.text.replaceChildren(...parts);
}
