// The first page: one sentence, one W, what its tokens read, what that saves, and the way on.

/** @import { LabData, LessonCard, ModelFacts, Pattern } from "../../web/core/types.d.ts" */
/** @import { Run } from "../../web/runs.js" */
/** @import { Stage } from "../../web/stage.js" */
/** @import { HomeLab } from "./controls.js" */

import { card, h, setBadges } from "../../web/core/dom.js";
import * as exampleMenu from "../../web/example_menu.js";
import { fitToText, heldToken, mount } from "../../web/lab.js";
import * as nextCard from "../../web/next_card.js";
import * as play from "../../web/play.js";
import * as predict from "../../web/predict.js";
import { FULL, NO_RUN, runsFor } from "../../web/runs.js";
import { stage } from "../../web/stage.js";
import * as tokens from "../../web/views/tokens.js";
import { readable } from "../../wording/text.js";
import * as controls from "./controls.js";
import { PICTURES } from "./pictures.js";
import { KINDS, sceneOf } from "./questions.js";
import * as trade from "./trade.js";
import * as triangleAndBand from "./triangle_and_band.js";
import { noticeOf } from "../../wording/whole_words.js";

/** @typedef {ReturnType<typeof open>} View */

const BLANK = { tokens: [], pattern: FULL, full: FULL, weight: () => NaN, pending: false, locked: null };

/**
 * Mount the lab in an element, or hand it new data.
 * @type {typeof globalThis.render}
 */
export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}

/** @param {HomeLab} lab */
function build(lab) {
  const view = open(lab);
  const ground = onStage(view);
  return { element: ground.element, paint: (/** @type {HomeLab["values"]} */ values) => paint(view, ground, values) };
}

/** @param {HomeLab} lab */
const modelOf = (lab) => /** @type {ModelFacts} */ (lab.data.model);

/** @param {HomeLab} lab */
function open(lab) {
  const tokenCard = card("", "");
  const tokenBox = tokenCard.element.appendChild(h("div", { "data-view": "tokens" }));
  const panel = controls.render(lab);
  const view = {
    lab,
    play: play.render(lab),
    panel,
    examples: exampleMenu.render(lab, panel.text),
    questions: predict.render(lab, KINDS),
    tokenCard,
    tokenView: tokens.render(tokenBox, BLANK, {
      onHover: (query) => {
        view.hovered = query;
        lab.repaint();
      },
      onLock: (query) => lab.commit({ token: query === null ? 0 : query + 1 }),
    }),
    next: nextCard.render(lab),
    counted: triangleAndBand.render(),
    trade: trade.render(() => modelOf(lab)),
    /** The last run with full attention, and the text that it read. */
    full: NO_RUN,
    text: /** @type {string | null} */ (null),
    hovered: /** @type {number | null} */ (null),
  };
  return view;
}

/** @param {View} view */
function onStage({ lab, play, panel, examples, questions, tokenCard, next, counted, trade: traded }) {
  return stage({
    embedded: lab.data.embedded,
    above: examples.element,
    play,
    bar: panel.window.element,
    main: tokenCard.element,
    beside: [next.element, questions.element],
    below: counted.element,
    badge: lab.badge,
    share: lab.share,
    details: [traded.element, lessonCards(lab.data)],
  });
}

/**
 * The way to the other lessons, in reading order.
 * @param {LabData} data
 */
function lessonCards({ cards, embedded }) {
  const element = h("nav", { class: "page-cards", "aria-label": "The lessons" }, cards.map(lessonCard));
  element.hidden = embedded || cards.length === 0;
  return element;
}

/** @param {LessonCard} lesson */
function lessonCard({ page, question, sentence, picture, address }) {
  return h(
    "a",
    { class: "page-card", href: address, "data-page": page },
    PICTURES[picture]?.(),
    h("h3", {}, question),
    h("p", { class: "lead" }, sentence),
  );
}

/**
 * @param {View} view
 * @param {Stage} ground
 * @param {HomeLab["values"]} values
 */
function paint(view, ground, values) {
  const { lab, panel, next } = view;
  const pattern = { kind: "sliding", window_size: values.window };
  const runs = adopt(view, values);
  const { full, windowed, waiting } = runs;
  panel.text.say(noticeOf(full.notice ?? "", full.tokens));
  fitToText(lab, panel.window, "window", full.seqLen);
  view.examples.update(lab.values.text);
  const reason = waiting ? undefined : full.empty;
  ground.set({ empty: full.seqLen ? "" : (reason ?? lab.waiting()), stale: waiting });
  if (!full.seqLen) return;
  const locked = heldToken(values.token, full.seqLen);
  const query = locked ?? view.hovered ?? full.seqLen - 1;
  view.play.update({ query, seqLen: full.seqLen, schedule: [pattern] });
  paintTokens(view, pattern, windowed, { locked, query });
  next.update({ ...runs, schedule: Array(modelOf(lab).n_layers).fill(pattern) }, query);
  view.questions.update(
    waiting ? null : sceneOf(runs, values.window, modelOf(lab).n_layers, locked ?? full.seqLen - 1),
  );
  view.counted.update(pattern, full.seqLen, query);
  view.trade.update(pattern, full.tokens, query);
}

/**
 * Both runs for these values; another text has other tokens, so none of them is pointed at.
 * @param {View} view
 * @param {HomeLab["values"]} values
 */
function adopt(view, { text, ...values }) {
  const runs = runsFor(view.lab, { text, ...values }, view.full);
  if (runs.waiting) return runs;
  if (view.text !== text) view.hovered = null;
  view.full = runs.full;
  view.text = text;
  return runs;
}

/**
 * @param {View} view
 * @param {Pattern} pattern
 * @param {Run | null} windowed
 * @param {{locked: number | null, query: number}} chosen
 */
function paintTokens({ lab, tokenCard, tokenView, full }, pattern, windowed, { locked, query }) {
  const { name, n_layers: layers, n_heads: heads } = modelOf(lab);
  // A late layer: in it nouns stand out, not only the nearest tokens.
  const layer = Math.max(1, layers - 1);
  tokenCard.heading.textContent = `What “${readable(full.tokens[query])}” reads when W = ${pattern.window_size}`;
  tokenCard.sentence.textContent =
    "A thicker arc means more attention; the number is its share. Dashed tokens are too old for the window. " +
    "Point at another token, or tap it.";
  setBadges(tokenCard.badges, [
    `${name}, layer ${layer} of ${layers}, mean of ${heads} heads`,
    windowed ? "real weights" : lab.waiting(),
  ]);
  tokenView.update({
    tokens: full.tokens,
    pattern,
    full: FULL,
    pending: !windowed,
    waiting: lab.waiting(),
    locked,
    marks: null,
    weight: (q, k) => (windowed ? windowed.value(layer, 0, q, k) : NaN),
  });
}
