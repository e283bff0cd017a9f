// The attention lab: one text, one model, read twice: with full attention, and through the pattern
// that each layer is given.

import * as bars from "../../web/views/bars.js";
import { pairsOf } from "../../cost.js";
import { card, h, setBadges } from "../../web/core/dom.js";
import { thousands } from "../../wording/numbers.js";
import { linkButton, mount } from "../../web/lab.js";
import { legend } from "../../web/views/legend.js";
import * as matrix from "../../web/views/matrix.js";
import { controls } from "./controls.js";
import * as perturb from "./perturb.js";
import { bandOf, isFull } from "../../patterns/pattern.js";
import { ruleText } from "../../patterns/sentences.js";
import { capitalised, isUniform, patternName, runName, runWord, scheduleOf } from "../../patterns/schedule.js";
import { readable } from "../../wording/text.js";
import * as tokens from "../../web/views/tokens.js";

const FULL = { kind: "causal" };
const NO_TRACE = { tokens: [], seqLen: 0, n_heads: 1, next: [], value: () => NaN };

// "Layer 3: chunks of 4", or only the pattern where it is the same in every layer.
const titleOf = (schedule, layer) =>
  isUniform(schedule) ? capitalised(patternName(schedule[0])) : `Layer ${layer}: ${patternName(schedule[layer - 1])}`;

function leadOf(schedule, layer) {
  const pattern = schedule[layer - 1];
  if (!isFull(pattern)) return `The same text and weights. A query reads the keys with ${ruleText(pattern)}`;
  const below = schedule.slice(0, layer - 1).every(isFull);
  return below
    ? "Full attention, and no layer below reads less: the same numbers as on the left"
    : "Full attention here too; its numbers differ, because layers below it read less";
}

// What this layer's pattern saves, and what the whole schedule does where the layers differ.
function savings(schedule, layer, seqLen) {
  const all = pairsOf(FULL, seqLen);
  const pattern = schedule[layer - 1];
  const some = pairsOf(pattern, seqLen);
  const fewer = (part, whole) => `${thousands(part)} score pairs · ${(whole / part).toFixed(1)}× fewer`;
  const same =
    bandOf(pattern) && !isFull(pattern)
      ? "W covers the whole text: same as full"
      : `${thousands(all)} score pairs: as many as full`;
  const badges = [some === all ? same : fewer(some, all)];
  if (isUniform(schedule)) return badges;
  const sum = schedule.reduce((pairs, each) => pairs + pairsOf(each, seqLen), 0);
  return [...badges, `all layers: ${fewer(sum, all * schedule.length)}`];
}

const lockedIn = ({ token }, seqLen) => (token > 0 && token <= seqLen ? token - 1 : null);

function build(lab) {
  const panel = controls(lab);
  const tokenCard = card("", "");
  const fullCard = card("Full attention", "A query reads every key up to itself: age ≥ 0");
  const windowCard = card("", "");
  const nextCard = card("What comes next?", "");
  const editCard = card("Change one token", "");
  const [tokenBox, fullBox, windowBox, nextBox, editBox] = [tokenCard, fullCard, windowCard, nextCard, editCard].map(
    ({ element }) => element.appendChild(h("div")),
  );
  const scaleBox = h("div", { class: "legend" });
  const emptyNote = h("p", { class: "empty", role: "status" });
  const traced = h(
    "div",
    { class: "traced" },
    tokenCard.element,
    h("div", { class: "pair" }, fullCard.element, windowCard.element),
    scaleBox,
    nextCard.element,
    editCard.element,
  );
  const element = h(
    "div",
    { class: "attention-lab" },
    panel.element,
    emptyNote,
    traced,
    h("div", { class: "row end" }, linkButton(lab)),
  );

  // What is on screen: the values and schedule of the last paint, the last full run there was, and
  // the other run, null while its numbers are on their way.
  let shown = { values: null, schedule: [], full: NO_TRACE, windowed: null, waiting: true };
  let drawnFull = [];
  const lastQuery = () => lockedIn(shown.values, shown.full.seqLen) ?? shown.full.seqLen - 1;
  const point = (query, key) => views.forEach((view) => view.point?.(query ?? lastQuery(), key));
  const lock = (position) => lab.commit({ token: position === null ? 0 : position + 1 });
  const linked = { onHover: (cell) => point(cell?.query, cell?.key), onLock: lock };

  const blank = {
    ...NO_TRACE,
    pattern: FULL,
    full: FULL,
    weight: NO_TRACE.value,
    locked: null,
    query: null,
    pending: false,
    name: "",
  };
  const tokenView = tokens.render(tokenBox, blank, {
    onHover: (query) => {
      [fullView, windowView].forEach((view) => view.point(query ?? lastQuery()));
      paintNext(shown.values, query);
    },
    onLock: lock,
  });
  const fullView = matrix.render(fullBox, blank, linked);
  const windowView = matrix.render(windowBox, blank, linked);
  const views = [tokenView, fullView, windowView];
  const nextView = bars.render(nextBox, { left: { name: "" }, right: { name: "" } });
  // An edit asks for new runs: where only recorded ones are at hand, there is none.
  editCard.element.hidden = Boolean(lab.data.offered);
  const editView = perturb.render(editBox, {
    atMost: lab.data.limits.replacement,
    onEdit: (edit) => lab.commit({ edit, token: 0 }),
  });

  function paint(values) {
    const schedule = scheduleOf(values);
    const [full, windowed] = lab.requests(values).map(lab.engine.peek);
    const last = full ? (full.seqLen ? full : { ...NO_TRACE, ...full }) : shown.full;
    shown = { values, schedule, full: last, windowed: full ? windowed : null, waiting: !full };
    panel.update(lab.values, scheduleOf(lab.values));
    panel.text.say(last.notice ?? "");
    traced.hidden = last.seqLen === 0;
    emptyNote.textContent = traced.hidden ? (full?.empty ?? lab.waiting()) : "";
    if (traced.hidden) return;
    traced.classList.toggle("stale", shown.waiting);
    const { edit } = values;
    editView.update({
      edit: edit ?? null,
      name: runName(schedule),
      full: last,
      windowed: shown.windowed,
      locked: lockedIn(values, last.seqLen),
      waiting: lab.waiting(),
    });
    paintTokens(values);
    paintMatrices(values);
    paintNext(values, null);
  }

  function paintTokens(values) {
    const { layer, head, stage } = values;
    const { schedule, full, windowed } = shown;
    const pattern = schedule[layer - 1];
    const locked = lockedIn(values, full.seqLen);
    tokenCard.heading.textContent = `What “${readable(full.tokens[lastQuery()])}” reads`;
    tokenCard.sentence.textContent =
      "Hover a token to see which keys it reads, click to lock it. " +
      (stage === "weights" ? "Thickness and number: the weight." : "For its weights, choose the stage “weights”.");
    setBadges(tokenCard.badges, [
      `layer ${layer}, ${head ? `head ${head}` : "mean of heads"}`,
      ...(isUniform(schedule) ? [] : [patternName(pattern)]),
      locked === null ? "hover or arrow keys" : "locked · Esc or click to unlock",
    ]);
    tokenView.update({
      tokens: full.tokens,
      pattern,
      full: FULL,
      pending: !windowed,
      waiting: lab.waiting(),
      locked,
      marks: editView.marks(),
      weight: windowed && stage === "weights" ? (q, k) => windowed.value(layer, head, q, k) : NO_TRACE.value,
    });
  }

  function paintMatrices(values) {
    const { layer, head } = values;
    const { schedule, full, windowed, waiting } = shown;
    const { tokens: words, seqLen } = full;
    const pattern = schedule[layer - 1];
    const title = titleOf(schedule, layer);
    const scale = legend(values, pattern, full, windowed);
    if (scale.looks !== scaleBox.dataset.looks) scaleBox.replaceChildren(scale.draw());
    scaleBox.dataset.looks = scale.looks;
    const shared = {
      tokens: words,
      seqLen,
      full: FULL,
      query: lastQuery(),
      range: scale.range,
      bend: scale.bend,
      unit: scale.unit,
    };
    // The left one stands still while W moves.
    const looks = [full, waiting, layer, head, values.stage, shared.query, String(scale.range), lab.root.dataset.theme];
    if (looks.some((look, i) => look !== drawnFull[i]))
      fullView.update({
        ...shared,
        name: "Full attention",
        pattern: FULL,
        pending: waiting,
        value: (q, k) => full.value(layer, head, q, k),
      });
    drawnFull = looks;
    windowView.update({
      ...shared,
      name: title,
      pattern,
      pending: !windowed,
      value: windowed ? (q, k) => windowed.value(layer, head, q, k) : NO_TRACE.value,
    });
    setBadges(fullCard.badges, [`${thousands(pairsOf(FULL, seqLen))} score pairs`]);
    windowCard.heading.textContent = `${title}${windowed ? "" : `, ${lab.waiting()}`}`;
    windowCard.sentence.textContent = leadOf(schedule, layer);
    setBadges(windowCard.badges, savings(schedule, layer, seqLen));
  }

  function paintNext(values, hoveredQuery) {
    const { schedule, full, windowed } = shown;
    if (!full.seqLen) return;
    const at = hoveredQuery ?? lastQuery();
    const list = (trace) => trace?.next?.[at]?.map(([id, piece, share]) => ({ id, piece, share })) ?? null;
    const before = full.tokens
      .slice(Math.max(0, at - 4), at + 1)
      .join("")
      .trim();
    nextCard.sentence.textContent = `The ten likeliest tokens after “…${before}”. ${lab.data.model.trained}`;
    nextView.update({
      left: { name: "Full attention", short: "full", list: list(full) },
      right: {
        name: capitalised(runName(schedule)),
        short: runWord(schedule),
        list: list(windowed),
        pending: windowed ? "" : lab.waiting(),
      },
    });
  }

  return { element, paint };
}

export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}
