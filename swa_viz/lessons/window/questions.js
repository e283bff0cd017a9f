// What the window lab asks about its pattern.

/** @import { Pattern } from "../../web/core/types.d.ts" */
/** @import { Reading } from "../../web/questions/question.js" */
/** @import { WindowData, WindowValues } from "./chosen.js" */

import { reads, pairs, keys, twice, needed } from "../../web/questions/reading.js";
import { chosenPattern } from "./chosen.js";

/** The kinds of question, by their names in the address. */
export const KINDS = { reads, pairs, keys, twice, needed };

/**
 * What the questions are about: the first number of the pattern is what they change.
 * @param {WindowValues} values
 * @param {WindowData} data
 * @param {{pattern: Pattern, query: number, words: readonly string[] | null}} shown
 * @returns {Reading | null} Null for a pattern without a number.
 */
export function sceneOf(values, data, { pattern, query, words }) {
  const { settings } = data.patterns[pattern.kind];
  const setting = settings.find(({ field, share_of_text: share }) => field && share);
  if (!setting) return null;
  const { name, label } = setting;
  return {
    seqLen: values.tokens,
    query,
    words,
    size: Number(values[name]),
    sizeName: label.split(" ").at(-1) ?? label,
    resized: (size) => chosenPattern({ ...values, convention: "ours", [name]: size }, data).pattern,
    setSize: (size) => ({ [name]: size, convention: "ours" }),
  };
}
