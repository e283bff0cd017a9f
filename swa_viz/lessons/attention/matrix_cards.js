// The two cards with matrices, full attention and the layer's own, and the scale of their colours.

/** @import { MatrixCallbacks, MatrixData } from "../../web/views/matrix.js" */
/** @import { AttentionLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { pairsOf } from "../../cost.js";
import { partOf } from "../../patterns/part.js";
import { card, h, setBadges } from "../../web/core/dom.js";
import { matrixPair } from "../../web/stage.js";
import * as legend from "../../web/views/legend.js";
import * as matrix from "../../web/views/matrix.js";
import { thousands } from "../../wording/numbers.js";
import { FULL } from "../../web/runs.js";
import { firstOf } from "./shown.js";
import { leadOf, savings, titleOf } from "./words.js";

/** @type {MatrixData} */
const BLANK = { tokens: [], seqLen: 0, pattern: FULL, full: FULL, value: () => NaN, query: null, name: "" };

/** @typedef {ReturnType<typeof open>} Cards */

/**
 * Make the cards.
 * @param {AttentionLab} lab
 * @param {MatrixCallbacks} callbacks
 * @returns {{pair: HTMLElement, scale: HTMLElement, update: (shown: Shown) => void, point: (query: number) => void}}
 */
export function render(lab, callbacks) {
  const cards = open(lab, callbacks);
  return {
    pair: matrixPair(cards.fullCard.element, cards.windowCard.element),
    scale: cards.scaleBox,
    /** @param {Shown} shown */
    update: (shown) => update(cards, shown),
    /** @param {number} query */
    point: (query) => [cards.fullView, cards.windowView].forEach((view) => view.point(query)),
  };
}

/**
 * @param {AttentionLab} lab
 * @param {MatrixCallbacks} callbacks
 */
function open(lab, callbacks) {
  const fullCard = card("Full attention", "Each query reads every key up to itself: age ≥ 0.");
  const windowCard = card("", "");
  const fullBox = fullCard.element.appendChild(h("div", { "data-view": "matrix-full" }));
  const scaleBox = h("div", { class: "legend" });
  const windowBox = windowCard.element.appendChild(h("div", { "data-view": "matrix-window" }));
  return {
    lab,
    fullCard,
    windowCard,
    fullView: matrix.render(fullBox, BLANK, callbacks),
    windowView: matrix.render(windowBox, BLANK, callbacks),
    scaleBox,
    scale: legend.render(scaleBox),
    /** What the left matrix was drawn from: it stands still while W moves. */
    drawnFull: /** @type {unknown[]} */ ([]),
  };
}

/**
 * @param {Cards} cards
 * @param {Shown} shown
 */
function update(cards, shown) {
  const { lab, fullCard, windowCard, windowView } = cards;
  const { values, schedule, full, windowed } = shown;
  const { layer, head } = values;
  const title = titleOf(schedule, layer);
  const view = shared(cards, shown);
  paintFull(cards, shown, view);
  windowView.update({
    ...view,
    name: title,
    pattern: partOf(schedule[layer - 1], firstOf(shown)),
    pending: !windowed,
    value: (q, k) => (windowed ? windowed.value(layer, head, q, k) : NaN),
  });
  const nTokens = shown.whole?.n_tokens ?? full.seqLen;
  setBadges(fullCard.badges, [`${thousands(pairsOf(FULL, nTokens))} score pairs`]);
  windowCard.heading.textContent = `${title}${windowed ? "" : `, ${lab.waiting()}`}`;
  windowCard.sentence.textContent = leadOf(schedule, layer);
  setBadges(windowCard.badges, savings(schedule, layer, nTokens));
}

/**
 * What both matrices share, and the scale of their colours.
 * @param {Cards} cards
 * @param {Shown} shown
 */
function shared(cards, shown) {
  const { values, schedule, full, windowed, query } = shown;
  const { tokens, seqLen } = full;
  const first = firstOf(shown);
  const scale = legend.scaleFor(values, full, windowed);
  cards.scale.update({
    scale,
    pattern: partOf(schedule[values.layer - 1], first),
    full: FULL,
    seqLen,
    pending: !windowed,
  });
  return { tokens, seqLen, full: FULL, query, first, ...scale };
}

/**
 * @param {Cards} cards
 * @param {Shown} shown
 * @param {ReturnType<typeof shared>} view
 */
function paintFull(cards, { values, full, waiting }, view) {
  const { layer, head, stage } = values;
  const looks = [full, waiting, layer, head, stage, view.query, String(view.range), cards.lab.root.dataset.theme];
  const isNew = looks.some((look, i) => look !== cards.drawnFull[i]);
  cards.drawnFull = looks;
  if (!isNew) return;
  cards.fullView.update({
    ...view,
    name: "Full attention",
    pattern: FULL,
    pending: waiting,
    value: (q, k) => full.value(layer, head, q, k),
  });
}
