// The layers lab: how far information can travel through windows, and how much of it arrives.

import * as cone from "../../web/views/cone.js";
import { segmented, slider, textBox } from "../../web/core/controls.js";
import { card, h, setBadges } from "../../web/core/dom.js";
import { counted, percent } from "../../wording/numbers.js";
import * as influence from "../../web/views/influence.js";
import { linkButton, mount } from "../../web/lab.js";
import * as layerStrip from "../../web/views/layer_strip.js";
import { dilutedShares, MOST, nearestCarrying, OWN_SHARE, reachFacts, sinksOf } from "../../reach.js";
import { runName, scheduleOf } from "../../patterns/schedule.js";
import * as staircaseCard from "./staircase_card.js";
import { limitText, reachBadge, spanningText } from "./words.js";
import { readable } from "../../wording/text.js";

function numbers(lab, nouns) {
  return Object.entries(nouns).map(([name, noun]) =>
    slider(lab.data.knobs[name], lab.values[name], {
      say: (value) => (value ? counted(value, noun) : "none"),
      onInput: (value) => lab.set({ [name]: value }),
      onChange: (value) => lab.commit({ [name]: value }),
    }),
  );
}

// A legend whose entries are shown or hidden, and worded, by `say`.
function legendOf(texts) {
  const items = Object.fromEntries(Object.keys(texts).map((name) => [name, h("span", {})]));
  const element = h(
    "ul",
    { class: "keys" },
    Object.keys(texts).map((name) => h("li", {}, h("i", { class: `swatch ${name}` }), items[name])),
  );
  const say = (name, words) => {
    items[name].textContent = words;
    items[name].parentNode.hidden = !words;
  };
  Object.entries(texts).forEach(([name, words]) => say(name, words));
  return { element, say };
}

const CONE_LEGEND = {
  query: "the token on top",
  ceiling: "outline: can be heard at all",
  reach: "fill: measured influence, as a share of the strongest in its row (square-root scale)",
  key: "the keys that one token reads",
  pinned: "",
  pending: "in reach, its influence not measured yet",
  outside: "out of reach",
};
const CHART_LEGEND = {
  reach: "bars: measured on the model (size of the gradient)",
  within: "underlined: within exact reach",
  diluted: "line: a formula, the diluted kernel (every layer keeps half of a token and averages what it reads)",
  dashed: "",
};

function build(lab) {
  const rewritten = (words) => ({ text: words, token: 0, picked: null });
  const text = textBox(lab.data.knobs.text, lab.values.text, {
    onInput: (words) => lab.engine.live && lab.set(rewritten(words)),
    onChange: (words) => lab.commit(rewritten(words)),
  });
  const [windowSlider, layersSlider, sinksSlider] = numbers(lab, { window: "key", layers: "layer", sinks: "token" });
  const strip = layerStrip.render(lab.data.knobs.schedule, {
    onChange: (letters) => lab.commit({ schedule: letters }),
  });
  // A slider that is let go of where it started sends no change of its own.
  const release = () => lab.mayRun() || lab.commit({});
  const sliders = h(
    "div",
    { class: "row", onpointerup: release, onfocusout: release },
    windowSlider.element,
    layersSlider.element,
    sinksSlider.element,
  );
  const scale = segmented(lab.data.knobs.scale, lab.values.scale, { onChange: (word) => lab.commit({ scale: word }) });

  const coneCard = card("", "");
  const chartCard = card("Reach is a ceiling, influence fades long before", "");
  const [coneBox, chartBox] = [coneCard, chartCard].map(({ element }) => element.appendChild(h("div")));
  const finding = h("p", { class: "finding", role: "status" });
  const [coneLegend, chartLegend] = [CONE_LEGEND, CHART_LEGEND].map(legendOf);
  coneCard.element.append(coneLegend.element);
  chartCard.sentence.after(finding);
  chartCard.element.append(chartLegend.element, scale.element);
  const emptyNote = h("p", { class: "empty", role: "status" });
  const measured = h("div", { class: "traced" }, coneCard.element, chartCard.element);
  const large = staircaseCard.render(lab);
  const element = h(
    "div",
    {},
    h("div", { class: "controls" }, text.element, sliders, strip.element, lab.badge),
    emptyNote,
    measured,
    large.element,
    h("div", { class: "row end" }, linkButton(lab)),
  );

  let last = { tokens: [], text: null };
  // `picked` is the token under the pointer: no knob, so it never enters the link.
  const { fixed } = lab.data.knobs.token;
  const pick = (position) => fixed || lab.point({ picked: position });
  const lock = (position) =>
    fixed || lab.commit({ picked: position ?? lab.values.picked, token: position === null ? 0 : position + 1 });
  const coneView = cone.render(
    coneBox,
    { tokens: [], schedule: [], nRows: 0, query: 0, locked: null, shares: null },
    { onPick: pick, onLock: lock },
  );
  const chartView = influence.render(chartBox);

  // The token that the link or a click holds, if the text is that long.
  function lockedIn({ token, text: words }) {
    const fits = last.text !== words || token <= last.tokens.length;
    return token > 0 && fits ? token - 1 : null;
  }

  const tokenOf = (values) => lockedIn(values) ?? values.picked ?? null;
  const needs = (values) => lab.requests({ ...values, token: (lockedIn(values) ?? -1) + 1 });

  function paint(values) {
    large.paint(lab.values);
    const everyLayer = scheduleOf(values);
    strip.update({
      letters: lab.values.schedule,
      schedule: scheduleOf(lab.values),
      counting: lab.values.layers,
      shown: null,
    });
    const token = tokenOf(values);
    const [answer] = needs(values).map(lab.engine.peek);
    if (answer) last = { ...answer, text: values.text };
    const waiting = last.text !== values.text;
    text.say(waiting ? "" : (last.notice ?? ""));
    measured.hidden = last.tokens.length === 0;
    measured.classList.toggle("stale", waiting);
    emptyNote.textContent = measured.hidden ? (answer?.empty ?? lab.waiting()) : "";
    if (measured.hidden) return;
    const end = last.tokens.length - 1;
    const query = Math.min(token ?? end, end);
    const schedule = everyLayer.slice(0, values.layers);
    const facts = reachFacts(schedule, query, last.tokens.length);
    const scene = { schedule, query, facts, answer };
    paintCone(values, scene);
    paintChart(values, scene);
  }

  function lockState(locked) {
    if (fixed) return "this token was measured for the file";
    return locked === null ? "hover or arrow keys" : "locked · Esc or click to unlock";
  }

  const pendingText = (schedule) =>
    (lab.engine.absence() && `The influence is not measured: ${lab.engine.absence().replace("…", "")}`) ||
    `${lab.mayRun() ? "Measuring" : "Let go to measure"} the influence (${runName(schedule)}, ${counted(schedule.length, "layer")})`;
  const name = (query) => `“${readable(last.tokens[query])}”`;

  function paintCone(values, { schedule, query, facts, answer }) {
    const locked = lockedIn(values);
    coneCard.heading.textContent = `What ${name(query)} can hear`;
    const fill = answer
      ? `Filled: how much it does matter, measured on ${lab.data.model.name}.`
      : `${pendingText(schedule)}; the outline is exact already.`;
    coneCard.sentence.textContent = `Outlined: can matter at all. ${fill}${spanningText(schedule, facts, last.tokens.length)}`;
    setBadges(coneCard.badges, [reachBadge(schedule, facts), lockState(locked)]);
    coneLegend.say("pinned", sinksOf(schedule) ? "★ a sink: every window reads it" : "");
    coneView.update({
      tokens: last.tokens,
      schedule,
      nRows: lab.data.model.n_layers,
      query,
      locked: fixed ? query : locked,
      fixed,
      shares: answer?.shares ?? null,
    });
  }

  function paintChart(values, { schedule, query, facts, answer }) {
    const shares = answer?.shares[0] ?? null;
    const near = shares && nearest(shares, query, facts);
    chartCard.sentence.textContent = `Share of each token in the state of ${name(query)} after ${counted(schedule.length, "layer")}.`;
    finding.textContent = near ? findingText(near, query, facts) : `${pendingText(schedule)}…`;
    chartLegend.say(
      "dashed",
      `dashed: the exact ceiling, ${facts.formula === null ? "counted layer by layer" : "L × (W − 1) back"}`,
    );
    chartView.update({
      tokens: last.tokens,
      query,
      measured: shares,
      facts,
      near,
      log: values.scale === "log",
      diluted: dilutedShares(schedule, query, last.tokens.length, OWN_SHARE),
    });
  }

  function findingText({ tokens: count, kept }, query, facts) {
    const most = percent(MOST).replace(".0", "");
    const carry = `${counted(count, "token")} ${count === 1 ? "carries" : "carry"} ${most}`;
    const found = facts.sinks
      ? `${facts.sinks === 1 ? "The sink carries" : `The ${facts.sinks} sinks carry`} ${percent(kept)} of the measured influence on ${name(query)}; of the rest the nearest ${carry}`
      : `The nearest ${carry} of the measured influence on ${name(query)}`;
    return `${found}; ${limitText(query, facts)}.`;
  }

  return { element, paint, needs };
}

// How many of the nearest tokens carry most of the influence that is not on sinks, and what these keep.
function nearest(shares, query, { sinks }) {
  const kept = shares.slice(0, sinks).reduce((a, b) => a + b, 0);
  const byAge = shares.slice(sinks, query + 1).reverse();
  return { tokens: nearestCarrying(byAge, MOST * (1 - kept)), part: MOST, kept };
}

export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}
