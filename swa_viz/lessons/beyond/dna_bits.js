// What each base of a stretch costs: columns with the window, a line in full attention.

/** @import { Shown } from "./dna_words.js" */

import { h, onWidth, svg } from "../../web/core/dom.js";
import { keysOf } from "../../web/views/keys.js";
import { BASES, copiesIn, costOf } from "./dna_words.js";

const FIRST_WIDTH = 640;
// No base costs more than `MOST` bits: probabilities were stored in steps of 1/255.
const [HEIGHT, BELOW, MOST] = [120, 14, 9];
const LEGEND = { key: "bits with the window", line: "bits in full attention", nothing: "2 bits: nothing known" };

/** @param {number} bits */
const heightOf = (bits) => (Math.min(bits, MOST) / MOST) * HEIGHT;

/**
 * Draw into an element; it shows nothing before its first update.
 * @param {HTMLElement} element
 * @returns {{update: (shown: Shown, words: string) => void}}
 */
export function render(element) {
  const picture = svg("svg", { class: "dna-bits", height: HEIGHT + BELOW, role: "img" });
  let [width, now] = [FIRST_WIDTH, /** @type {Shown | null} */ (null)];
  element.dataset.view = "dna-bits";
  element.replaceChildren(picture, h("div", { class: "legend" }, keysOf(LEGEND).element));

  function paint() {
    if (!now) return;
    picture.setAttribute("width", String(width));
    picture.setAttribute("viewBox", `0 0 ${width} ${HEIGHT + BELOW}`);
    picture.replaceChildren(...shapesOf(now, width));
  }
  onWidth(element, (next) => {
    width = next;
    paint();
  });
  return {
    update(shown, words) {
      now = shown;
      picture.setAttribute("aria-label", words);
      paint();
    },
  };
}

/**
 * @param {Shown} shown
 * @param {number} width
 */
function shapesOf(shown, width) {
  const { bases, base, windowed, full } = shown;
  const step = width / bases.length;
  const columns = [...bases].map((each, i) => {
    const height = heightOf(costOf(windowed[i], each));
    return `M${i * step} ${HEIGHT}v${-height}h${step * 0.8}v${height}z`;
  });
  const line = [...bases].map(
    (each, i) => `${i ? "L" : "M"}${(i + 0.4) * step} ${HEIGHT - heightOf(costOf(full[i], each))}`,
  );
  const nothing = HEIGHT - heightOf(Math.log2(BASES.length));
  const twice = copiesIn(shown).map(([from, to]) =>
    svg("rect", { class: "twice", x: from * step, y: HEIGHT + 2, width: (to - from) * step, height: 5 }),
  );
  return [
    svg("rect", { class: "now", x: base * step, y: 0, width: Math.max(step, 2), height: HEIGHT }),
    svg("path", { class: "columns", d: columns.join("") }),
    svg("path", { class: "line", d: line.join("") }),
    svg("path", { class: "nothing", d: `M0 ${nothing}H${width}` }),
    ...twice,
  ];
}
