// The first page: one sentence, one W, what its tokens read, what that saves, and the way on.

/** @import { LabData, LessonCard, ModelFacts, Pattern } from "../../web/core/types.d.ts" */
/** @import { HomeLab } from "./controls.js" */

import { card, h, setBadges } from "../../web/core/dom.js";
import { mount } from "../../web/lab.js";
import * as tokens from "../../web/views/tokens.js";
import { readable } from "../../wording/text.js";
import * as controls from "./controls.js";
import { PICTURES } from "./pictures.js";
import * as trade from "./trade.js";
import * as triangleAndBand from "./triangle_and_band.js";

/**
 * The last answer that there was, and the text that it answers.
 * @typedef {object} Last
 * @property {readonly string[]} tokens
 * @property {number} seqLen
 * @property {(layer: number, head: number, query: number, key: number) => number} value
 * @property {string} [notice] - What was left out of the text.
 * @property {string} [empty] - Why there are no tokens.
 * @property {string} [text]
 */

/** @typedef {ReturnType<typeof open>} View */

const FULL = { kind: "causal" };
/** @type {Last} */
const NO_TRACE = { tokens: [], seqLen: 0, value: () => NaN };
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
  return { element: elementOf(view), paint: (/** @type {HomeLab["values"]} */ values) => paint(view, values) };
}

/** @param {HomeLab} lab */
const modelOf = (lab) => /** @type {ModelFacts} */ (lab.data.model);

/** @param {HomeLab} lab */
function open(lab) {
  const tokenCard = card("", "");
  const tokenBox = tokenCard.element.appendChild(h("div"));
  const view = {
    lab,
    panel: controls.render(lab),
    tokenCard,
    tokenView: tokens.render(tokenBox, BLANK, {
      onHover: (query) => {
        view.hovered = query;
        lab.repaint();
      },
      onLock: (query) => {
        view.locked = query;
        lab.repaint();
      },
    }),
    counted: triangleAndBand.render(),
    trade: trade.render(() => modelOf(lab)),
    emptyNote: h("p", { class: "empty", role: "status" }),
    traced: h("div", { class: "traced" }),
    last: NO_TRACE,
    hovered: /** @type {number | null} */ (null),
    locked: /** @type {number | null} */ (null),
  };
  return view;
}

/** @param {View} view */
function elementOf({ lab, panel, tokenCard, counted, trade: traded, emptyNote, traced }) {
  traced.append(tokenCard.element, h("div", { class: "pair" }, counted.element, traded.element));
  return h("div", { class: "home-lab" }, panel.element, emptyNote, traced, lessonCards(lab.data));
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
 * @param {HomeLab["values"]} values
 */
function paint(view, values) {
  const { lab, panel, traced, emptyNote } = view;
  const pattern = { kind: "sliding", window_size: values.window };
  const answer = adopt(view, values);
  const { last } = view;
  const waiting = last.text !== values.text;
  panel.text.say(last.notice ?? "");
  panel.fit(last.seqLen, values.window);
  traced.hidden = last.seqLen === 0;
  emptyNote.textContent = traced.hidden ? (answer?.empty ?? lab.waiting()) : "";
  if (traced.hidden) return;
  traced.classList.toggle("stale", waiting);
  const query = view.locked ?? view.hovered ?? last.seqLen - 1;
  paintTokens(view, pattern, !answer, query);
  view.counted.update(pattern, last.seqLen, query);
  view.trade.update(pattern, last.tokens, query);
}

/**
 * Take the answer to these values if it is here.
 * @param {View} view
 * @param {HomeLab["values"]} values
 * @returns {Last | null}
 */
function adopt(view, values) {
  const { lab, last } = view;
  const [answer] = lab.requests(values).map(lab.engine.peek);
  if (!answer) return null;
  if (last.text !== values.text) view.locked = view.hovered = null;
  view.last = { ...NO_TRACE, ...answer, text: values.text };
  return view.last;
}

/**
 * @param {View} view
 * @param {Pattern} pattern
 * @param {boolean} pending
 * @param {number} query
 */
function paintTokens({ lab, tokenCard, tokenView, last, locked }, pattern, pending, query) {
  const { name, n_layers: layers, n_heads: heads } = modelOf(lab);
  // A late layer: in it nouns stand out, not only the nearest tokens.
  const layer = Math.max(1, layers - 1);
  tokenCard.heading.textContent = `What “${readable(last.tokens[query])}” reads when W = ${pattern.window_size}`;
  tokenCard.sentence.textContent =
    "Thickness and number: how much of each key enters. Dashed tokens are too old for the window. " +
    "Hover or tap another token.";
  setBadges(tokenCard.badges, [
    `${name}, layer ${layer} of ${layers}, mean of ${heads} heads`,
    pending ? lab.waiting() : "real weights",
  ]);
  tokenView.update({
    tokens: last.tokens,
    pattern,
    full: FULL,
    pending,
    waiting: lab.waiting(),
    locked,
    marks: null,
    weight: (q, k) => (pending ? NaN : last.value(layer, 0, q, k)),
  });
}
