// The lab beyond prose: one kind of sequence at a time, with the window that all of them share.

/** @import { AnyLab, Lab } from "../../web/lab.js" */
/** @import { Stage } from "../../web/stage.js" */
/** @import { Kind, SharedKnobs } from "./kind.js" */

import { segmented } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import { fitToText, mount } from "../../web/lab.js";
import { numberKnob } from "../../web/number_knob.js";
import { stage } from "../../web/stage.js";
import { howMany } from "../../wording/numbers.js";
import { KINDS } from "./kinds.js";

/** @typedef {Lab<SharedKnobs>} BeyondLab */
/** @typedef {ReturnType<typeof open>} View */
/** @typedef {"main" | "beside" | "below" | "controls"} Part */

/**
 * Mount the lab in an element, or hand it new data.
 * @type {typeof globalThis.render}
 */
export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}

/** @param {BeyondLab & AnyLab} lab */
function build(lab) {
  const view = open(lab);
  const ground = onStage(view);
  return { element: ground.element, paint: (/** @type {AnyLab["values"]} */ values) => paint(view, ground, values) };
}

/** @param {BeyondLab & AnyLab} lab */
function open(lab) {
  const { sequence } = lab.data.knobs;
  const names = Object.keys(sequence.choices);
  return {
    lab,
    kinds: /** @type {Record<string, Kind>} */ (Object.fromEntries(names.map((name) => [name, KINDS[name](lab)]))),
    choice: segmented(sequence, lab.values.sequence, { onChange: (word) => lab.commit({ sequence: word }) }),
    window: numberKnob(lab, "window", (value) => howMany(value, "key")),
    /** What belongs to one kind alone. */
    boxes: /** @type {HTMLElement[]} */ ([]),
  };
}

/** @param {View} view */
function onStage(view) {
  const { lab, kinds, choice, window } = view;
  /** @param {Part} part */
  const boxesOf = (part) => {
    const filled = Object.entries(kinds).filter(([, kind]) => kind[part]);
    const boxes = filled.map(([name, kind]) =>
      h("div", { class: part === "controls" ? "own row" : "own", "data-kind": name }, kind[part]),
    );
    view.boxes.push(...boxes);
    return boxes;
  };
  return stage({
    embedded: lab.data.embedded,
    above: h("div", { class: "controls" }, choice.element),
    bar: [window.element, ...boxesOf("controls")],
    main: boxesOf("main"),
    beside: boxesOf("beside"),
    details: boxesOf("below"),
    badge: lab.badge,
    share: lab.share,
  });
}

/**
 * @param {View} view
 * @param {Stage} ground
 * @param {AnyLab["values"]} values
 */
function paint({ lab, kinds, choice, window, boxes }, ground, values) {
  const shown = values.sequence;
  choice.set(lab.values.sequence);
  for (const box of boxes) box.hidden = box.dataset.kind !== shown;
  window.element.hidden = kinds[shown].ownWindow === true;
  const { empty = "", stale = false, most = lab.data.knobs.window.at_most } = kinds[shown].update(values);
  fitToText(lab, window, "window", most);
  ground.set({ empty, stale });
}
