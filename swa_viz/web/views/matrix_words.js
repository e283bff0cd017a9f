// What the matrix view says of a cell.

/** @import { Cell, MatrixData } from "./matrix.js" */

import { visible, why } from "../../patterns/pattern.js";
import { thousands } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";

/**
 * What can be said of one cell: who reads whom, or why not, and the number.
 * @param {MatrixData} data
 * @param {Cell} cell
 * @returns {string}
 */
export function cellText({ tokens, pattern, value, pending, unit, first = 0 }, { query, key }) {
  /** @param {number} position */
  const name = (position) => {
    const place = thousands(first + position + 1);
    return tokens ? `“${readable(tokens[position])}” (${place})` : `token ${place}`;
  };
  const words = `query ${name(query)}, key ${name(key)}: ${why(pattern, query, key)}`;
  if (!value) return `${words}.`;
  if (pending && visible(pattern, query, key)) return `${words}; weight on its way.`;
  const number = value(query, key);
  if (number === -Infinity || Number.isNaN(number)) return `${words}.`;
  return `${words}; ${unit ?? "weight"} ${number.toFixed(3)}.`;
}
