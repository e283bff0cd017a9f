// A schedule as text: a letter for every layer, and after it perhaps a window of the layer's own.  The same as
// schedule_text.py, which says how it is written; a test holds the two equal.

import { thousands } from "../wording/numbers.js";

/**
 * A layer as it is written: its letter, and its own window, or null for the page's.
 * @typedef {{letter: string, size: number | null}} LayerText
 *
 * What somebody typed: a letter for every layer, and what must be said of it, or "".  The text is null for what
 * is no schedule, and the reason is said.
 * @typedef {{text: string | null, said: string}} Typed
 *
 * @typedef {{letter: string, digits: string}} Part
 */

/** @type {Readonly<Record<string, string>>} */
const WRITTEN = {
  w: "L for a window",
  f: "G for full attention",
  d: "D for a dilated window",
  c: "C for chunks",
};
/** @type {Readonly<Record<string, string>>} */
const ALSO = { l: "w", g: "f" };
const UNSIZED = "f";
const MOST_CHARACTERS = 2000;
const LAYER = /([A-Za-z])(?:[ \t]*:?[ \t]*([0-9]+))?[ \t\r\n,]*/uy;

class Refused extends Error {}

/**
 * The layers of a schedule as an address has it.
 * @param {string} text
 * @returns {LayerText[]}
 */
export const layersIn = (text) =>
  [...text.matchAll(/([a-z])([0-9]*)/g)].map(([, letter, digits]) => ({
    letter,
    size: digits ? Number(digits) : null,
  }));

/**
 * A layer as it stands in an address.
 * @param {LayerText} layer
 * @returns {string}
 */
export const layerText = ({ letter, size }) => `${letter}${size ?? ""}`;

/**
 * May a window of its own follow this letter?
 * @param {string} letter
 * @returns {boolean}
 */
export const isSized = (letter) => !UNSIZED.includes(letter);

/**
 * The layers that take the page's window, from 0; null where all do that have one.
 * @param {string} text
 * @returns {number[] | null}
 */
export function following(text) {
  const layers = layersIn(text);
  if (layers.every(({ size }) => size === null)) return null;
  return [...layers.keys()].filter((i) => layers[i].size === null && isSized(layers[i].letter));
}

/**
 * Is there a layer that takes the page's window?
 * @param {string} text
 * @returns {boolean}
 */
export const takesWindow = (text) => layersIn(text).some(({ letter, size }) => size === null && isSized(letter));

/**
 * The layers as somebody would type them: a row that stands there at least twice is written once, "LLLLLG".
 * @param {string} text - As an address has it.
 * @returns {string}
 */
export function asTyped(text) {
  const layers = layersIn(text).map(layerText);
  const repeats = (/** @type {number} */ length) => layers.every((layer, i) => layer === layers[i % length]);
  const twice = layers.map((_, i) => i + 1).filter((length) => 2 * length <= layers.length);
  const least = twice.find(repeats) ?? layers.length;
  return layers
    .slice(0, least)
    .map((layer) => layer.replace(/^./, (letter) => WRITTEN[letter][0]))
    .join("");
}

/**
 * The schedule that somebody typed.
 * @param {string} typed
 * @param {object} stack
 * @param {number | null} stack.nLayers - Null for no model in particular: the row stays as it is.
 * @param {readonly string[]} stack.letters - Those that it knows.
 * @param {number} stack.atMost - The most keys of a window.
 * @returns {Typed}
 */
export function readTyped(typed, { nLayers: wanted, letters, atMost }) {
  try {
    const parts = partsOf(typed, letters);
    const nLayers = wanted ?? parts.length;
    if (!parts.length || parts.length > nLayers) throw new Refused(countText(parts.length, nLayers));
    const layers = parts.map((part) => bounded(part, atMost));
    const said = [movedText(parts, atMost), repeatedText(layers.length, nLayers)];
    const repeated = Array.from({ length: nLayers }, (_, i) => layers[i % layers.length]);
    return { text: repeated.join(""), said: said.filter(Boolean).join(" ") };
  } catch (error) {
    if (error instanceof Refused) return { text: null, said: error.message };
    throw error;
  }
}

/**
 * Each layer's letter and digits.
 * @param {string} typed
 * @param {readonly string[]} letters
 * @returns {Part[]}
 */
function partsOf(typed, letters) {
  if ([...typed].length > MOST_CHARACTERS)
    throw new Refused(`A schedule has at most ${thousands(MOST_CHARACTERS)} characters.`);
  /** @type {Part[]} */
  const parts = [];
  LAYER.lastIndex = typed.length - typed.replace(/^[ \t\r\n,]+/, "").length;
  while (LAYER.lastIndex < typed.length) {
    const place = LAYER.lastIndex;
    const part = partOf(LAYER.exec(typed));
    if (!part || !letters.includes(part.letter)) throw new Refused(unknownText(typed, place, letters));
    parts.push(part);
    if (part.digits && !isSized(part.letter))
      throw new Refused(`Layer ${parts.length} is full attention, which has no window: leave out its number.`);
  }
  return parts;
}

/**
 * @param {RegExpExecArray | null} found
 * @returns {Part | null}
 */
function partOf(found) {
  if (!found) return null;
  const small = found[1].toLowerCase();
  return { letter: ALSO[small] ?? small, digits: found[2] ?? "" };
}

/**
 * @param {string} typed
 * @param {number} place - All before it are letters, digits and blanks: one code unit each.
 * @param {readonly string[]} letters
 */
function unknownText(typed, place, letters) {
  const known = Object.keys(WRITTEN).filter((letter) => letters.includes(letter));
  const character = [...typed.slice(place, place + 2)][0];
  return `“${character}” (character ${place + 1}) is no layer: write ${known.map((each) => WRITTEN[each]).join(", ")}.`;
}

/**
 * @param {number} found
 * @param {number} nLayers
 */
function countText(found, nLayers) {
  if (!found) return "Write a letter for each layer, such as LLLLLG.";
  return `There are ${found} layers in this, and the model has ${nLayers}.`;
}

/**
 * @param {Part} part
 * @param {number} atMost
 */
const bounded = ({ letter, digits }, atMost) =>
  layerText({ letter, size: digits ? Math.min(Math.max(Number(digits), 1), atMost) : null });

/**
 * Which number had to be changed, the first of them.
 * @param {readonly Part[]} parts
 * @param {number} atMost
 */
function movedText(parts, atMost) {
  const place = parts.findIndex(({ digits }) => digits && (Number(digits) > atMost || Number(digits) < 1));
  if (place < 0) return "";
  return Number(parts[place].digits) < 1
    ? `Layer ${place + 1} asks for no key, and the least is 1, the token itself.`
    : `Layer ${place + 1} asks for more than ${thousands(atMost)} keys, the most here.`;
}

/**
 * @param {number} found
 * @param {number} nLayers
 */
function repeatedText(found, nLayers) {
  if (found === nLayers) return "";
  if (found === 1) return `The letter stands for all ${nLayers} layers.`;
  if (nLayers % found === 0) return `These ${found} layers are repeated ${nLayers / found} times.`;
  return `These ${found} layers are repeated over all ${nLayers}; the last time they are cut off.`;
}
