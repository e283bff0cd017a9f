// The attention lab: one text, one model, read twice: with full attention and through a window.

import * as bars from "./bars.js";
import { segmented, slider, textBox } from "./controls.js";
import { pairsOf } from "./counts.js";
import { card, h, setBadges, thousands } from "./dom.js";
import { serverEngine } from "./engine.js";
import { linkButton, mount } from "./lab.js";
import { legend } from "./legend.js";
import * as matrix from "./matrix.js";
import * as perturb from "./perturb.js";
import { readable } from "./text.js";
import * as tokens from "./tokens.js";

const FULL = { kind: "causal" };
const NO_TRACE = { tokens: [], seqLen: 0, n_heads: 1, next: [], value: () => NaN };

const sliding = (size) => ({ kind: "sliding", window_size: size });

// What the two runs of the model are called with.
export function requestFor(lab, pattern) {
  const { text, stage, edit } = lab.values;
  return { text, edit: edit ?? null, schedule: Array(lab.data.model.n_layers).fill(pattern), stage };
}

function controls(lab) {
  const { knobs, model, values } = { ...lab.data, values: lab.values };
  const text = textBox(knobs.text, values.text, {
    onChange: (words) => lab.commit({ text: words, edit: null, token: 0 }),
  });
  const number = (name, say) =>
    slider(knobs[name], values[name], {
      onInput: (value) => lab.set({ [name]: value }),
      onChange: (value) => lab.commit({ [name]: value }),
      say,
    });
  const window = number("window");
  const layer = number("layer", (value) => `${value} of ${model.n_layers}`);
  const head = number("head", (value) => (value ? `${value} of ${model.n_heads}` : `mean of ${model.n_heads}`));
  const stage = segmented(knobs.stage, values.stage, { onChange: (word) => lab.commit({ stage: word }) });
  const element = h(
    "div", { class: "controls" }, text.element,
    h("div", { class: "row" }, window.element, layer.element, head.element, stage.element),
  );
  return { element, text };
}

function build(lab) {
  const panel = controls(lab);
  const tokenCard = card("", "");
  const fullCard = card("Full attention", "A query reads every key up to itself: age ≥ 0");
  const windowCard = card("", "The same text and weights, through the window: 0 ≤ age < W");
  const nextCard = card("What comes next?", "");
  const editCard = card("Change one token", "");
  const [tokenBox, fullBox, windowBox, nextBox, editBox] = [tokenCard, fullCard, windowCard, nextCard, editCard].map(
    ({ element }) => element.appendChild(h("div")),
  );
  const scaleBox = h("div", { class: "legend" });
  const emptyNote = h("p", { class: "empty", role: "status" });
  const traced = h("div", { class: "traced" }, tokenCard.element,
    h("div", { class: "pair" }, fullCard.element, windowCard.element), scaleBox, nextCard.element, editCard.element);
  const element = h("div", {}, panel.element, emptyNote, traced, h("div", { class: "row end" }, linkButton(lab)));

  let last = { full: NO_TRACE, windowed: NO_TRACE };
  const point = (query, key) => views.forEach((view) => view.point?.(query ?? lastQuery(), key));
  const lastQuery = () => lockedToken() ?? last.full.seqLen - 1;
  const lockedToken = () => (lab.values.token > 0 && lab.values.token <= last.full.seqLen ? lab.values.token - 1 : null);
  const lock = (position) => lab.commit({ token: position === null ? 0 : position + 1 });
  const linked = { onHover: (cell) => point(cell?.query, cell?.key), onLock: lock };

  const blank = { ...NO_TRACE, pattern: FULL, full: FULL, weight: NO_TRACE.value, locked: null, query: null, pending: false, name: "" };
  const tokenView = tokens.render(tokenBox, blank, {
    onHover: (query) => { [fullView, windowView].forEach((view) => view.point(query ?? lastQuery())); paintNext(query); },
    onLock: lock,
  });
  const fullView = matrix.render(fullBox, blank, linked);
  const windowView = matrix.render(windowBox, blank, linked);
  const views = [tokenView, fullView, windowView];
  const nextView = bars.render(nextBox, { left: { name: "" }, right: { name: "" } });
  const editView = perturb.render(editBox, lab);

  // The runs on screen: the text's own, or the last ones while new ones are computed.
  function fetchRuns() {
    const pattern = sliding(lab.values.window);
    const [full, windowed] = [FULL, pattern].map((rule) => {
      const request = requestFor(lab, rule);
      const answer = lab.engine.peek(request);
      if (!answer && lab.mayRun()) lab.engine.run(request).then(lab.repaint);
      return answer;
    });
    return { pattern, full, windowed };
  }

  function paint() {
    const { pattern, full, windowed } = fetchRuns();
    if (full) last.full = { ...NO_TRACE, ...full };
    if (windowed) last.windowed = { ...NO_TRACE, ...windowed };
    const notice = last.full.notice ?? "";
    panel.text.say(notice);
    traced.hidden = last.full.seqLen === 0;
    emptyNote.textContent = traced.hidden ? last.full.empty ?? "Reading…" : "";
    if (traced.hidden) return;
    const words = last.full.tokens;
    const waiting = !full;
    const pending = !windowed || waiting;
    traced.classList.toggle("stale", waiting);
    editView.update({ full: last.full, windowed: pending ? null : last.windowed, locked: lockedToken() });
    paintTokens(words, pattern, pending);
    paintMatrices(words, pattern, waiting, pending);
    paintNext(null);
  }

  function paintTokens(words, pattern, pending) {
    const { layer, head, stage } = lab.values;
    const at = lastQuery();
    tokenCard.heading.textContent = `What “${readable(words[at])}” reads`;
    tokenCard.sentence.textContent =
      "Hover a token to see which keys it reads, click to lock it. " +
      (stage === "weights" ? "Thickness and number: the weight." : "For its weights, choose the stage “weights”.");
    const state = lockedToken() === null ? "hover or arrow keys" : "locked · Esc or click to unlock";
    setBadges(tokenCard.badges, [`layer ${layer}, ${head ? `head ${head}` : "mean of heads"}`, state]);
    const known = !pending && stage === "weights";
    tokenView.update({
      tokens: words, pattern, full: FULL, pending, waiting: lab.waiting(), locked: lockedToken(), marks: editView.marks(),
      weight: known ? (q, k) => last.windowed.value(layer, head, q, k) : () => NaN,
    });
  }

  function paintMatrices(words, pattern, waiting, pending) {
    const { layer, head, stage, window } = lab.values;
    const seqLen = words.length;
    const scale = legend(stage, layer, head, last.full, pending ? null : last.windowed);
    scaleBox.replaceChildren(scale.element);
    const shared = { tokens: words, seqLen, full: FULL, query: lastQuery(), range: scale.range, bend: scale.bend, unit: scale.unit };
    fullView.update({ ...shared, name: "Full attention", pattern: FULL, pending: waiting, value: (q, k) => last.full.value(layer, head, q, k) });
    windowView.update({ ...shared, name: `Window of ${window}`, pattern, pending, value: (q, k) => last.windowed.value(layer, head, q, k) });
    const all = pairsOf(FULL, seqLen);
    const some = pairsOf(pattern, seqLen);
    setBadges(fullCard.badges, [`${thousands(all)} score pairs`]);
    windowCard.heading.textContent = `Window W = ${window}${pending ? `, ${lab.waiting()}` : ""}`;
    const saved = some === all ? "W covers the whole text: same as full" : `${thousands(some)} score pairs · ${(all / some).toFixed(1)}× fewer`;
    setBadges(windowCard.badges, [saved]);
  }

  function paintNext(hoveredQuery) {
    const { full, windowed } = last;
    if (!full.seqLen) return;
    const at = hoveredQuery ?? lastQuery();
    const fresh = lab.engine.peek(requestFor(lab, sliding(lab.values.window)));
    const list = (trace) => trace?.next?.[at]?.map(([id, piece, share]) => ({ id, piece, share })) ?? null;
    const before = full.tokens.slice(Math.max(0, at - 4), at + 1).join("").trim();
    nextCard.sentence.textContent = `The ten likeliest tokens after “…${before}”. ${lab.data.model.trained}`;
    nextView.update({
      left: { name: "Full attention", short: "full", list: list(full) },
      right: { name: `Window of ${lab.values.window}`, short: "window", list: list(fresh), pending: fresh ? "" : lab.waiting() },
    });
  }

  return { element, paint };
}

export function render(element, data, callbacks) {
  mount(element, data, callbacks, serverEngine, build);
}
