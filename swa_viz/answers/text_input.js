// What becomes of a visitor's text before the model reads it: the same as text_input.py.  What Python
// refuses is refused here in the same words, by throwing a Refusal.

/** @import { Limits, Request } from "../web/core/types.d.ts" */

import { Refusal, checkLength, fill } from "./limits.js";

/**
 * Text to token ids, ids to the text of each, and an id to the bytes that it writes.
 * @typedef {object} Vocabulary
 * @property {(text: string) => number[]} encode
 * @property {(ids: readonly number[]) => string[]} pieces - Throws a RangeError for an id that is none.
 * @property {(id: number) => Uint8Array} bytes
 */

// What Python's `strip` takes away; `trim` would take U+FEFF too, and leave U+0085.
const EDGES = /^[\p{White_Space}\x1c-\x1f]+|[\p{White_Space}\x1c-\x1f]+$/gu;

/**
 * The text's tokens, as many as the lab shows, and a sentence if some were left out.
 * @param {string} text
 * @param {Vocabulary} vocabulary
 * @param {Limits} limits
 * @returns {{ids: number[], notice: string}}
 * @throws {Refusal} If the text has too many characters.
 */
export function prepareText(text, vocabulary, limits) {
  checkLength(text, limits.characters, "the text", limits);
  const ids = vocabulary.encode(text);
  if (ids.length <= limits.tokens) return { ids, notice: "" };
  const notice = fill(limits.notice, { tokens: ids.length, shown: limits.tokens });
  return { ids: ids.slice(0, limits.tokens), notice };
}

/**
 * The text with some neighbouring tokens replaced by other words, which keep the leading blank, or dropped.
 * @param {number[]} ids
 * @param {Request["edit"]} edit - Without a replacement the tokens are dropped.
 * @param {Vocabulary} vocabulary
 * @param {Limits} limits
 * @returns {number[]}
 * @throws {Refusal} If the text does not reach so far, or the replacement has too many characters.
 */
export function applyEdit(ids, edit, vocabulary, limits) {
  if (!edit) return ids;
  const { position, replacement, n_tokens: count } = edit;
  const stop = position + count;
  if (!Number.isInteger(stop) || position < 0 || position >= stop || stop > ids.length) {
    throw new Refusal(fill(limits.nowhere, { tokens: ids.length, position: String(stop) }));
  }
  /** @type {number[]} */
  let newIds = [];
  if (replacement !== null) {
    checkLength(replacement, limits.replacement, "the replacement", limits);
    const [piece] = vocabulary.pieces([ids[position]]);
    newIds = vocabulary.encode((piece.startsWith(" ") ? " " : "") + replacement.replace(EDGES, ""));
  }
  return [...ids.slice(0, position), ...newIds, ...ids.slice(stop)];
}
