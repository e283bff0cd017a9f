// What the cache lab says of a step, in words computed from it.

/** @import { Schedule } from "../../web/core/types.d.ts" */
/** @import { CacheLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { kvCacheBytes } from "../../cost.js";
import { triangle } from "../../patterns/counting.js";
import { counted, thousands } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";

/** So many bytes a number of the model takes here: it computes in float32. */
export const BYTES = 4;

/**
 * A token by its word and its position.
 * @param {readonly string[]} tokens
 * @param {number} position
 * @returns {string}
 */
export const nameOf = (tokens, position) => `“${readable(tokens[position])}” (position ${position})`;

/**
 * The bytes of a layer's cache after a step.
 * @param {CacheLab} lab
 * @param {Schedule} schedule - One layer or more.
 * @param {number} query
 * @returns {number}
 */
export function bytesOf({ data }, schedule, query) {
  const { n_kv_heads: heads, head_dim: dim } = data.model;
  return kvCacheBytes(schedule, query + 1, heads, dim, BYTES);
}

/**
 * The cache of the layer that is looked at, as a heading.
 * @param {Shown} shown
 * @returns {string}
 */
export function headingOf({ values, kept }) {
  if (kept.latest === null) return `Layer ${values.layer} keeps every key`;
  return `Layer ${values.layer} keeps ${counted(kept.latest, "slot")} in a ring`;
}

/**
 * What happens in this step.
 * @param {Shown} shown
 * @returns {string}
 */
export function stepText(shown) {
  const { full, query, step, cached } = shown;
  if (!cached) return `Nothing is kept: to write ${nameOf(full.tokens, query)}, all keys before it are computed again.`;
  return `${nameOf(full.tokens, query)} goes into slot ${step.slot}. ${evictedText(shown)} ${readText(shown)}`;
}

/** @param {Shown} shown */
function evictedText({ full, kept, query, step }) {
  if (step.evicted !== null) return `${nameOf(full.tokens, step.evicted)} stood there, and is forgotten.`;
  if (kept.latest === null) return "Full attention keeps every key, so nothing is forgotten.";
  if (query < kept.pinned) return "It is a sink, and stays for ever.";
  return "The ring has room, so nothing is forgotten.";
}

/** @param {Shown} shown */
function readText({ step }) {
  const read = step.read.filter(Boolean).length;
  const all = step.held.length;
  if (read === all) return all === 1 ? "It reads itself alone." : `It reads all ${thousands(all)} keys that are held.`;
  return `It reads ${thousands(read)} of the ${thousands(all)} keys that are held.`;
}

/**
 * What is computed up to here, with a cache and without.
 * @param {Shown} shown
 * @returns {[string, string, string, string, string]} Every second one is to stand out.
 */
export function computedText({ query, cached }) {
  const n = query + 1;
  const [once, again] = [counted(n, "key"), thousands(triangle(n))];
  const now = cached ? "1 key" : once;
  const before = "In this step each layer computes ";
  if (cached) return [before, now, ", and in all steps up to here ", once, `; without a cache ${again}.`];
  return [before, now, ", and in all steps up to here ", again, `; with a cache ${thousands(n)}.`];
}
