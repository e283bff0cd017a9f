// What the token view says in words: how many tokens the query reads, and which count most.

/** @import { Read } from "./token_arcs.js" */
/** @import { TokensData } from "./tokens.js" */

import { keysOf, why } from "../../patterns/pattern.js";
import { weightText } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";

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
  const { tokens, pattern, pending } = data;
  const name = named(tokens, query);
  if (asked !== null) return `${name} and ${named(tokens, asked)}: ${why(pattern, query, asked)}.`;
  const count = `${name} reads ${reads.length} of ${tokens.length} tokens`;
  const dimmed = dimmedText(data, query, reads.length);
  if (pending) return `${count}; ${data.waiting}.${dimmed}`.replace("….", "…");
  const most = strongest(tokens, reads);
  return most ? `${count}, most from ${most}.${nobody(reads)}${dimmed}` : `${count}.${dimmed}`;
}

// Weights travel with three digits, so that a sum of many may be off by as much.
const ROUNDING = 0.005;

/**
 * The share that a sink logit takes, if there is one.
 * @param {Read[]} reads
 */
function nobody(reads) {
  const rest = 1 - reads.reduce((sum, { weight }) => sum + weight, 0);
  return rest > ROUNDING ? ` ${weightText(rest)} goes to nobody: the share of the sink logit.` : "";
}

/**
 * @param {readonly string[]} tokens
 * @param {number} position
 */
function named(tokens, position) {
  return `“${readable(tokens[position])}” (token ${position + 1})`;
}

/**
 * How many tokens only full attention reads.
 * @param {TokensData} data
 * @param {number} query
 * @param {number} read - How many tokens the query reads.
 */
function dimmedText({ tokens, full }, query, read) {
  const hidden = keysOf(full, query, tokens.length).length - read;
  if (hidden <= 0) return "";
  return ` ${hidden} older ${hidden === 1 ? "token" : "tokens"} (dashed) would be read with full attention.`;
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
