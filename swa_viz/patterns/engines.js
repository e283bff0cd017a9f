// The line of code with which another program reads exactly the keys of a pattern of ours: engines.py.
// The programs, with their lines, come as plain data.

/** @import { Pattern } from "../web/core/types.d.ts" */

/**
 * A program: its lines by the kind of a pattern, with braces where a number belongs.
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} label
 * @property {string} url
 * @property {boolean} tried - Do the tests run its lines, and compare their masks with ours?
 * @property {Record<string, string>} lines
 *
 * @typedef {Omit<Engine, "lines"> & {line: string}} EngineLine  `line` is "" where it has none
 */

/**
 * The numbers that a line may need: those of the pattern, and what follows from them.
 * @param {Pattern} pattern
 * @returns {Record<string, number>}
 */
function numbersOf({ window_size: size, radius, dilation: step, chunk_size: chunk, n_sink_tokens: sinks }) {
  return {
    ...(size === undefined ? {} : { keys: size, before: size - 1 }),
    ...(radius === undefined ? {} : { radius, both: 2 * radius }),
    ...(size === undefined || step === undefined ? {} : { step, span: (size - 1) * step + 1 }),
    ...(chunk === undefined ? {} : { chunk }),
    ...(sinks === undefined ? {} : { sinks }),
  };
}

/**
 * Every program's line for this pattern.
 * @param {Pattern} pattern
 * @param {Engine[]} engines
 * @returns {EngineLine[]}
 */
export function engineLines(pattern, engines) {
  const numbers = Object.entries(numbersOf(pattern));
  return engines.map(({ lines, ...engine }) => {
    const line = numbers.reduce((text, [name, n]) => text.replaceAll(`{${name}}`, `${n}`), lines[pattern.kind] ?? "");
    return { ...engine, line };
  });
}
