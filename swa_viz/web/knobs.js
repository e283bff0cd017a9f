// What a link says of a page's knobs, read without a server: the same as the readers in knobs.py,
// held equal by vectors that Python writes.

/** @import { ChoiceKnob, Knob, LettersKnob, NumberKnob, TextKnob, Value } from "./core/types.d.ts" */

import { layersIn, readTyped } from "../patterns/schedule_text.js";
import { thousands } from "../wording/numbers.js";
import { firstCharacters } from "../wording/text.js";

/**
 * The knobs of a page, by their names in the address.
 * @typedef {Readonly<Record<string, Knob>>} Knobs
 */

const WHOLE_NUMBER = /^[ \t]*[+-]?[0-9]+[ \t]*$/;

/**
 * @param {NumberKnob} knob
 * @param {string} raw
 */
function readNumber(knob, raw) {
  if (!WHOLE_NUMBER.test(raw)) return knob.default;
  return Math.min(Math.max(Number(raw), knob.at_least), knob.at_most) + 0; // + 0: never -0
}

/**
 * @param {ChoiceKnob} knob
 * @param {string} raw
 */
function readChoice(knob, raw) {
  return Object.hasOwn(knob.choices, raw) ? raw : knob.default;
}

/**
 * What a link says of a row of letters.
 * @param {LettersKnob} knob
 * @param {string} raw
 */
function typedLetters(knob, raw) {
  const nLayers = layersIn(knob.default).length || null;
  return readTyped(raw, { nLayers, letters: Object.keys(knob.letters), atMost: knob.at_most });
}

/**
 * The value that a link means.
 * @param {Knob} knob
 * @param {unknown} raw - What stands in the address, or null.
 * @returns {Value} The default for nonsense; a number out of range moves to the nearest limit.
 */
export function read(knob, raw) {
  if (typeof raw !== "string") return knob.default;
  if (knob.kind === "number") return readNumber(knob, raw);
  if (knob.kind === "choice") return readChoice(knob, raw);
  if (knob.kind === "letters") return typedLetters(knob, raw).text || knob.default;
  return firstCharacters(raw, knob.at_most);
}

/**
 * What a query says of a knob, or null.  Of a name that stands there twice the last one counts.
 * @param {URLSearchParams} query
 * @param {string} name
 */
const lastOf = (query, name) => query.getAll(name).at(-1) ?? null;

/**
 * Every knob's value in this query.
 * @param {Knobs} knobs
 * @param {URLSearchParams} query
 * @returns {Record<string, Value>}
 */
export function valuesFrom(knobs, query) {
  return Object.fromEntries(Object.entries(knobs).map(([name, knob]) => [name, read(knob, lastOf(query, name))]));
}

/**
 * What is said of a number in a query that lies beyond its knob's limits, and of letters that are not as they were
 * asked for: what was asked, and what is shown.
 * @param {Knob} knob
 * @param {string | null} raw
 * @returns {string} Empty for everything else.
 */
function changedText(knob, raw) {
  if (knob.kind === "letters" && raw !== null) {
    const { text, said } = typedLetters(knob, raw);
    return text === null ? `The schedule of the link is not shown. ${said}` : said;
  }
  if (knob.kind !== "number" || raw === null || !WHOLE_NUMBER.test(raw)) return "";
  const [asked, shown] = [Number(raw), readNumber(knob, raw)];
  if (asked === shown) return "";
  return `The link asks for ${thousands(asked)}. The ${asked > shown ? "most" : "least"} here is ${thousands(shown)}.`;
}

/**
 * The knobs; one that had to be changed says so.
 * @param {Knobs} knobs
 * @param {URLSearchParams} query
 * @returns {Record<string, Knob>}
 */
export function withChanges(knobs, query) {
  return Object.fromEntries(
    Object.entries(knobs).map(([name, knob]) => [name, { ...knob, changed: changedText(knob, lastOf(query, name)) }]),
  );
}

/**
 * The query that names every knob that is not at its default; what else it says stays.  A visitor's
 * text is never written there; one that came with a link stays as long as it is true.
 * @param {Knobs} knobs
 * @param {Readonly<Record<string, Value>>} values
 * @param {URLSearchParams} query
 * @returns {URLSearchParams}
 */
export function follow(knobs, values, query) {
  const next = new URLSearchParams(query);
  for (const [name, knob] of Object.entries(knobs)) {
    const silent = knob.kind === "text" && lastOf(query, name) !== values[name];
    const wanted = silent ? knob.default : values[name];
    if (wanted === knob.default) next.delete(name);
    else next.set(name, String(wanted));
  }
  return next;
}
