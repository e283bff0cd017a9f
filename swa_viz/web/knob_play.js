// Play a knob: a number walks through its values, and everything that a lab shows of it follows.
//
// A walk only points, so the address stays as it is until the walk ends.  It stops when the visitor
// moves anything.  For those who asked for less motion there is no button: the slider does the same.

/** @import { AnyLab } from "./lab.js" */

import { button } from "./core/controls.js";

/**
 * A button that walks a number knob through some values, from the first, or on from where it stands.
 * @param {AnyLab} lab
 * @param {object} walk
 * @param {string} walk.knob
 * @param {readonly number[]} walk.values - In the order in which they are shown.
 * @param {string} walk.label - "Play depth".
 * @param {number} walk.stepMs
 * @returns {HTMLElement}
 */
export function knobPlay(lab, { knob, values, label, stepMs }) {
  let timer = 0;
  const element = button(label, () => (lab.walks.has(stop) ? stop() : start()), { class: "button knob-play" });
  element.hidden = Boolean(lab.data.knobs[knob].fixed);

  function start() {
    lab.makeWay();
    lab.walks.add(stop);
    element.textContent = "Pause";
    const later = values.findIndex((value) => value > lab.values[knob]);
    go(Math.max(later, 0));
  }
  function stop() {
    if (!lab.walks.delete(stop)) return;
    clearTimeout(timer);
    element.textContent = label;
    if (element.isConnected) lab.commit({ [knob]: lab.values[knob] });
  }
  /** @param {number} at */
  function go(at) {
    if (!element.isConnected) return stop();
    lab.point({ [knob]: values[at] });
    if (at + 1 >= values.length) return stop();
    timer = window.setTimeout(() => go(at + 1), stepMs);
  }
  return element;
}
