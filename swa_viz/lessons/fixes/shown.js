// What is on screen: the chosen way, a text with its question, and what arrives there.

/** @import { ChoiceKnob, NumberKnob, Pattern, Schedule } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { Role } from "../../web/views/read_text.js" */

import { spreadOf } from "../../experiments/runs_together.js";
import { TASKS } from "../../experiments/far_tasks.js";
import { visible } from "../../patterns/pattern.js";
import { reachable } from "../../reach.js";
import { chance } from "../../web/questions/question.js";

/**
 * How often answers were right: for each seed at each distance; null where a task has no such distance.
 * @typedef {readonly (readonly (number | null)[])[]} Seeds
 *
 * The spans of each head of each layer, at some steps of the training of each seed.
 * @typedef {{steps: readonly number[], seeds: readonly (readonly (readonly (readonly number[])[])[])[]}} Spans
 *
 * One way to read, as stored_fixes.py collects it.
 * @typedef {object} Fix
 * @property {string} label
 * @property {string} about
 * @property {string} group
 * @property {Schedule} schedule
 * @property {number} reach - How many of the words can arrive at the last one.
 * @property {number} pairs
 * @property {boolean} causal
 * @property {boolean} by_content - Do the words of a text decide how far each of them is read?
 * @property {number | null} kv_bytes
 * @property {number} state_bytes
 * @property {number | null} seconds
 * @property {string} kernel
 * @property {string} refusal
 * @property {Readonly<Record<string, Seeds>>} accuracy
 * @property {Readonly<Record<string, Seeds>>} [hard_accuracy]
 * @property {Spans} [spans]
 *
 * @typedef {{text_len: number, window: number, n_layers: number, n_heads: number, n_steps: number, n_asked: number,
 *   seeds: readonly number[], distances: readonly number[], chance: Readonly<Record<string, number>>,
 *   timed: {window: number, seq_len: number, n_heads: number, head_dim: number}}} How
 *
 * @typedef {{how: How, fixes: Readonly<Record<string, Fix>>, words: readonly string[]}} Stored
 *
 * @typedef {{fix: ChoiceKnob, task: ChoiceKnob}} Choices
 * @typedef {Lab<Choices & Record<"distance" | "layer" | "drawn" | "step", NumberKnob>>} FixesLab
 * @typedef {FixesLab["values"]} FixesValues
 *
 * @typedef {object} Shown
 * @property {FixesValues} values
 * @property {Fix} fix
 * @property {readonly string[]} words - With the answers at the end.
 * @property {readonly number[]} asked - Their places.
 * @property {number} query
 * @property {number} source - Where the word stands that decides the first of them.
 * @property {readonly Role[]} roles
 * @property {"window" | "asked" | "state" | "layers" | "outside"} arrives - How that word arrives at the query.
 */

/**
 * @param {FixesLab} lab
 * @returns {Stored}
 */
export const storedOf = (lab) => lab.data.extra.stored;

/**
 * The measured distance that is nearest, of those that are not larger.
 * @param {How} how
 * @param {number} distance
 * @returns {number} Its place in the list.
 */
export const measuredAt = ({ distances }, distance) => distances.findLastIndex((each) => each <= distance);

/**
 * What a word is to the query.
 * @param {Fix} fix
 * @param {number} query
 * @param {number} length
 * @returns {Role[]}
 */
function rolesFor({ schedule, causal, by_content: free, state_bytes: state }, query, length) {
  const [reached] = reachable(schedule, query, length);
  return Array.from({ length }, (_, position) => {
    if (position === query) return "query";
    if (free) return position < query ? "window" : "after";
    if (schedule.some((pattern) => visible(pattern, query, position))) return "window";
    if (reached[position] || (state && position < query)) return "layers";
    return causal && position > query ? "after" : "outside";
  });
}

/**
 * How a word arrives that has this role.
 * @param {Fix} fix
 * @param {Role} role
 */
function arrivalOf({ by_content: free, state_bytes: state }, role) {
  if (free) return "asked";
  return role === "layers" && state ? "state" : /** @type {Shown["arrives"]} */ (role);
}

/**
 * What is to be on screen.
 * @param {FixesLab} lab
 * @param {FixesValues} values
 * @returns {Shown}
 */
export function shownFor(lab, values) {
  const { how, fixes } = storedOf(lab);
  const fix = fixes[values.fix];
  const { words, last: asked, sources } = TASKS[values.task](chance(values.drawn), how.text_len, values.distance);
  // A model that reads in both directions is asked at the blank itself, a causal one by the word before it.
  const query = fix.causal ? asked[0] - 1 : asked[0];
  const source = /** @type {number} */ (sources.get(asked[0]));
  const roles = rolesFor(fix, query, how.text_len);
  const arrives = arrivalOf(fix, roles[source]);
  return { values, fix, words, asked, query, source, roles, arrives };
}

/**
 * What the seeds say at one distance.
 * @param {Seeds} seeds
 * @param {number} at - The place of the distance.
 * @returns {ReturnType<typeof spreadOf>}
 */
export const spread = (seeds, at) => spreadOf(seeds.map((each) => each[at] ?? NaN));
