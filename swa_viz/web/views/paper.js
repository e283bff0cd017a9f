// A view whose parts are placed by measuring, on paper.

import { PAPER_WIDTH } from "../core/dom.js";
import { whileAlive } from "../core/while_alive.js";

/**
 * A view that can be printed: its picture, and where its parts stand, null where that must be measured.
 * @typedef {{stage: HTMLElement, layout: object | null}} Printed
 */

/**
 * Printing lays the page out anew, and then nobody can measure any more.  So before that the view takes
 * a width that every paper has: it looks the same there, and on the screen it goes back.
 * @template {Printed} View
 * @param {View} view
 * @param {(view: View) => void} draw - Measures and draws; it holds no view itself.
 * @returns {void}
 */
export function followPaper(view, draw) {
  /** @type {(width: string) => (view: View) => void} */
  const take = (width) => (printed) => {
    printed.stage.style.width = width;
    printed.layout = null;
    draw(printed);
  };
  whileAlive(window, "beforeprint", view, take(`${PAPER_WIDTH}px`));
  whileAlive(window, "afterprint", view, take(""));
}
