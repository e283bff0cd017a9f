// The square window once more, as the matrix that kernels see: bands in bands.

/** @import { ImageLab, Shown } from "./image_kind.js" */

import { ruleText } from "../../patterns/sentences.js";
import { card, h } from "../../web/core/dom.js";
import * as matrix from "../../web/views/matrix.js";
import { counted } from "../../wording/numbers.js";

/**
 * The card with the same window as a matrix.
 * @param {ImageLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function matrixCard(lab) {
  const frame = card("The same window as a matrix", "");
  const room = h("div", { "data-view": "matrix-picture" });
  frame.element.append(room);
  let view = /** @type {ReturnType<typeof matrix.render> | null} */ (null);

  /** @param {Shown} shown */
  function update({ schedule, nPlaces, place, picture }) {
    const pattern = schedule[schedule.length - 1];
    frame.sentence.textContent =
      `The last layer, as the kernels see it: ${counted(nPlaces, "token")} in a row. A query reads ` +
      `${ruleText(pattern)}. One row of the square is a short run of keys, and the next row of the picture ` +
      `stands ${picture.width} tokens further: bands in bands.`;
    const data = {
      name: "The window as a matrix",
      tokens: null,
      seqLen: nPlaces,
      pattern,
      full: { kind: "centred", radius: nPlaces },
      query: place,
      value: null,
      told: "A row is a query, a column a key.",
    };
    view ??= matrix.render(room, data, {
      onHover: (cell) => lab.point({ pointedSpot: cell?.query ?? null }),
      onLock: (query) => lab.commit({ spot: query + 1, pointedSpot: null }),
    });
    view.update(data);
  }
  return { element: frame.element, update };
}
