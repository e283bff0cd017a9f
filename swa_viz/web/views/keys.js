// The lines of a legend, each a swatch and its words: only those of what is on screen are shown.

import { h } from "../core/dom.js";

/**
 * Make the lines.
 * @param {Record<string, string>} texts - The words beside each swatch, by its name; "" hides it.
 * @returns {{element: HTMLElement, say: (name: string, words: string) => void}}
 */
export function keysOf(texts) {
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
      if (entry.words.textContent !== words) entry.words.textContent = words;
      entry.line.hidden = !words;
    }
  };
  Object.entries(texts).forEach(([name, words]) => say(name, words));
  const lines = entries.map(({ line }) => line);
  return { element: h("ul", { class: "keys" }, lines), say };
}
