// A prompt with a sentence hidden in it, put together from the knobs of a lab: the same as hidden.py.

/** @import { Hiding } from "../web/core/types.d.ts" */

/**
 * The values of the knobs that say what is hidden where.
 * @typedef {{needle: string, filler: number, before: number}} HiddenValues
 */

/**
 * The text and the choices of a request.
 * @param {Hiding} hiding
 * @param {HiddenValues} values
 * @returns {{text: string, choices: readonly string[]}}
 */
export function hiddenPrompt({ needles, filler }, { needle, filler: count, before }) {
  const { sentence, question, answers } = needles[needle];
  const first = Math.min(before, count);
  const sentences = [...filler.slice(0, first), sentence, ...filler.slice(first, count)];
  return { text: sentences.join(" ") + question, choices: answers };
}
