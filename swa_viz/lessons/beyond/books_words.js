// What is known of a passage: its words, what the model takes it for, and the sentences of it.

/** @import { Lab } from "../../web/lab.js" */
/** @import { ChoiceKnob, NumberKnob } from "../../web/core/types.d.ts" */
/** @import { Likely } from "../../web/views/bars.js" */
/** @import { SharedKnobs } from "./kind.js" */

import { exactReach } from "../../reach.js";
import { counted, percent } from "../../wording/numbers.js";

/**
 * The lab, with the token under the pointer: no knob, so it never enters the link.
 * @typedef {Lab<SharedKnobs & {passage: ChoiceKnob, after: NumberKnob}, {pickedAfter?: number | null}>} BooksLab
 *
 * How an answer is read: from the last token, or from the scores of all tokens.
 * @typedef {"last" | "all"} Reading
 *
 * A passage: its source, its tokens, and all answers in letters (base64).
 * @typedef {{source: number, tokens: readonly string[], after: string, all: string}} Passage
 *
 * How long a passage takes, for each length and window.
 * @typedef {object} Times
 * @property {string} machine
 * @property {number} rounds
 * @property {readonly number[]} lengths
 * @property {readonly (readonly string[])[]} kernels
 * @property {readonly (readonly number[])[]} ms
 * @property {readonly (readonly number[])[]} low
 * @property {readonly (readonly number[])[]} high
 *
 * What was measured, as `stored_books.py` says it; the window null reads everything.
 * @typedef {object} Stored
 * @property {{passage_len: number, held_out: number, seeds: number, steps: number, batch_size: number,
 *   n_layers: number, parameters: number}} how
 * @property {readonly string[]} sources
 * @property {readonly (number | null)[]} windows
 * @property {Record<Reading, readonly (readonly number[])[]>} right
 * @property {Times} times
 * @property {Record<string, Passage>} shown
 *
 * The probability of each source.
 * @typedef {readonly number[]} Shares
 *
 * What is on screen: `at` is the place of the stored window, and `query` the token that answers, from 0.
 * @typedef {object} Shown
 * @property {Stored} stored
 * @property {Passage} passage
 * @property {number} window
 * @property {number} at
 * @property {number} query
 * @property {Shares} windowed - After that token, at this window.
 * @property {Shares} full - After it, in full attention.
 * @property {Shares} allWindowed - By the scores of all tokens.
 * @property {Shares} allFull
 */

/** A probability was stored as a whole number of these. */
const WHOLE = 255;

/**
 * The place of the largest stored window that holds no more than W tokens.
 * @param {Stored} stored
 * @param {number} window
 * @returns {number}
 */
export function placeOf({ windows, how }, window) {
  const whole = windows.length - 1;
  if (window >= how.passage_len) return whole;
  return windows.slice(0, whole).filter((size) => size !== null && size <= window).length - 1;
}

/**
 * Some answers among many, which are stored one after the other.
 * @param {Uint8Array} bytes
 * @param {number} place
 * @param {number} count - Of the sources.
 * @returns {Shares}
 */
export const sharesAt = (bytes, place, count) =>
  Array.from(bytes.subarray(place * count, (place + 1) * count), (whole) => whole / WHOLE);

/**
 * The words of a passage, each by its first token and the one after its last; blanks are no words.
 * @param {readonly string[]} tokens
 * @returns {{start: number, stop: number}[]}
 */
export function wordsOf(tokens) {
  const starts = tokens.flatMap((piece, i) => {
    const goesOn = /^\S/u.test(piece) && i > 0 && /\S$/u.test(tokens[i - 1]);
    return piece.trim() && !goesOn ? [i] : [];
  });
  return starts.map((start, i) => {
    const stop = starts[i + 1] ?? tokens.length;
    const blank = tokens.slice(start, stop).findIndex((piece) => !piece.trim());
    return { start, stop: blank < 0 ? stop : start + blank };
  });
}

/**
 * The sources by their probability, the likeliest first.
 * @param {Stored} stored
 * @param {Shares} shares
 * @returns {Likely[]}
 */
export const likeliest = ({ sources }, shares) =>
  sources.map((name, id) => ({ id, piece: ` ${name}`, share: shares[id] })).sort((a, b) => b.share - a.share);

/**
 * What an answer names: “Moby Dick” (97.6 %).
 * @param {Stored} stored
 * @param {Shares} shares
 */
function namedBy(stored, shares) {
  const [first] = likeliest(stored, shares);
  return `“${first.piece.trim()}” (${percent(first.share)})`;
}

/**
 * The name of a stored window within a sentence.
 * @param {Stored} stored
 * @param {number} at
 * @returns {string}
 */
export function windowWords({ windows }, at) {
  const size = windows[at];
  return size === null ? "a window of the whole passage" : `W = ${size}`;
}

/**
 * What can reach the token that answers.
 * @param {Shown} shown
 * @returns {string}
 */
export function reachSentence({ stored, passage, query, window }) {
  const { n_layers: layers, passage_len: length } = stored.how;
  const heard = Math.min(exactReach(window, layers), query + 1);
  const all = heard === query + 1 ? "that is all of the text so far" : "it cannot know of any other";
  return (
    `This passage of ${length} tokens is from “${stored.sources[passage.source]}”. With W = ${window} in each of ` +
    `${layers} layers, the answer after token ${query + 1} can depend on ${counted(heard, "token")}: ${all}.`
  );
}

/**
 * What the passage is taken for.
 * @param {Shown} shown
 * @returns {string}
 */
export function answerSentence({ stored, query, window, at, windowed, full, allWindowed, allFull }) {
  const size = windowWords(stored, at);
  const isStored = stored.windows[at] === window || stored.windows[at] === null;
  const note = isStored ? "" : ` Answers were stored for some windows only: these are those of ${size}.`;
  return (
    `After token ${query + 1} the model names ${namedBy(stored, windowed)} with ${size}, and ` +
    `${namedBy(stored, full)} in full attention. The scores of all tokens together name ` +
    `${namedBy(stored, allWindowed)} and ${namedBy(stored, allFull)}.${note}`
  );
}
