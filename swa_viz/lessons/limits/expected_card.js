// The card with both predictions of one token: what was likeliest in its place, and the token that came.

/** @import { PerplexityPayload } from "../../web/core/types.d.ts" */
/** @import { Likely } from "../../web/views/bars.js" */
/** @import { LimitsLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { capitalised, runName, runWord } from "../../patterns/schedule.js";
import { card, h } from "../../web/core/dom.js";
import * as bars from "../../web/views/bars.js";
import { readable } from "../../wording/text.js";

const QUOTED = 5;

/**
 * The token that came, with its probability, and then the likeliest others.
 * @param {PerplexityPayload} reading
 * @param {number} at
 * @returns {Likely[]}
 */
function listOf({ ids, tokens, bits, expected }, at) {
  const others = expected[at].filter(([id]) => id !== ids[at]).map(([id, piece, share]) => ({ id, piece, share }));
  return [{ id: ids[at], piece: tokens[at], share: 2 ** -(bits[at] ?? 0) }, ...others];
}

/**
 * Make the card.
 * @param {LimitsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("What was expected there?", "");
  const view = bars.render(frame.element.appendChild(h("div")));
  /** @param {Shown} shown */
  function update({ schedule, full, windowed, query }) {
    const { tokens, ids, bits } = full;
    const isPredicted = typeof bits[query] === "number";
    const before = tokens.slice(Math.max(0, query - QUOTED), query);
    frame.sentence.textContent = isPredicted
      ? `After “…${before.join("").trim()}” comes ✓ “${readable(tokens[query])}”. ${costText(full, windowed, query)}`
      : `“${readable(tokens[query])}” is the first token: it is read and not predicted.`;
    view.update({
      left: { name: "Full attention", short: "full", list: isPredicted ? listOf(full, query) : [] },
      right: {
        name: capitalised(runName(schedule)),
        short: runWord(schedule),
        list: !isPredicted ? [] : windowed && listOf(windowed, query),
      },
      waiting: windowed ? "" : lab.waiting(),
      came: ids[query],
    });
  }
  return { element: frame.element, update };
}

/**
 * @param {PerplexityPayload} full
 * @param {PerplexityPayload | null} windowed
 * @param {number} at
 */
function costText({ bits }, windowed, at) {
  const [before, after] = [bits[at] ?? 0, windowed?.bits[at]];
  const end = typeof after === "number" ? ` and ${after.toFixed(1)} with the window` : "";
  return `It costs ${before.toFixed(1)} bits in full attention${end}.`;
}
