// A text area that is as high as its text.  Most browsers do this by themselves (`field-sizing`).

import { h } from "./dom.js";

/**
 * A box around a text area that holds a copy of the text, as high as the text is, for browsers whose
 * text areas do not grow by themselves.
 * @param {HTMLTextAreaElement} area
 * @returns {{element: HTMLElement, set: (text: string) => void}}
 */
export function growing(area) {
  const grow = () => (element.dataset.text = area.value);
  const element = h("div", { class: "growing", oninput: grow }, area);
  /** @param {string} text */
  function set(text) {
    area.value = text;
    grow();
  }
  return { element, set };
}
