// The window lab: which keys does a query read?  Every pattern's matrix beside full attention's.

/** @import { MatrixData } from "../../web/views/matrix.js" */
/** @import { Chosen, WindowData, WindowLab } from "./chosen.js" */

import { pairsOf } from "../../cost.js";
import { looksAhead } from "../../patterns/pattern.js";
import { keysRead } from "../../patterns/ranges.js";
import { ruleSentence } from "../../patterns/sentences.js";
import { card, h, setBadges } from "../../web/core/dom.js";
import { heldToken, mount } from "../../web/lab.js";
import * as play from "../../web/play.js";
import { keysOf } from "../../web/views/keys.js";
import * as predict from "../../web/predict.js";
import { matrixPair, stage } from "../../web/stage.js";
import * as keystrip from "../../web/views/keystrip.js";
import { outsideText, pinnedText } from "../../web/views/legend.js";
import * as matrix from "../../web/views/matrix.js";
import { lockBadge, pointWord } from "../../web/views/pointing.js";
import { thousands } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";
import { fullBeside } from "./chosen.js";
import * as windowControls from "./controls.js";
import * as conventionTable from "./convention_table.js";
import * as counts from "./counts.js";
import { EXAMPLES } from "./examples.js";
import * as modelCost from "./model_cost.js";
import * as questions from "./questions.js";
import { headingOf, leadOf, savingBadge } from "./words.js";

/** @typedef {ReturnType<typeof open>} View */
/** @typedef {ReturnType<typeof sceneOf>} Scene */

const CAUSAL = { kind: "causal" };
/** @type {MatrixData} */
const NO_MATRIX = { tokens: null, seqLen: 0, pattern: CAUSAL, full: CAUSAL, value: null, query: null, name: "" };
const [MANY, MOST] = [16, 300];

/**
 * Mount the lab in an element, or hand it new data.
 * @type {typeof globalThis.render}
 */
export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}

/** @param {WindowLab} lab */
function build(lab) {
  const view = open(lab);
  const { element } = onStage(view);
  element.addEventListener("keydown", (event) => press(view, event));
  return { element, paint: () => paint(view, element) };
}

/** @param {WindowLab} lab */
function open(lab) {
  const data = /** @type {WindowData} */ (lab.data.extra);
  const [fullCard, bandCard, rowCard] = [card("", ""), card("", ""), card("", "")];
  const fullBox = fullCard.element.appendChild(h("div", { class: "room", "data-view": "matrix-full" }));
  const bandBox = bandCard.element.appendChild(h("div", { class: "room", "data-view": "matrix-window" }));
  const rowBox = rowCard.element.appendChild(h("div"));
  /** @type {matrix.MatrixCallbacks} */
  const linked = {
    onHover: (cell) => {
      view.hovered = cell ? cell.query : null;
      lab.repaint();
    },
    onLock: (query) => lock(lab, query),
  };
  const view = {
    lab,
    data,
    play: play.render(lab),
    panel: windowControls.render(lab, data),
    fullCard,
    bandCard,
    rowCard,
    keys: keysOf({ key: "read", outside: "", pinned: "", row: "the query's row" }),
    fullView: matrix.render(fullBox, NO_MATRIX, linked),
    bandView: matrix.render(bandBox, NO_MATRIX, linked),
    strip: keystrip.render(rowBox),
    spoken: h("p", { class: "sr-only", role: "status" }),
    costs: counts.render(),
    modelCosts: modelCost.render(lab),
    table: conventionTable.render(lab, data),
    predict: predict.render(lab, questions.KINDS),
    hovered: /** @type {number | null} */ (null),
    /** How full attention was drawn last: dragging W leaves it as it is, and to draw it costs time. */
    drawnFull: "",
  };
  return view;
}

/** @param {View} view */
function onStage(view) {
  const {
    lab,
    play,
    panel,
    fullCard,
    bandCard,
    rowCard,
    keys,
    spoken,
    costs,
    modelCosts,
    table,
    predict: asked,
  } = view;
  return stage({
    embedded: lab.data.embedded,
    play,
    bar: panel.bar,
    more: panel.more,
    unfolded: panel.isMoved,
    main: [
      panel.note,
      matrixPair(fullCard.element, bandCard.element),
      h("div", { class: "legend" }, keys.element),
      rowCard.element,
      spoken,
    ],
    beside: costs.element,
    share: lab.share,
    details: [asked.element, modelCosts.element, table.element],
  });
}

/**
 * The locked query, or null.
 * @param {WindowLab} lab
 */
const lockedIn = ({ values: { token, tokens } }) => heldToken(token, tokens);

/**
 * Lock a query; to lock it again unlocks it.
 * @param {WindowLab} lab
 * @param {number | null} query
 */
function lock(lab, query) {
  lab.commit({ token: query === null || query === lockedIn(lab) ? 0 : query + 1 });
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press({ lab, hovered }, { key, target }) {
  const onMatrix = target instanceof Element && target.tagName === "CANVAS";
  if (key === "Escape" && lockedIn(lab) !== null) lock(lab, null);
  if (key === "Enter" && onMatrix && hovered !== null) lock(lab, hovered);
}

/**
 * What is on screen.
 * @param {View} view
 * @param {Chosen} chosen
 */
function sceneOf({ lab, hovered }, chosen) {
  const { tokens: seqLen, example } = lab.values;
  const { pattern } = chosen;
  const pointed = lab.isWalking() ? null : hovered;
  const query = Math.min(pointed ?? lockedIn(lab) ?? seqLen - 1, seqLen - 1);
  const words = EXAMPLES[example]?.words?.slice(0, seqLen) ?? null;
  return {
    chosen,
    pattern,
    full: fullBeside(pattern, seqLen),
    seqLen,
    query,
    words,
    sentence: ruleSentence(pattern, query, seqLen, words),
  };
}

/**
 * @param {View} view
 * @param {HTMLElement} element - Of the lab.
 */
function paint(view, element) {
  const { lab, panel, keys, spoken, costs, modelCosts, table } = view;
  const scene = sceneOf(view, panel.update());
  const { pattern, seqLen, sentence } = scene;
  element.classList.toggle("many", seqLen > MANY);
  element.classList.toggle("most", seqLen > MOST);
  keys.say("outside", outsideText(scene));
  keys.say("pinned", pinnedText(scene));
  paintFull(view, scene);
  paintBand(view, scene);
  paintRow(view, scene);
  view.play.update({ ...scene, schedule: [pattern] });
  spoken.textContent = sentence;
  costs.update(scene);
  modelCosts.update();
  view.predict.update(questions.sceneOf(lab.values, view.data, { ...scene, query: lockedIn(lab) ?? seqLen - 1 }));
  const { convention, window: number } = lab.values;
  table.update({ number, chosen: pattern.kind === "sliding" || convention !== "ours" ? convention : null });
}

/**
 * @param {View} view
 * @param {Scene} scene
 */
function paintFull(view, { pattern, full, seqLen, query, words }) {
  const { lab, fullCard, fullView } = view;
  const both = looksAhead(pattern);
  fullCard.heading.textContent = both ? "Full attention, both ways" : "Full causal attention";
  fullCard.sentence.textContent = both
    ? "In an encoder each query reads every key, before and after it."
    : "Each query reads every key up to itself: age ≥ 0.";
  setBadges(fullCard.badges, [`${thousands(pairsOf(full, seqLen))} pairs`]);
  const told = both ? `Every key: all ${thousands(seqLen)} tokens.` : ruleSentence(full, query, seqLen, words);
  const shown = { name: "Full attention", tokens: words, seqLen, pattern: full, full, value: null, query, told };
  const looks = JSON.stringify([shown, lab.root.dataset.theme]);
  if (looks !== view.drawnFull) fullView.update(shown);
  view.drawnFull = looks;
}

/**
 * @param {View} view
 * @param {Scene} scene
 */
function paintBand({ lab, data, bandCard, bandView }, { chosen, pattern, full, seqLen, query, words, sentence }) {
  const name = headingOf(chosen, lab);
  bandCard.heading.textContent = name;
  bandCard.sentence.textContent = leadOf(chosen, data.conventions[lab.values.convention]);
  setBadges(bandCard.badges, [savingBadge(pairsOf(pattern, seqLen), pairsOf(full, seqLen))]);
  bandView.update({ name, tokens: words, seqLen, pattern, full, value: null, query, told: sentence });
}

/**
 * @param {View} view
 * @param {Scene} scene
 */
function paintRow({ lab, rowCard, strip }, scene) {
  const { pattern, seqLen, query, words } = scene;
  rowCard.heading.textContent = `What ${words ? `“${readable(words[query])}”` : `token ${query + 1}`} reads`;
  rowCard.sentence.textContent =
    EXAMPLES[lab.values.example]?.lead ?? `${pointWord()} a row of a matrix to see its query here.`;
  setBadges(rowCard.badges, [
    `${thousands(keysRead(pattern, query, seqLen))} of ${thousands(seqLen)} tokens`,
    ...lockBadge(lockedIn(lab) !== null),
  ]);
  strip.update(scene);
}
