// Play depth: one layer after the other is added.

/** @import { ImageLab } from "./image_kind.js" */

import { button } from "../../web/core/controls.js";

const STEP_MS = 900;

/**
 * A button that adds layer after layer.
 * @param {ImageLab} lab
 * @returns {HTMLElement}
 */
export function depthPlay(lab) {
  const { depth: knob } = lab.data.knobs;
  let walk = /** @type {object | null} */ (null);
  const element = button("Play depth", () => (walk ? stop() : go((walk = {}), knob.at_least)), { class: "button" });
  element.hidden = Boolean(knob.fixed);

  function stop() {
    walk = null;
    element.textContent = "Play depth";
  }
  /**
   * @param {object} mine - Nothing happens once another walk is under way, or none.
   * @param {number} depth
   */
  function go(mine, depth) {
    if (mine !== walk || !element.isConnected) return;
    element.textContent = "Pause";
    const isLast = depth >= Number(knob.at_most);
    if (isLast) stop();
    lab[isLast ? "commit" : "set"]({ depth });
    if (!isLast) setTimeout(() => go(mine, depth + 1), STEP_MS);
  }
  return element;
}
