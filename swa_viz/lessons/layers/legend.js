// A legend whose entries may be worded anew, or hidden.

import { h } from "../../web/core/dom.js";

/**
 * Make a legend.
 * @param {Record<string, string>} texts - The words beside each swatch, by its name; "" hides it.
 * @returns {{element: HTMLElement, say: (name: string, words: string) => void}}
 */
export function legendOf(texts) {
  const entries = Object.keys(texts).map((name) => {
    const words = h("span", {});
    return { name, words, line: h("li", {}, h("i", { class: `swatch ${name}` }), words) };
  });
  /**
   * @param {string} name
   * @param {string} words
   */
  const say = (name, words) => {
    for (const entry of entries.filter((each) => each.name === name)) {
      entry.words.textContent = words;
      entry.line.hidden = !words;
    }
  };
  Object.entries(texts).forEach(([name, words]) => say(name, words));
  const lines = entries.map(({ line }) => line);
  return { element: h("ul", { class: "keys" }, lines), say };
}
