// What a token reads through windows of W in every layer: in one layer, through all of them, or not at all.

/** @import { Role } from "../../web/views/read_text.js" */

import { exactReach } from "../../reach.js";

/**
 * The windows of a model: W, and how many layers it has.
 * @typedef {{size: number, layers: number}} Windows
 */

/**
 * How something is read that stands so many tokens before the query.
 * @param {number} age - From 0, the query itself.
 * @param {Windows} windows
 * @returns {"window" | "layers" | "outside"}
 */
export function readAt(age, { size, layers }) {
  if (age < size) return "window";
  return age < exactReach(size, layers) ? "layers" : "outside";
}

/**
 * What every token of a text is to one of them.
 * @param {number} seqLen
 * @param {number} query
 * @param {Windows} windows
 * @returns {Role[]}
 */
export const rolesFor = (seqLen, query, windows) =>
  Array.from({ length: seqLen }, (_, position) => {
    if (position === query) return "query";
    return position > query ? "after" : readAt(query - position, windows);
  });

/**
 * The tokens that write a part of a text: the first, and the one after the last.
 * @param {readonly string[]} pieces - Of the text.
 * @param {number} from - The part's first character.
 * @param {number} length
 * @returns {[number, number]}
 */
export function tokensOf(pieces, from, length) {
  let end = 0;
  const ends = pieces.map((piece) => (end += piece.length));
  return [ends.findIndex((each) => each > from), ends.findIndex((each) => each >= from + length) + 1];
}
