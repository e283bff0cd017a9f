// The picture of a timing: the page's own controls say what is timed, and the server sends the lines.

/** @import { Lab } from "../../web/lab.js" */

import { card, h } from "../../web/core/dom.js";
import { mount } from "../../web/lab.js";
import * as chart from "../../web/views/chart.js";

/**
 * Mount the lab in an element, or hand it new data.
 * @type {typeof globalThis.render}
 */
export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}

/** @param {Lab<{}>} lab */
function build(lab) {
  const frame = card("", "");
  const view = chart.render(frame.element.appendChild(h("div")), "speed", lab.data);
  function paint() {
    const { title, caption, lines } = lab.data.extra;
    frame.heading.textContent = title;
    frame.sentence.textContent = caption;
    view.update(lines, `${title}. ${caption}`);
  }
  return { element: h("div", {}, frame.element, lab.share), paint };
}
