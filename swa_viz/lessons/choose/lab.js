// The choose lab: quality against cost for many ways to read, and the cheapest that is good enough.

/** @import { ChooseLab, ChooseValues } from "./controls.js" */
/** @import { Stage } from "../../web/stage.js" */

import { h } from "../../web/core/dom.js";
import { mount } from "../../web/lab.js";
import { stage } from "../../web/stage.js";
import * as adviceCard from "./advice_card.js";
import * as commandCard from "./command_card.js";
import * as controls from "./controls.js";
import * as frontCard from "./front_card.js";
import * as pointsCard from "./points_card.js";
import { ownRun, shownFor } from "./shown.js";

/** @typedef {ReturnType<typeof open>} View */

/**
 * Mount the lab in an element, or hand it new data.
 * @type {typeof globalThis.render}
 */
export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}

/** @param {ChooseLab} lab */
function build(lab) {
  const view = open(lab);
  const { panel, front, advice, points, command } = view;
  const ground = stage({
    embedded: lab.data.embedded,
    bar: panel.bar,
    more: panel.more,
    unfolded: panel.isMoved,
    main: front.element,
    beside: advice.element,
    share: lab.share,
    details: points.element,
  });
  return {
    element: h("div", {}, ground.element, command.element),
    paint: (/** @type {ChooseValues} */ values) => paint(view, ground, values),
  };
}

/** @param {ChooseLab} lab */
function open(lab) {
  return {
    lab,
    panel: controls.render(lab),
    front: frontCard.render(lab),
    advice: adviceCard.render(lab),
    points: pointsCard.render(),
    command: commandCard.render(lab),
    /** The run on the visitor's own text that was shown last. */
    run: ownRun(lab)?.run,
  };
}

/**
 * @param {View} view
 * @param {Stage} ground
 * @param {ChooseValues} values
 */
function paint(view, ground, values) {
  const { lab, panel, front, advice, points, command } = view;
  showNewRun(view);
  panel.update(lab.values);
  command.update(values);
  const shown = shownFor(lab, values);
  ground.set({ empty: shown ? "" : absence(lab), stale: false });
  if (!shown) return;
  panel.edit(shown);
  front.update(shown);
  advice.update(shown);
  points.update(shown);
}

/**
 * A run that the visitor has just started is what they want to see.
 * @param {View} view
 */
function showNewRun(view) {
  const run = ownRun(view.lab)?.run;
  if (run === view.run) return;
  view.run = run;
  if (run) view.lab.commit({ measured: controls.OWN });
}

/** @param {ChooseLab} lab */
function absence(lab) {
  if (!lab.data.served) return "This page has no server, so it cannot read your text. See below how to do it.";
  return ownRun(lab)
    ? "The first numbers follow when the reference was measured."
    : "Nothing was measured on your text yet: open “Measure your own text” above.";
}
