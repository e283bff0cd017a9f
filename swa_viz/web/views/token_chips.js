// The tokens of the token view, one button each, dressed by what they are to the query.

/** @import { TokensData } from "./tokens.js" */

import { why } from "../../patterns/pattern.js";
import { h } from "../core/dom.js";
import { thousands, weightText } from "../../wording/numbers.js";
import { continuesWord, readable } from "../../wording/text.js";
import { roleOf } from "./roles.js";

/**
 * One token on the page, and the number in it.
 * @typedef {{chip: HTMLButtonElement, number: HTMLElement}} Chip
 */

/**
 * What is shown of all tokens in one pass.
 * @typedef {object} Showing
 * @property {TokensData} data
 * @property {number} query
 * @property {number | null} asked - A token that the visitor points at while the query is locked.
 * @property {(number | null)[]} weights - Of each key: null if the query does not read it, and NaN
 *   while its weight is not known.
 * @property {Element | null} focused - Where the keyboard is.
 */

// These roles change the width of a token: the query is bold, a pinned one has a star.
const WIDER = ["query", "pinned", undefined];

/**
 * A button for every token.
 * @param {readonly string[]} tokens
 * @param {number} [first] - The position of the first one in its text.
 * @returns {Chip[]}
 */
export function chipsOf(tokens, first = 0) {
  return tokens.map((piece, position) => {
    const number = h("span", { class: "weight" });
    const looks = `chip${continuesWord(piece) && position ? " glued" : ""}`;
    const attributes = { type: "button", class: looks, tabindex: -1, "data-token": first + position };
    return { chip: h("button", attributes, h("bdi", {}, readable(piece)), number), number };
  });
}

/**
 * The position of the view's first token in its text.
 * @param {TokensData} data
 * @returns {number}
 */
export const firstOf = ({ part }) => part?.first ?? 0;

/**
 * Which tokens these are: the same for the same tokens at the same place.
 * @param {TokensData} data
 * @returns {string}
 */
export const identityOf = (data) => `${firstOf(data)} ${data.tokens}`;

/**
 * Show what one token is to the query.
 * @param {Chip} shown
 * @param {number} key
 * @param {Showing} showing
 * @returns {boolean} Whether its width may have changed.
 */
export function showChip({ chip, number }, key, { data, query, asked, weights, focused }) {
  const { pattern, full, locked, marks, pending } = data;
  const changed = dress(chip, roleOf(pattern, full, query, key));
  put(chip.dataset, "mark", marks?.[key] ?? "");
  chip.classList.toggle("asked", key === asked);
  const place = `token ${thousands(firstOf(data) + key + 1)}`;
  put(chip, "title", `${place}${key === query ? ", the query" : `: ${why(pattern, query, key)}`}`);
  put(chip, "ariaPressed", String(key === locked));
  if (chip !== focused) put(chip, "tabIndex", key === query ? 0 : -1);
  put(number, "textContent", numberText(weights[key], pending));
  return changed;
}

/**
 * Write only what is new: to the browser, writing is a change.
 * @template {object} Thing
 * @template {keyof Thing} Name
 * @param {Thing} thing
 * @param {Name} name
 * @param {Thing[Name]} value
 */
function put(thing, name, value) {
  if (thing[name] !== value) thing[name] = value;
}

/**
 * @param {number | null} weight
 * @param {boolean} pending
 */
function numberText(weight, pending) {
  if (weight === null) return "";
  if (!Number.isNaN(weight)) return weightText(weight);
  return pending ? "…" : "";
}

/**
 * @param {HTMLElement} chip
 * @param {string} role
 * @returns {boolean} Whether its width may have changed.
 */
function dress(chip, role) {
  const before = chip.dataset.role;
  if (before === role) return false;
  chip.dataset.role = role;
  return WIDER.includes(before) || WIDER.includes(role);
}
