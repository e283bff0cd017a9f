// The card with the cache of one layer: its ring, and below it what is computed and kept in this step.

/** @import { CacheLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { card, h } from "../../web/core/dom.js";
import { FULL } from "../../web/runs.js";
import * as keptRows from "../../web/views/kept_rows.js";
import { keysOf } from "../../web/views/keys.js";
import * as ring from "../../web/views/ring.js";
import { bytesOf, headingOf, stepText } from "./words.js";

const LEGEND = { query: "written in this step", key: "", pinned: "", evicted: "" };

/**
 * Make the card.
 * @param {CacheLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("", "");
  frame.sentence.setAttribute("role", "status");
  // One picture: whoever saves the ring takes the rows along.
  const box = frame.element.appendChild(h("div"));
  const view = ring.render(box);
  const rows = keptRows.render(h("div"));
  box.querySelector(".told")?.before(rows.element);
  const legend = keysOf(LEGEND);
  frame.element.append(legend.element);

  /** @param {Shown} shown */
  function update(shown) {
    const { full, kept, step, cached, query, pattern } = shown;
    frame.heading.textContent = headingOf(shown);
    frame.sentence.textContent = stepText(shown);
    const nothing = { held: [], read: [], evicted: null };
    view.update({ tokens: full.tokens, kept, ...step, ...(cached ? {} : nothing) });
    rows.update({
      seqLen: full.seqLen,
      written: query,
      cached,
      held: new Set(step.held),
      evicted: step.evicted,
      pinned: kept.latest === null ? 0 : kept.pinned,
      bytes: [FULL, pattern].map((each) => bytesOf(lab, [each], query)),
    });
    legend.say("key", cached && step.held.length > 1 ? "read in this step" : "");
    legend.say("pinned", cached && kept.pinned ? "★ a sink: it stays" : "");
    legend.say("evicted", cached && step.evicted !== null ? "forgotten in this step" : "");
  }
  return { element: frame.element, update };
}
