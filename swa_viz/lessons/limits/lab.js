// The limits lab: what every token of a text costs more when the model reads through a window.

/** @import { LimitsLab, LimitsValues } from "./controls.js" */
/** @import { Stage } from "../../web/stage.js" */
/** @import { Reading } from "./shown.js" */

import * as exampleMenu from "../../web/example_menu.js";
import { mount } from "../../web/lab.js";
import { chosenModel } from "../../web/model_menu.js";
import { stage } from "../../web/stage.js";
import { noticeOf } from "../../wording/whole_words.js";
import * as chartCard from "./chart_card.js";
import * as controls from "./controls.js";
import * as expectedCard from "./expected_card.js";
import * as longerCard from "./longer_card.js";
import * as mapCard from "./map_card.js";
import * as misconceptionsCard from "./misconceptions_card.js";
import * as predict from "../../web/predict.js";
import * as needleCard from "./needle_card.js";
import * as prefillCard from "./prefill_card.js";
import * as questions from "./questions.js";
import * as reachCard from "./reach_card.js";
import { NO_READING, shownFor } from "./shown.js";
import * as storedCard from "./stored_card.js";
import * as textCard from "./text_card.js";

/** @typedef {ReturnType<typeof open>} View */

/**
 * Mount the lab in an element, or hand it new data.
 * @type {typeof globalThis.render}
 */
export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}

/** @param {LimitsLab} lab */
function build(lab) {
  const view = open(lab);
  const ground = onStage(view);
  return { element: ground.element, paint: (/** @type {LimitsValues} */ values) => paint(view, ground, values) };
}

/** @param {LimitsLab} lab */
function open(lab) {
  const panel = controls.render(lab);
  return {
    lab,
    panel,
    examples: exampleMenu.render(lab, panel.text),
    text: textCard.render({
      onHover: (position) => lab.point({ picked: position }),
      onLock: (position) => lab.commit({ picked: position, token: position === null ? 0 : position + 1 }),
    }),
    expected: expectedCard.render(lab),
    chart: chartCard.render(lab),
    predict: predict.render(lab, questions.KINDS),
    stored: storedCard.render(lab),
    needle: needleCard.render(lab),
    prefill: prefillCard.render(lab),
    map: mapCard.render(lab),
    reach: reachCard.render(lab),
    longer: longerCard.render(lab),
    misconceptions: misconceptionsCard.render(lab),
    /** The last reading with full attention that there was. */
    full: /** @type {Reading} */ (NO_READING),
  };
}

/** @param {View} view */
function onStage(view) {
  const { lab, panel, text, expected, chart, stored, needle, prefill, map, reach, longer, misconceptions } = view;
  return stage({
    embedded: lab.data.embedded,
    above: view.examples.element,
    bar: panel.bar,
    more: panel.more,
    unfolded: panel.isMoved,
    model: chosenModel(lab),
    main: text.element,
    beside: expected.element,
    below: chart.element,
    badge: lab.badge,
    share: lab.share,
    details: [
      view.predict.element,
      stored.element,
      needle.element,
      prefill.element,
      map.element,
      reach.element,
      longer.element,
      misconceptions.element,
    ],
  });
}

/**
 * @param {View} view
 * @param {Stage} ground
 * @param {LimitsValues} values
 */
function paint(view, ground, values) {
  const { lab, panel, text, expected, chart, needle, map, reach, longer, misconceptions } = view;
  const shown = shownFor(lab, values, view.full);
  const { full, waiting } = shown;
  view.full = full;
  const seqLen = full.tokens.length;
  view.examples.update(lab.values.text);
  panel.update(lab.values, seqLen);
  panel.text.say(waiting ? "" : noticeOf(full.notice, full.tokens));
  const reason = waiting ? undefined : full.empty;
  ground.set({ empty: seqLen ? "" : (reason ?? lab.waiting()), stale: waiting });
  if (!seqLen) return;
  text.update(shown);
  expected.update(shown);
  chart.update(shown);
  view.predict.update(questions.sceneOf(shown));
  reach.update(shown);
  needle.update(shown);
  map.update();
  longer.update();
  misconceptions.update(shown);
}
