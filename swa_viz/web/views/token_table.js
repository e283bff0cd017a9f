// The numbers of the token view as a table.

/** @import { Table } from "../core/offer.js" */
/** @import { Read } from "./token_arcs.js" */
/** @import { TokensData } from "./tokens.js" */

import { roleOf } from "./roles.js";
import { firstOf } from "./token_chips.js";

/**
 * Every token, what it is to the query, and its weight where the query reads it.
 * @param {TokensData} data
 * @param {number} query
 * @param {Read[]} reads - The keys that the query reads.
 * @returns {Table}
 */
export function tableOf(data, query, reads) {
  const { tokens, pattern, full } = data;
  const one = firstOf(data) + 1;
  const weights = new Map(reads.map(({ key, weight }) => [key, weight]));
  const rows = tokens.map((token, key) => {
    return [query + one, key + one, token, roleOf(pattern, full, query, key), weights.get(key) ?? null];
  });
  return { columns: ["query", "key", "token", "role", "weight"], rows };
}
