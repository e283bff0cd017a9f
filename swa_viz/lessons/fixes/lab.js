// The fixes lab: what brings back what a window loses, measured in small tasks whose answer stands far back.

/** @import { FixesLab, FixesValues } from "./shown.js" */
/** @import { Stage } from "../../web/stage.js" */

import { mount } from "../../web/lab.js";
import * as predict from "../../web/predict.js";
import { stage } from "../../web/stage.js";
import * as accuracyCard from "./accuracy_card.js";
import * as controls from "./controls.js";
import * as delayCard from "./delay_card.js";
import * as liveCard from "./live_card.js";
import * as matrixCard from "./matrix_card.js";
import * as pretrainedCard from "./pretrained_card.js";
import * as questions from "./questions.js";
import { shownFor } from "./shown.js";
import * as sinkCard from "./sink_card.js";
import * as spansCard from "./spans_card.js";
import * as tableCard from "./table_card.js";
import * as textCard from "./text_card.js";

/**
 * Mount the lab in an element, or hand it new data.
 * @type {typeof globalThis.render}
 */
export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}

/** @param {FixesLab} lab */
function build(lab) {
  const panel = controls.render(lab);
  const [text, way, live] = [textCard.render(), matrixCard.render(lab), liveCard.render(lab)];
  const [accuracy, table, spans] = [accuracyCard.render(lab), tableCard.render(lab), spansCard.render(lab)];
  const asked = predict.render(lab, questions.KINDS);
  const ground = stage({
    embedded: lab.data.embedded,
    bar: panel.bar,
    main: text.element,
    beside: [live.element, accuracy.element],
    below: way.element,
    badge: lab.badge,
    share: lab.share,
    details: [
      asked.element,
      ...[table.element, spans.element],
      ...[delayCard.render(lab), sinkCard.render(lab), pretrainedCard.render(lab)],
    ],
  });
  const cards = [text, way, live, accuracy, table, spans];
  /** @param {FixesValues} values */
  function paint(values) {
    panel.update(values);
    const shown = shownFor(lab, values);
    for (const each of cards) each.update(shown);
    asked.update(questions.sceneOf(lab, values));
    ground.set({ empty: "", stale: false });
  }
  const needs = (/** @type {FixesValues} */ values) => liveCard.needs(lab, values);
  return { element: ground.element, paint, needs };
}
