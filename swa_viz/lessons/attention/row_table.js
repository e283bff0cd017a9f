// The steps of one row as a table: a line for each key, from its score to what it adds to the output.

/** @import { Step, Total } from "./row_steps.js" */

import { h } from "../../web/core/dom.js";
import { counted } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";
import { fewSteps, total } from "./row_steps.js";

const DIGITS = 3;
const HEADS = ["key", "score q·k/√d", "mask", "e to the (score − largest)", "weight"];

/**
 * A number with three digits after the point, and a true minus: -0.0524 -> "−0.052".
 * @param {number} number
 * @returns {string}
 */
export function exact(number) {
  const text = Math.abs(number).toFixed(DIGITS);
  return number < 0 && Number(text) > 0 ? `−${text}` : text;
}

/**
 * The table.
 * @param {readonly Step[]} steps
 * @param {readonly string[]} tokens
 * @param {number} headDim - How many numbers a whole value vector has.
 * @returns {HTMLElement}
 */
export function table(steps, tokens, headDim) {
  const { few, hidden, read } = fewSteps(steps);
  const { length } = steps[0].value;
  return h(
    "table",
    { class: "steps" },
    headOf(length, headDim),
    h(
      "tbody",
      {},
      restRow(hidden, "hidden: −∞"),
      few.map((step) => rowOf(step, tokens[step.key])),
      restRow(read, "read"),
    ),
    h("tfoot", {}, sumRow(total(steps))),
  );
}

/**
 * @param {number} length - How many numbers of each value are shown.
 * @param {number} headDim
 */
function headOf(length, headDim) {
  const numbers = Array.from({ length }, (_, i) => h("th", { scope: "col" }, `number ${i + 1}`));
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      HEADS.map((head) => h("th", { scope: "col", rowspan: 2 }, head)),
      h("th", { scope: "colgroup", colspan: length }, `weight × value: the first ${length} of ${headDim} numbers`),
    ),
    h("tr", {}, numbers),
  );
}

/** @param {string} text */
const cell = (text) => h("td", {}, text);

/**
 * One key.  The weight stands to the left, so a product begins with the value.
 * @param {Step} step
 * @param {string} piece
 */
function rowOf({ key, score, isRead, exponential, weight, value, product }, piece) {
  return h(
    "tr",
    { class: isRead ? "key" : "outside", "data-key": key },
    h("th", { scope: "row" }, h("bdi", {}, readable(piece)), ` ${key + 1}`),
    cell(score.toFixed(2).replace("-", "−")),
    cell(isRead ? "read" : "hidden: −∞"),
    cell(exact(exponential)),
    cell(isRead ? exact(weight) : "0"),
    value.map((number, i) => cell(isRead ? `× ${exact(number)} = ${exact(product[i])}` : "0")),
  );
}

/**
 * The keys that have no line of their own, together.
 * @param {readonly Step[]} steps
 * @param {string} mask
 */
function restRow(steps, mask) {
  if (!steps.length) return [];
  const { exponential, weight, product } = total(steps);
  const { isRead } = steps[0];
  return h(
    "tr",
    { class: isRead ? "key rest" : "outside rest" },
    h("th", { scope: "row" }, counted(steps.length, "more key")),
    cell(""),
    cell(mask),
    cell(exact(exponential)),
    cell(isRead ? exact(weight) : "0"),
    product.map((number) => cell(isRead ? exact(number) : "0")),
  );
}

/** @param {Total} sum - Of all keys. */
function sumRow({ exponential, weight, product }) {
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, "sum"),
    cell(""),
    cell(""),
    cell(exact(exponential)),
    cell(exact(weight)),
    product.map((number) => h("td", { class: "output" }, exact(number))),
  );
}
