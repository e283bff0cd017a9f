// What becomes of a visitor's text before the model reads it (the twin of `read_text` and `edited`
// in reading.py); `limits` is TEXT_LIMITS of limits.py:
//
//   readText(text, vocabulary, limits) -> {ids, notice}
//   edited(ids, edit, vocabulary, limits) -> ids      edit: {position, replacement} or null
//
// Python counts characters where JavaScript counts halves of surrogate pairs: here, too, a limit
// means characters.

import { thousands } from "../wording/numbers.js";

// What Python's `strip` takes away; `trim` would take U+FEFF too, and leave U+0085.
const EDGES = /^[\p{White_Space}\x1c-\x1f]+|[\p{White_Space}\x1c-\x1f]+$/gu;

// The first characters of a text.  None is longer than two units, so what lies beyond is not looked at.
const firstCharacters = (text, count) => [...text.slice(0, 2 * count)].slice(0, count).join("");

// fill("{a} and {b}", {a: 1, b: 2}) -> "1 and 2"
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// The text's tokens, as many as the lab shows, and a sentence if some were left out.
export function readText(text, vocabulary, limits) {
  const ids = vocabulary.encode(firstCharacters(String(text), limits.characters));
  if (ids.length <= limits.tokens) return { ids, notice: "" };
  const notice = fill(limits.notice, { tokens: thousands(ids.length), shown: limits.tokens });
  return { ids: ids.slice(0, limits.tokens), notice };
}

// The text with one token replaced by other words, which keep its leading blank, or dropped
// (`replacement` is null).  Throws a RangeError if the text has no token at the position.
export function edited(ids, edit, vocabulary, limits) {
  if (!edit) return ids;
  const { position, replacement } = edit;
  if (!Number.isInteger(position) || position < 0 || position >= ids.length) {
    throw new RangeError(fill(limits.nowhere, { tokens: ids.length, position }));
  }
  let newIds = [];
  if (replacement !== null) {
    const [piece] = vocabulary.pieces([ids[position]]);
    const words = firstCharacters(String(replacement), limits.replacement).replace(EDGES, "");
    newIds = vocabulary.encode((piece.startsWith(" ") ? " " : "") + words);
  }
  return [...ids.slice(0, position), ...newIds, ...ids.slice(position + 1)];
}
