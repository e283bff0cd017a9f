// Where the verdict stands: the sentence on what the window did to the model's first expectation.

import { readable } from "../../wording/text.js";
import { h } from "../core/dom.js";

/** @import { Part } from "../questions/verdict.js" */

const HAS_LETTERS = /[\p{L}\p{N}]/u;

/**
 * A place for the verdict.
 * @returns {{element: HTMLElement, update: (parts: readonly Part[] | null) => void}} `update` takes null
 *   while a run is on its way.
 */
export function render() {
  const element = h("p", { class: "verdict", role: "status", "data-view": "verdict" });
  let said = "";
  /** @param {readonly Part[] | null} parts */
  function update(parts) {
    element.classList.toggle("stale", !parts);
    // A picture that is still on its way keeps the last sentence, greyed; equal ones are said once.
    if (!parts || said === JSON.stringify(parts)) return;
    said = JSON.stringify(parts);
    element.replaceChildren(...parts.map(partOf));
  }
  return { element, update };
}

/** @param {Part} part */
function partOf(part) {
  if (typeof part === "string") return part;
  // Among our own points and commas those of the model stand in quotation marks.
  const word = readable(part.piece);
  return h("em", {}, h("bdi", {}, HAS_LETTERS.test(word) ? word : `“${word}”`));
}
