// The card with the cone: what the token on top can be reached from, and how much of it arrives.

/** @import { ModelFacts } from "../../web/core/types.d.ts" */
/** @import { ConeCallbacks } from "../../web/views/cone.js" */
/** @import { LayersLab } from "./controls.js" */
/** @import { Scene } from "./lab.js" */

import { sinksOf } from "../../reach.js";
import { card, h, setBadges } from "../../web/core/dom.js";
import * as cone from "../../web/views/cone.js";
import { keysOf } from "../../web/views/keys.js";
import { lockBadge } from "../../web/views/pointing.js";
import { nameIn, pendingText, reachBadge, spanningText } from "./words.js";

const LEGEND = {
  query: "the token on top",
  ceiling: "outline: can influence it at all",
  reach: "fill: measured influence, as a share of the strongest in its row (square-root scale)",
  key: "the keys that one token reads",
  pinned: "",
  pending: "in reach, its influence not measured yet",
  outside: "out of reach",
};
const BLANK = { tokens: [], schedule: [], nRows: 0, query: 0, locked: null, shares: null };

/**
 * Make the card.
 * @param {LayersLab} lab
 * @param {ConeCallbacks} callbacks
 * @returns {{element: HTMLElement, update: (scene: Scene) => void}}
 */
export function render(lab, callbacks) {
  const frame = card("", "");
  const view = cone.render(frame.element.appendChild(h("div")), BLANK, callbacks);
  const legend = keysOf(LEGEND);
  frame.element.append(legend.element);

  /** @param {Scene} scene */
  function update(scene) {
    const { tokens, schedule, query, facts, shares, locked } = scene;
    const { name, n_layers: nRows } = /** @type {ModelFacts} */ (lab.data.model);
    const { fixed } = lab.data.knobs.token;
    const fill = shares
      ? `darker cells do so more, as measured on ${name}.`
      : `the outline is exact already. ${pendingText(lab, schedule)}.`;
    frame.heading.textContent = `What can reach ${nameIn(scene)}`;
    const spanning = spanningText(schedule, facts, tokens.length);
    frame.sentence.textContent = `Outlined cells can influence this token; ${fill}${spanning}`;
    setBadges(frame.badges, [reachBadge(schedule, facts), ...lockState(fixed, locked)]);
    legend.say("reach", shares ? LEGEND.reach : "");
    legend.say("pending", shares ? "" : LEGEND.pending);
    legend.say("key", Math.min(facts.back, query) > 0 ? LEGEND.key : "");
    legend.say("outside", tokens.length > 1 ? LEGEND.outside : "");
    legend.say("pinned", sinksOf(schedule) ? "★ a sink: every window reads it" : "");
    view.update({ tokens, schedule, nRows, query, locked: fixed ? query : locked, fixed, shares });
  }
  return { element: frame.element, update };
}

/**
 * @param {boolean | undefined} fixed
 * @param {number | null} locked
 */
function lockState(fixed, locked) {
  if (fixed) return ["this token was measured for the file"];
  return lockBadge(locked !== null);
}
