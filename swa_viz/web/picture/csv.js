// A table as a CSV file (RFC 4180), for spreadsheets and for programs.

/** @import { Table } from "../core/offer.js" */

// What a spreadsheet takes for a formula, perhaps after blanks.  An apostrophe before it makes it a
// text: a token must not compute anything.
const FORMULA = /^\s*[=+\-@\uff0b\uff0d\uff1d\uff20\t\r\n]/u;

/** @param {string | number | boolean | null} value */
function cell(value) {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  if (typeof value !== "string") return value === null ? "" : String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

/**
 * A table as the text of a file: a row of names, numbers in full precision, texts in quotes.
 * @param {Table} table
 * @returns {string}
 */
export function csvOf({ columns, rows }) {
  return [columns, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
