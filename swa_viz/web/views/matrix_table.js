// The numbers of a matrix as a table.

/** @import { Table } from "../core/offer.js" */
/** @import { MatrixData } from "./matrix.js" */

import { keysOf } from "../../patterns/pattern.js";

/**
 * Every pair that the pattern allows, with its number where there is one.
 * @param {MatrixData} data
 * @returns {Table}
 */
export function tableOf({ tokens, seqLen, pattern, value, pending, unit = "weight" }) {
  const known = value && !pending ? value : null;
  const columns = ["query", "key", ...(tokens ? ["query_token", "key_token"] : []), ...(known ? [unit] : [])];
  const rows = [];
  for (let query = 0; query < seqLen; query++)
    for (const key of keysOf(pattern, query, seqLen)) {
      const words = tokens ? [tokens[query], tokens[key]] : [];
      rows.push([query + 1, key + 1, ...words, ...(known ? [known(query, key)] : [])]);
    }
  return { columns, rows };
}
