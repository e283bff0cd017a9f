// The card with code: a line for each program that reads exactly the keys of a model's window.

/** @import { Engine, EngineLine } from "../../patterns/engines.js" */
/** @import { ModelsLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { engineLines } from "../../patterns/engines.js";
import { copyButton } from "../../web/core/controls.js";
import { card, h, outsideLink } from "../../web/core/dom.js";
import { windowText } from "./words.js";

/**
 * Make the card.
 * @param {ModelsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const engines = /** @type {Engine[]} */ (lab.data.extra.engines);
  const list = h("div", { class: "lines" });
  const frame = card("The line of code", "", list);
  frame.element.dataset.view = "lines";
  let drawn = "";
  /** @param {Shown} shown */
  function update({ second }) {
    const [pattern] = second.windows;
    const key = `${second.preset.label} ${JSON.stringify(pattern)}`;
    if (key === drawn) return;
    drawn = key;
    frame.element.hidden = !pattern;
    if (!pattern) return;
    const lines = engineLines(pattern, engines).filter(({ line }) => line);
    frame.sentence.textContent =
      `Each line gives exactly the window of ${second.preset.label}, ${windowText(pattern)}. A line marked “tried” ` +
      "is run in the tests of this lab, and its mask is compared with ours.";
    list.replaceChildren(...lines.map(lineOf));
  }
  return { element: frame.element, update };
}

/** @param {EngineLine} engine */
function lineOf({ label, url, line, tried }) {
  return h(
    "div",
    { class: "line-of-code" },
    h("p", {}, outsideLink(url, label), tried ? " · tried" : ""),
    h("pre", { class: "command", tabindex: 0 }, h("code", {}, line)),
    copyButton("Copy", () => line),
  );
}
