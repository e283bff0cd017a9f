// Where a stored number comes from: the script that measured it, its file, and a button that saves what it found.

import { button } from "../core/controls.js";
import { h } from "../core/dom.js";
import { handOver } from "../core/hand_over.js";

/**
 * What was measured, and by what.
 * @typedef {object} Measured
 * @property {string} script - Its path, such as "training/dna.py".
 * @property {string} stored - The path of its result.
 * @property {object} data - The result itself, as the page has it.
 * @property {string} [how] - Such as "over 3 seeds".
 */

/**
 * Make the line.
 * @param {Measured} measured
 * @returns {HTMLElement}
 */
export function measuredBy({ script, stored, data, how = "" }) {
  const [name] = stored.split("/").slice(-1);
  const save = button(
    "Save the result",
    () => handOver(new Blob([`${JSON.stringify(data, null, 1)}\n`], { type: "application/json" }), name),
    { class: "button small" },
  );
  save.setAttribute("aria-label", `Save the result: ${name}`);
  const said = h(
    "span",
    {},
    ...["Measured by ", h("code", {}, script), how && ` ${how}`, "; the result is in ", h("code", {}, stored), "."],
  );
  return h("p", { class: "measured-by" }, said, " ", save);
}
