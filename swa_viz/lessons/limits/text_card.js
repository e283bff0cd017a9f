// The card with the text: which tokens cost more with the window than in full attention.

/** @import { CostsCallbacks } from "../../web/views/costs.js" */
/** @import { Shown } from "./shown.js" */

import { card, h, setBadges } from "../../web/core/dom.js";
import * as costs from "../../web/views/costs.js";
import { lockBadge, pointWord } from "../../web/views/pointing.js";
import * as verdictLine from "../../web/views/verdict.js";
import { verdict } from "./words.js";

/**
 * Make the card.
 * @param {CostsCallbacks} callbacks
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(callbacks) {
  const frame = card("Which tokens become harder to predict?", "");
  const said = verdictLine.render();
  frame.element.insertBefore(said.element, frame.sentence);
  const view = costs.render(frame.element.appendChild(h("div")), callbacks);
  frame.sentence.textContent =
    "A darker token costs more bits with the window than in full attention; " +
    `the number below says how many more, in whole bits. ${pointWord()} a token to see both predictions.`;
  /** @param {Shown} shown */
  function update({ schedule, full, windowed, locked, query }) {
    said.update(windowed && verdict(schedule, full, windowed));
    setBadges(frame.badges, lockBadge(locked !== null));
    view.update({ tokens: full.tokens, before: full.bits, after: windowed?.bits ?? null, query, locked });
  }
  return { element: frame.element, update };
}
