// An edit as an address says it: "3-4:sea" replaces tokens 3 to 4, and "3:" drops token 3.  Tokens
// count from 1 there.  The twin is edit_text.py.

/** @import { Request } from "../web/core/types.d.ts" */

const EDIT = /^([1-9][0-9]{0,2})(?:-([1-9][0-9]{0,2}))?:(.*)$/s;

/**
 * The edit that these words mean, or null.
 * @param {string} words
 * @returns {Request["edit"]}
 */
export function editIn(words) {
  const found = EDIT.exec(words);
  if (!found) return null;
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  return first <= last ? { position: first - 1, replacement: found[3] || null, n_tokens: last - first + 1 } : null;
}

/**
 * The words for an edit; empty for none.
 * @param {Request["edit"]} edit
 * @returns {string}
 */
export function editText(edit) {
  if (!edit) return "";
  const { position, n_tokens: count, replacement } = edit;
  return `${position + 1}${count > 1 ? `-${position + count}` : ""}:${replacement ?? ""}`;
}
