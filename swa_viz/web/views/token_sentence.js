// What the token view says in words: how many tokens the query reads, and which count most.

/** @import { Read } from "./token_arcs.js" */
/** @import { TokensData } from "./tokens.js" */

import { keysOf, why } from "../../patterns/pattern.js";
import { thousands, weightText } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";
import { firstOf } from "./token_chips.js";

/**
 * A stretch of a longer text.
 * @typedef {object} Stretch
 * @property {number} first - Where it begins, from 0.
 * @property {number} nTokens - Of the whole text.
 * @property {(query: number) => number} keysOf - How many keys of the whole text a query of the stretch reads.
 * @property {(query: number) => {share: number, words: string}} before - What it gives to the tokens before
 *   the stretch, and the same as a sentence, or "".
 */

const MOST_NAMED = 3;

/**
 * The sentence below the tokens.
 * @param {TokensData} data
 * @param {number} query
 * @param {Read[]} reads - The keys that the query reads.
 * @param {number | null} asked - A token that the visitor points at while the query is locked.
 * @returns {string}
 */
export function sentence(data, query, reads, asked) {
  const { tokens, pattern, pending, part } = data;
  const name = named(data, query);
  if (asked !== null) return `${name} and ${named(data, asked)}: ${why(pattern, query, asked)}.`;
  const nRead = part ? part.keysOf(query) : reads.length;
  const count = `${name} reads ${thousands(nRead)} of ${thousands(part?.nTokens ?? tokens.length)} tokens`;
  const dimmed = dimmedText(data, query, nRead);
  if (pending) return `${count}; ${data.waiting}.${dimmed}`.replace("….", "…");
  const most = strongest(tokens, reads);
  if (!most) return `${count}.${dimmed}`;
  if (!part) return `${count}, most from ${most}.${nobody(reads)}${dimmed}`;
  const { share, words } = part.before(query);
  return `${count}${words && "; of those here"}, most from ${most}.${words}${nobody(reads, share)}${dimmed}`;
}

// Weights travel with three digits, so that a sum of many may be off by as much.
const ROUNDING = 0.005;

/**
 * The share that a sink logit takes, if there is one.
 * @param {Read[]} reads
 * @param {number} elsewhere - What keys get that are not on screen.
 */
function nobody(reads, elsewhere = 0) {
  const rest = 1 - elsewhere - reads.reduce((sum, { weight }) => sum + weight, 0);
  return rest > ROUNDING ? ` ${weightText(rest)} goes to nobody: the share of the sink logit.` : "";
}

/**
 * @param {TokensData} data
 * @param {number} position
 */
function named(data, position) {
  return `“${readable(data.tokens[position])}” (token ${thousands(firstOf(data) + position + 1)})`;
}

/**
 * How many tokens only full attention reads.
 * @param {TokensData} data
 * @param {number} query
 * @param {number} read - How many tokens the query reads.
 */
function dimmedText(data, query, read) {
  // Full attention reads everything before a stretch.
  const hidden = firstOf(data) + keysOf(data.full, query, data.tokens.length).length - read;
  if (hidden <= 0) return "";
  return ` ${thousands(hidden)} older ${hidden === 1 ? "token" : "tokens"} (dashed) would be read with full attention.`;
}

/**
 * "“looked” (0.40), then “at” (0.27)", or "" if no weight is known.
 * @param {readonly string[]} tokens
 * @param {Read[]} reads
 */
function strongest(tokens, reads) {
  return reads
    .filter(({ weight }) => !Number.isNaN(weight))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_NAMED)
    .map(({ key, weight }) => `“${readable(tokens[key])}” (${weightText(weight)})`)
    .join(", then ");
}
