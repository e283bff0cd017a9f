// Which pattern do the knobs of the window page name?  Each pattern says itself which knobs it has.

/** @import { Convention } from "../../patterns/conventions.js" */
/** @import { ChoiceKnob, Knob, NumberKnob, Pattern, Value } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { Example } from "./examples.js" */

import { fromConvention } from "../../patterns/conventions.js";
import { looksAhead, statedBy } from "../../patterns/pattern.js";

/**
 * A control of a pattern, as patterns/settings.py says: a number or a choice.
 * @typedef {object} Setting
 * @property {string} name
 * @property {string} label - Its last word is the letter that stands for it.
 * @property {string} [field] - The field of the pattern that it fills, "" or nothing if none alone.
 * @property {number} [at_most]
 * @property {number} [share_of_text] - How far a number goes, in lengths of the text; 0: to `at_most`.
 * @property {number} [goes_to] - It goes at least so far.
 */

/**
 * The lesson's own data.
 * @typedef {object} WindowData
 * @property {Record<string, Convention>} conventions
 * @property {Record<string, {settings: Setting[]}>} patterns
 */

/**
 * The values that every pattern has; the others are those of the patterns' own controls.
 * @typedef {object} OwnValues
 * @property {string} pattern
 * @property {string} convention
 * @property {string} example
 * @property {number} tokens
 * @property {number} window
 * @property {number} token - The locked query, counted from 1, or 0.
 *
 * @typedef {Record<"pattern" | "convention" | "example", ChoiceKnob>} OwnChoices
 * @typedef {OwnChoices & {window: NumberKnob} & Readonly<Record<string, Knob>>} WindowKnobs
 * @typedef {Lab<WindowKnobs, OwnValues>} WindowLab
 * @typedef {OwnValues & Record<string, Value>} WindowValues
 */

/**
 * The pattern that the knobs name.
 * @typedef {object} Chosen
 * @property {Pattern} pattern
 * @property {number} number - The window number that was used.
 * @property {string[]} knobs - The names of the controls that it has.
 * @property {string} note - What was changed to make the numbers possible, or "".
 */

/**
 * What full attention means beside this pattern: a pattern that looks ahead is an encoder's.
 * @param {Pattern} pattern
 * @param {number} seqLen
 * @returns {Pattern}
 */
export function fullBeside(pattern, seqLen) {
  return looksAhead(pattern) ? { kind: "centred", radius: seqLen } : { kind: "causal" };
}

/**
 * The pattern that the controls of its kind make.
 * @param {string} kind
 * @param {Setting[]} settings
 * @param {WindowValues} values
 * @returns {Pattern}
 */
function made(kind, settings, values) {
  const fields = settings.filter(({ field }) => field).map(({ field, name }) => [field, values[name]]);
  const plain = { kind, ...Object.fromEntries(fields) };
  return statedBy(plain).fromControls?.(values) ?? plain;
}

/**
 * What to say where a number had to be changed to make the pattern possible.
 * @param {Pattern} pattern
 * @param {Setting[]} settings
 * @param {WindowValues} values
 */
function noteOf(pattern, settings, values) {
  const changed = settings.some(({ field, name }) => field && pattern[field] !== values[name]);
  return changed ? (statedBy(pattern).adjusted?.(pattern) ?? "") : "";
}

/**
 * Values that agree.  Those from a link may not: a convention names a window, so it does nothing to
 * another pattern, and an example has no more tokens than words.
 * @param {WindowValues} values
 * @param {Record<string, Convention>} conventions
 * @param {Record<string, Example>} examples
 * @returns {WindowValues}
 */
export function agreeing(values, conventions, examples) {
  const named = conventions[values.convention];
  const isMeant = ["sliding", "centred", named?.kind].includes(values.pattern);
  const convention = isMeant ? named : undefined;
  const words = examples[values.example]?.words;
  return {
    ...values,
    pattern: convention ? windowOf(convention) : values.pattern,
    convention: convention ? values.convention : "ours",
    example: words && words.length >= values.tokens ? values.example : "numbers",
  };
}

/**
 * The kind of window that a program's number means.
 * @param {Convention | undefined} convention - Without one the number is ours.
 * @returns {string}
 */
export const windowOf = (convention) => convention?.kind ?? "sliding";

/**
 * The pattern that the knobs name.
 * @param {WindowValues} values
 * @param {WindowData} data
 * @returns {Chosen}
 */
export function chosenPattern(values, { conventions, patterns }) {
  const convention = conventions[values.convention];
  if (convention) {
    const { pattern, number, even } = fromConvention(values.window, convention);
    const note = even
      ? ""
      : `This program splits its number into two halves, and ${values.window} is odd. Drawn: ${number}.`;
    return { pattern, number, knobs: ["window"], note };
  }
  const settings = patterns[values.pattern].settings;
  const pattern = made(values.pattern, settings, values);
  const knobs = settings.map(({ name }) => name);
  return { pattern, number: values.window, knobs, note: noteOf(pattern, settings, values) };
}
