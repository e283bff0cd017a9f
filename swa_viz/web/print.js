// A lab on paper: light, drawn anew, with the address of the view at its foot.

/** @import { AnyLab } from "./lab.js" */

import { h } from "./core/dom.js";
import { takePaper } from "./core/theme.js";
import { linkTo } from "./link.js";
import { whileAlive } from "./core/while_alive.js";

/**
 * Follow the printer.  This comes before the views hear of it: they are drawn in the colours that hold
 * then.
 * @param {AnyLab} lab
 * @param {(lab: AnyLab) => void} paint - Draws the lab at once; it holds no lab itself.
 * @returns {HTMLElement} The foot, which stands on paper only.
 */
export function followPrint(lab, paint) {
  const foot = h("p", { class: "printed-address" });
  whileAlive(window, "beforeprint", lab, (printed) => {
    foot.textContent = linkTo(printed).href;
    takePaper(printed.root, true);
    paint(printed);
  });
  whileAlive(window, "afterprint", lab, (printed) => {
    takePaper(printed.root, false);
    paint(printed);
  });
  return foot;
}
