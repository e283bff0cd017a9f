// The card with a long text from afar, over which one pans; for a short text it is out of sight.

/** @import { AttentionLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { card, h, setBadges } from "../../web/core/dom.js";
import { FULL } from "../../web/runs.js";
import * as overview from "../../web/views/overview.js";
import { counted, thousands } from "../../wording/numbers.js";
import { titleOf } from "./words.js";

/**
 * Make the card.
 * @param {AttentionLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("The whole text from afar", "");
  frame.element.hidden = true;
  const view = overview.render(frame.element.appendChild(h("div")), {
    onPan: (first) => lab.set({ from: first + 1 }),
    onRelease: (first) => lab.commit({ from: first + 1 }),
  });

  /** @param {Shown} shown */
  function update({ values, schedule, full, whole, waiting }) {
    frame.element.hidden = !whole;
    if (!whole) return;
    const { n_tokens: nTokens, overview: fromAfar, windowed } = whole;
    const { head, layer } = values;
    const last = nTokens - full.seqLen;
    frame.sentence.textContent =
      `Each row is a block of ${counted(fromAfar.size, "token")}, and each column too. A colour is the share of ` +
      "attention that the queries of a row give to all keys of a column together, on average, on the scale of the " +
      "weights below. Drag the frame to read another stretch.";
    setBadges(frame.badges, [
      `${thousands(nTokens)} tokens`,
      `layer ${layer}, ${head ? `head ${head}` : "mean of heads"}`,
    ]);
    view.update({
      nTokens,
      size: fromAfar.size,
      full: FULL,
      seen: [
        { name: "Full attention", share: (row, column) => fromAfar.share(head, row, column) },
        {
          name: titleOf(schedule, layer),
          share: windowed && ((row, column) => windowed.share(head, row, column)),
        },
      ],
      first: values.from ? Math.min(values.from - 1, last) : last,
      length: full.seqLen,
      waiting: waiting || !windowed ? lab.waiting() : "",
    });
  }
  return { element: frame.element, update };
}
