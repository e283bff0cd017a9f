// The first page: one sentence, one W, what its tokens read, what that saves, and the way on.

import { slider, textBox } from "../../web/core/controls.js";
import { pairsOf } from "../../cost.js";
import { card, h, setBadges, svg } from "../../web/core/dom.js";
import { thousands } from "../../wording/numbers.js";
import { mount } from "../../web/lab.js";
import { PICTURES } from "./pictures.js";
import { keyRanges, keysRead } from "../../patterns/ranges.js";
import { readable } from "../../wording/text.js";
import * as tokens from "../../web/views/tokens.js";

const FULL = { kind: "causal" };
const NO_TRACE = { tokens: [], seqLen: 0, value: () => NaN };
const LONGEST_QUOTE = 3;
const SHORTEST_SLIDER = 8;

const sliding = (size) => ({ kind: "sliding", window_size: size });

// One lesson's card: {page, question, sentence, picture, address}, in reading order.
function pageCard({ page, question, sentence, picture, address }) {
  return h(
    "a",
    { class: "page-card", href: address, "data-page": page },
    PICTURES[picture]?.(),
    h("h3", {}, question),
    h("p", { class: "lead" }, sentence),
  );
}

// A late layer: in it nouns stand out, not only the nearest tokens.
const layerShown = ({ n_layers: layers }) => Math.max(1, layers - 1);

// One matrix as a small picture: each row is one stretch of what its query reads.
function miniature(pattern, seqLen, query) {
  const stretch = (rule, row) => {
    const [start, stop] = keyRanges(rule, row, seqLen)[0];
    return `M${start} ${row}H${stop}V${row + 1}H${start}Z`;
  };
  const area = (rule) => Array.from({ length: seqLen }, (_, row) => stretch(rule, row)).join("");
  return svg(
    "svg",
    { class: "miniature", viewBox: `-0.1 -0.1 ${seqLen + 0.2} ${seqLen + 0.2}`, "aria-hidden": "true" },
    svg("path", { d: area(FULL), class: "outside" }),
    svg("path", { d: area(pattern), class: "key" }),
    svg("rect", { x: query, y: query, width: 1, height: 1, class: "query" }),
  );
}

function controls(lab) {
  const { knobs } = lab.data;
  const text = textBox(knobs.text, lab.values.text, {
    onInput: (words) => lab.engine.live && lab.set({ text: words }),
    onChange: (words) => lab.commit({ text: words }),
  });
  const window = slider(knobs.window, lab.values.window, {
    onInput: (value) => lab.set({ window: value }),
    onChange: (value) => lab.commit({ window: value }),
  });
  // W goes as far as the text does, so that a short one gets fine steps; never under the hand.
  function fit(seqLen, chosen) {
    if (!lab.isSettled() || !seqLen) return;
    window.set(chosen, { at_most: Math.min(Math.max(seqLen, chosen, SHORTEST_SLIDER), knobs.window.at_most) });
  }
  return { text, fit, element: h("div", { class: "controls home-controls" }, text.element, window.element, lab.badge) };
}

function countsCard() {
  const pictured = h("div", { class: "miniatures" });
  const view = card("Triangle and band", "Rows are queries, columns keys: one cell is one score to compute", pictured);
  const figure = (pattern, seqLen, query, name) =>
    h(
      "figure",
      {},
      miniature(pattern, seqLen, query),
      h("figcaption", {}, h("strong", {}, thousands(pairsOf(pattern, seqLen))), ` ${name}`),
    );
  const update = (pattern, seqLen, query) =>
    pictured.replaceChildren(
      figure(FULL, seqLen, query, "with full attention"),
      figure(pattern, seqLen, query, `with W = ${pattern.window_size}`),
    );
  return { element: view.element, update };
}

function tradeCard(lab) {
  const [saved, lost, back] = [h("dd"), h("dd"), h("dd")];
  const list = h(
    "dl",
    { class: "trade" },
    h("dt", {}, "Saved"),
    saved,
    h("dt", {}, "Lost"),
    lost,
    h("dt", {}, "Brought back"),
    back,
  );
  const view = card("The trade", "What a window gives and takes, for this text", list);
  function update(pattern, words, query) {
    const { n_layers: layers, name } = lab.data.model;
    const size = pattern.window_size;
    const [all, some] = [FULL, pattern].map((rule) => pairsOf(rule, words.length));
    const hidden = query + 1 - keysRead(pattern, query, words.length);
    const quoted = words
      .slice(0, Math.min(hidden, LONGEST_QUOTE))
      .map((piece) => `“${readable(piece)}”`)
      .join(", ");
    saved.textContent =
      some === all
        ? "Nothing yet: the window covers the whole text."
        : `${(all / some).toFixed(1)}× fewer scores here, and more the longer the text: the work grows with its length times W, no longer with its square.`;
    lost.textContent = hidden
      ? `In one layer “${readable(words[query])}” cannot see ${quoted}${hidden > LONGEST_QUOTE ? ` and ${hidden - LONGEST_QUOTE} more` : ""}.`
      : `Nothing for “${readable(words[query])}”: it sees every token before it.`;
    back.textContent = `Tokens that it does see have seen further back: the ${layers} layers of ${name} reach at most ${layers} · (${size} − 1) + 1 = ${thousands(layers * (size - 1) + 1)} tokens. How much arrives is another question.`;
  }
  return { element: view.element, update };
}

function build(lab) {
  const panel = controls(lab);
  const tokenCard = card("", "");
  const tokenBox = tokenCard.element.appendChild(h("div"));
  const counted = countsCard();
  const trade = tradeCard(lab);
  const emptyNote = h("p", { class: "empty", role: "status" });
  const shown = h(
    "div",
    { class: "traced" },
    tokenCard.element,
    h("div", { class: "pair" }, counted.element, trade.element),
  );
  const { embedded } = lab.data;
  const cards = h("nav", { class: "page-cards", "aria-label": "The lessons" }, lab.data.cards.map(pageCard));
  cards.hidden = embedded || lab.data.cards.length === 0;
  const element = h("div", { class: "home-lab" }, panel.element, emptyNote, shown, cards);

  let last = NO_TRACE;
  let hovered = null;
  let locked = null;
  const blank = { tokens: [], pattern: FULL, full: FULL, weight: NO_TRACE.value, pending: false, locked: null };
  const tokenView = tokens.render(tokenBox, blank, {
    onHover: (query) => {
      hovered = query;
      lab.repaint();
    },
    onLock: (query) => {
      locked = query;
      lab.repaint();
    },
  });

  function paint(values) {
    const pattern = sliding(values.window);
    const [answer] = lab.requests(values).map(lab.engine.peek);
    if (answer && last.text !== values.text) locked = hovered = null;
    if (answer) last = { ...NO_TRACE, ...answer, text: values.text };
    panel.text.say(last.notice ?? "");
    panel.fit(last.seqLen, values.window);
    shown.hidden = last.seqLen === 0;
    emptyNote.textContent = shown.hidden ? (answer?.empty ?? lab.waiting()) : "";
    if (shown.hidden) return;
    shown.classList.toggle("stale", last.text !== values.text);
    const query = locked ?? hovered ?? last.seqLen - 1;
    paintTokens(pattern, !answer, query);
    counted.update(pattern, last.seqLen, query);
    trade.update(pattern, last.tokens, query);
  }

  function paintTokens(pattern, pending, query) {
    const { model } = lab.data;
    const layer = layerShown(model);
    tokenCard.heading.textContent = `What “${readable(last.tokens[query])}” reads when W = ${pattern.window_size}`;
    tokenCard.sentence.textContent =
      "Thickness and number: how much of each key enters. Dashed tokens are too old for the window. Hover or tap another token.";
    setBadges(tokenCard.badges, [
      `${model.name}, layer ${layer} of ${model.n_layers}, mean of ${model.n_heads} heads`,
      pending ? lab.waiting() : "real weights",
    ]);
    const weight = (q, k) => (pending ? NaN : last.value(layer, 0, q, k));
    const waiting = lab.waiting();
    tokenView.update({ tokens: last.tokens, pattern, full: FULL, pending, waiting, locked, marks: null, weight });
  }

  return { element, paint };
}

export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}
