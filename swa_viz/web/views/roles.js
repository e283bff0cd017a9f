// What a token is to a query, in the words that the style sheet knows.

/** @import { Pattern } from "../core/types.d.ts" */

import { isPinned, visible } from "../../patterns/pattern.js";

/**
 * The role of a key: "query" itself, "key" or "pinned" where the query reads it, "outside" where
 * only full attention would, and "future" where nothing does.
 * @param {Pattern} pattern
 * @param {Pattern} full - Full attention.
 * @param {number} query
 * @param {number} key
 * @returns {string}
 */
export function roleOf(pattern, full, query, key) {
  if (key === query) return "query";
  if (visible(pattern, query, key)) return isPinned(pattern, key) ? "pinned" : "key";
  return visible(full, query, key) ? "outside" : "future";
}
