// The card with the matrix of the same layer: the step is one of its rows.

/** @import { MatrixData } from "../../web/views/matrix.js" */
/** @import { CacheLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { keysRead } from "../../patterns/ranges.js";
import { ruleSentence } from "../../patterns/sentences.js";
import { FULL } from "../../web/runs.js";
import { card, h } from "../../web/core/dom.js";
import * as matrix from "../../web/views/matrix.js";
import { counted } from "../../wording/numbers.js";

/** @type {MatrixData} */
const BLANK = { tokens: [], seqLen: 0, pattern: FULL, full: FULL, value: null, query: null, name: "" };

/**
 * Make the card.
 * @param {CacheLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("The same step in the matrix", "");
  const view = matrix.render(frame.element.appendChild(h("div", { "data-view": "matrix-window" })), BLANK, {
    onLock: (query) => lab.data.knobs.token.fixed || lab.commit({ token: query + 1 }),
  });

  /** @param {Shown} shown */
  function update({ full, pattern, query, values }) {
    const { tokens, seqLen } = full;
    const read = counted(keysRead(pattern, query, seqLen), "key");
    frame.sentence.textContent = `Each step is one row: row ${query + 1} reads ${read}.`;
    view.update({
      ...{ name: `Layer ${values.layer}`, tokens, seqLen, pattern, full: FULL, value: null, query },
      told: ruleSentence(pattern, query, seqLen, tokens),
    });
  }
  return { element: frame.element, update };
}
