// The cache lab: what a model keeps while it writes, slot by slot, and what that costs.

/** @import { Run } from "../../web/runs.js" */
/** @import { Stage } from "../../web/stage.js" */
/** @import { CacheLab, CacheValues } from "./controls.js" */

import { h } from "../../web/core/dom.js";
import * as exampleMenu from "../../web/example_menu.js";
import { mount } from "../../web/lab.js";
import { chosenModel } from "../../web/model_menu.js";
import * as nextCard from "../../web/next_card.js";
import * as play from "../../web/play.js";
import * as predict from "../../web/predict.js";
import { NO_RUN } from "../../web/runs.js";
import { stage } from "../../web/stage.js";
import { noticeOf } from "../../wording/whole_words.js";
import * as chunksCard from "./chunks_card.js";
import * as controls from "./controls.js";
import { sizeSlider } from "./counts.js";
import * as editCard from "./edit_card.js";
import * as matrixCard from "./matrix_card.js";
import * as paceCard from "./pace_card.js";
import * as questions from "./questions.js";
import * as ringCard from "./ring_card.js";
import * as rollbackCard from "./rollback_card.js";
import { shownFor } from "./shown.js";
import * as talkCard from "./talk_card.js";
import { computedText } from "./words.js";
import * as writeCard from "./write_card.js";
import { openWriter } from "./writer.js";

/** @typedef {ReturnType<typeof open>} View */

/** What the costs depend on. */
const COUNTED = /** @type {const} */ (["held", "ring", "edited", "copies", "talks", "turns", "added", "taken", "pool"]);
const COSTS =
  "A ring that has wrapped cannot go back: what it has overwritten is computed again, mostly from the start. " +
  "Engines therefore keep copies of it. These numbers are counted, for windows in every layer; one window in a " +
  "stack of full layers is enough for the same cost.";

/**
 * Mount the lab in an element, or hand it new data.
 * @type {typeof globalThis.render}
 */
export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}

/** @param {CacheLab} lab */
function build(lab) {
  const view = open(lab);
  const ground = onStage(view);
  return { element: ground.element, paint: (/** @type {CacheValues} */ values) => paint(view, ground, values) };
}

/** @param {CacheLab} lab */
function open(lab) {
  const panel = controls.render(lab);
  const writer = openWriter(lab, () => lab.repaint());
  return {
    lab,
    writer,
    write: writeCard.render(lab, writer),
    chunks: chunksCard.render(lab),
    panel,
    play: { ...play.render(lab), count: h("p", { class: "count", role: "status" }) },
    examples: exampleMenu.render(lab, panel.text),
    ring: ringCard.render(lab),
    matrix: matrixCard.render(lab),
    next: nextCard.render(lab),
    predict: predict.render(lab, questions.KINDS),
    pace: paceCard.render(lab),
    rollback: rollbackCard.render(lab),
    edit: editCard.render(lab),
    talk: talkCard.render(lab),
    shared: { ring: sizeSlider(lab, "ring", "key"), copies: sizeSlider(lab, "copies") },
    /** The values from which the costs on screen were counted. */
    counted: "",
    /** The last run with full attention that there was. */
    full: /** @type {Run} */ (NO_RUN),
  };
}

/** @param {View} view */
function onStage(view) {
  const { lab, panel, play, examples, ring, matrix, next, rollback } = view;
  return stage({
    embedded: lab.data.embedded,
    above: examples.element,
    play,
    bar: panel.bar,
    more: panel.more,
    unfolded: panel.isMoved,
    model: chosenModel(lab),
    main: h("div", { class: "pair" }, ring.element, matrix.element),
    beside: [view.write.element, next.element],
    badge: lab.badge,
    share: lab.share,
    details: [view.predict.element, view.chunks.element, view.pace, rollback.element, costs(view)],
  });
}

/**
 * What a cache costs its user: two cards that share the sizes of a model.
 * @param {View} view
 */
function costs({ edit, talk, shared }) {
  return h(
    "section",
    {},
    h("h2", {}, "What the smaller cache costs you"),
    h("p", { class: "lead" }, COSTS),
    h("div", { class: "row" }, shared.ring.element, shared.copies.element),
    h("div", { class: "pair" }, edit.element, talk.element),
  );
}

/**
 * @param {View} view
 * @param {Stage} ground
 * @param {CacheValues} values
 */
function paint(view, ground, values) {
  const { lab, panel, ring, matrix, next } = view;
  paintCosts(view, lab.values);
  const shown = shownFor(lab, values, view.full, view.writer.written(values));
  const { full, waiting, query, pattern, prompt } = shown;
  view.full = { ...full, tokens: prompt, seqLen: prompt.length };
  view.examples.update(lab.values.text);
  panel.update(query, waiting ? 0 : full.seqLen);
  panel.text.say(waiting ? "" : noticeOf(full.notice ?? "", full.tokens));
  const reason = waiting ? undefined : full.empty;
  ground.set({ empty: full.seqLen ? "" : (reason ?? lab.waiting()), stale: waiting });
  if (!full.seqLen) return;
  const words = computedText(shown).map((part, i) => (i % 2 ? h("strong", {}, part) : part));
  view.play.count.replaceChildren(...words);
  view.play.update({ query, seqLen: full.seqLen, schedule: [pattern] });
  ring.update(shown);
  matrix.update(shown);
  // What comes next is known for the text alone.
  next.element.hidden = query >= prompt.length;
  next.update(shown, Math.min(query, prompt.length - 1));
  view.write.update(shown);
  view.chunks.update(shown);
  view.rollback.update(shown);
  // A question sets W, and with another W the model has written nothing yet.
  view.predict.update(questions.sceneOf({ ...shown, full: { tokens: prompt } }));
}

/**
 * The cards that count alone follow the hand.
 * @param {View} view
 * @param {CacheValues} values
 */
function paintCosts(view, values) {
  const { edit, talk, shared } = view;
  const counted = JSON.stringify(COUNTED.map((name) => values[name]));
  if (counted === view.counted) return;
  view.counted = counted;
  shared.ring.set(values.ring);
  shared.copies.set(values.copies);
  edit.update(values);
  talk.update(values);
}
