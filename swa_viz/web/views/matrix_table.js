// The numbers of a matrix as a table.

/** @import { Pattern } from "../core/types.d.ts" */
/** @import { Table } from "../core/offer.js" */
/** @import { MatrixData } from "./matrix.js" */

import { keysOf } from "../../patterns/pattern.js";

/**
 * Every pair that the pattern allows, with its number where there is one.
 * @param {MatrixData} data
 * @returns {Table}
 */
export function tableOf({ tokens, seqLen, pattern, value, pending, unit = "weight", first = 0 }) {
  const known = value && !pending ? value : null;
  const columns = ["query", "key", ...(tokens ? ["query_token", "key_token"] : []), ...(known ? [unit] : [])];
  /** @param {{query: number, key: number}} pair */
  const row = ({ query, key }) => [
    ...[first + query + 1, first + key + 1],
    ...(tokens ? [tokens[query], tokens[key]] : []),
    ...(known ? [known(query, key)] : []),
  ];
  return { columns, rows: pairs(pattern, seqLen).map(row) };
}

/**
 * @param {Pattern} pattern
 * @param {number} seqLen
 */
const pairs = (pattern, seqLen) =>
  Array.from({ length: seqLen }, (_, query) => keysOf(pattern, query, seqLen).map((key) => ({ query, key }))).flat();
