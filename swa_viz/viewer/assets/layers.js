// The layers lab: how far information can travel through windows, and how much of it arrives.

import * as cone from "./cone.js";
import { segmented, slider, textBox } from "./controls.js";
import { card, counted, h, percent, setBadges, thousands } from "./dom.js";
import { serverEngine } from "./engine.js";
import * as influence from "./influence.js";
import { linkButton, mount } from "./lab.js";
import { dilutedShares, exactReach, MOST, nearestCarrying, OWN_SHARE, roundReach } from "./reach.js";
import * as span from "./span.js";
import { readable } from "./text.js";

const RESTING_MS = 160;
const WINDOW_STEPS = Array.from({ length: 14 }, (_, i) => 2 ** i).flatMap((w) => [w, 1.5 * w]).filter((w) => Number.isInteger(w) && w <= 8192);

// One pattern for each W, so that its list of keys is made once.
const PATTERNS = Array.from({ length: 65 }, (_, size) => ({ kind: "sliding", window_size: size }));

const schedule = ({ window, layers }) => Array(layers).fill(PATTERNS[window]);

// What the engine is asked for one token on top.
export const requestFor = (values, token) => ({ kind: "influence", text: values.text, schedule: schedule(values), token });

function numbers(lab, nouns) {
  return Object.entries(nouns).map(([name, noun]) =>
    slider(lab.data.knobs[name], lab.values[name], {
      say: (value) => counted(value, noun),
      onInput: (value) => lab.set({ [name]: value }),
      onChange: (value) => lab.commit({ [name]: value }),
    }),
  );
}

function swatches(texts) {
  return h("ul", { class: "keys" }, Object.entries(texts).map(([name, text]) => h("li", {}, h("i", { class: `swatch ${name}` }), text)));
}

const CONE_LEGEND = {
  query: "the token on top",
  ceiling: "outline: can be heard at all",
  reach: "fill: measured influence, as a share of the strongest in its row (square-root scale)",
  key: "one window of W keys",
  pending: "in reach, its influence not measured yet",
  outside: "out of reach",
};
const CHART_LEGEND = {
  reach: "bars: measured on the model (size of the gradient)",
  diluted: "line: a formula, the diluted kernel (every layer keeps half of a token and averages its window)",
  dashed: "dashed: the exact ceiling, L × (W − 1) back",
};

// The third card has knobs of its own: a preset, or W and L by hand.
function spanCard(lab) {
  const { knobs, presets } = lab.data;
  const box = card("At the size of real models", "One bar of width W for each layer; the next layer goes on where the oldest token of the last one stands.");
  const place = h("div");
  const view = span.render(place);
  const sizes = () => presets[lab.values.preset] ?? { window: lab.values.span_window, layers: lab.values.span_layers };
  const steps = [...new Set([...WINDOW_STEPS, lab.values.span_window])].sort((a, b) => a - b);
  const nearest = (size) => steps.indexOf(steps.find((step) => step >= size) ?? steps[steps.length - 1]);
  const custom = (name, read) => {
    const changed = (value) => ({ preset: "custom", span_window: sizes().window, span_layers: sizes().layers, [name]: read(value) });
    return { onInput: (value) => lab.set(changed(value)), onChange: (value) => lab.commit(changed(value)) };
  };
  const choice = segmented(knobs.preset, lab.values.preset, {
    onChange: (preset) => lab.commit({ span_window: sizes().window, span_layers: sizes().layers, preset }),
  });
  const window = slider({ ...knobs.span_window, at_least: 0, at_most: steps.length - 1 }, nearest(sizes().window), {
    ...custom("span_window", (index) => steps[index]), say: (index) => counted(steps[index], "key"),
  });
  const layers = slider(knobs.span_layers, sizes().layers, {
    ...custom("span_layers", (value) => value), say: (value) => counted(value, "layer"),
  });
  const source = h("p", { class: "lead" });
  box.element.append(h("div", { class: "row" }, choice.element, window.element, layers.element), place, source);

  function paint() {
    const { window: size, layers: count } = sizes();
    choice.set(lab.values.preset);
    window.set(nearest(size));
    layers.set(count);
    setBadges(box.badges, [`exact reach ${counted(exactReach(size, count), "token")}`, `round figure W × L = ${thousands(roundReach(size, count))}`]);
    source.textContent = presets[lab.values.preset]?.source ?? "Your own numbers: move W and L.";
    view.update({ windowSize: size, layers: count });
  }
  return { element: box.element, paint };
}

function build(lab) {
  let picked = null;
  const text = textBox(lab.data.knobs.text, lab.values.text, { onChange: (words) => { picked = null; lab.commit({ text: words, token: 0 }); } });
  const [windowSlider, layersSlider] = numbers(lab, { window: "key", layers: "layer" });
  // A slider that is let go of where it started sends no change of its own.
  const release = () => lab.mayRun() || lab.commit({});
  const sliders = h("div", { class: "row", onpointerup: release, onfocusout: release }, windowSlider.element, layersSlider.element);
  const scale = segmented(lab.data.knobs.scale, lab.values.scale, { onChange: (word) => lab.commit({ scale: word }) });

  const coneCard = card("", "");
  const chartCard = card("Reach is a ceiling, influence fades long before", "");
  const [coneBox, chartBox] = [coneCard, chartCard].map(({ element }) => element.appendChild(h("div")));
  const finding = h("p", { class: "finding", role: "status" });
  coneCard.element.append(swatches(CONE_LEGEND));
  chartCard.sentence.after(finding);
  chartCard.element.append(swatches(CHART_LEGEND), scale.element);
  const emptyNote = h("p", { class: "empty", role: "status" });
  const measured = h("div", { class: "traced" }, coneCard.element, chartCard.element);
  const large = spanCard(lab);
  const element = h("div", {}, h("div", { class: "controls" }, text.element, sliders), emptyNote, measured, large.element,
    h("div", { class: "row end" }, linkButton(lab)));

  let last = { tokens: [], text: null };
  let timer = 0;
  const pick = (position) => { picked = position; lab.repaint(); };
  const lock = (position) => { picked = position ?? picked; lab.commit({ token: position === null ? 0 : position + 1 }); };
  const coneView = cone.render(coneBox, { tokens: [], schedule: [], nRows: 0, query: 0, locked: null, shares: null }, { onPick: pick, onLock: lock });
  const chartView = influence.render(chartBox);

  // The token that the link or a click holds, if the text is that long.
  function lockedToken() {
    const { token, text: words } = lab.values;
    const fits = last.text !== words || token <= last.tokens.length;
    return token > 0 && fits ? token - 1 : null;
  }

  // The answer for these values if it is here; else it is asked for once the hand rests.
  function fetchAnswer(token) {
    const request = requestFor(lab.values, token);
    const answer = lab.engine.peek(request);
    clearTimeout(timer);
    const ask = () => lab.engine.run(request).then(lab.repaint);
    if (!answer && lab.mayRun()) timer = setTimeout(ask, RESTING_MS);
    return answer;
  }

  function paint() {
    large.paint();
    const token = lockedToken() ?? picked;
    const answer = fetchAnswer(token);
    if (answer) last = { ...answer, text: lab.values.text };
    const waiting = last.text !== lab.values.text;
    text.say(waiting ? "" : last.notice ?? "");
    measured.hidden = last.tokens.length === 0;
    measured.classList.toggle("stale", waiting);
    emptyNote.textContent = measured.hidden ? (waiting ? "Reading…" : last.empty ?? "") : "";
    if (measured.hidden) return;
    const end = last.tokens.length - 1;
    const query = Math.min(token ?? end, end);
    paintCone(query, answer);
    paintChart(query, answer);
  }

  const pendingText = () => {
    const { window, layers } = lab.values;
    return `${lab.mayRun() ? "Measuring" : "Let go to measure"} the influence for W = ${window}, ${counted(layers, "layer")}`;
  };
  const name = (query) => `“${readable(last.tokens[query])}”`;

  function paintCone(query, answer) {
    const { window, layers } = lab.values;
    const locked = lockedToken();
    coneCard.heading.textContent = `What ${name(query)} can hear`;
    const cut = window >= last.tokens.length ? " W covers this whole text: the cone spans it from layer 1 on." : "";
    const fill = answer
      ? `Filled: how much it does matter, measured on ${lab.data.model.name}.`
      : `${pendingText()}; the outline is exact already.`;
    coneCard.sentence.textContent = `Outlined: can matter at all. ${fill}${cut}`;
    setBadges(coneCard.badges, [
      `exact reach ${counted(exactReach(window, layers), "token")} · round figure W × L = ${thousands(roundReach(window, layers))}`,
      locked === null ? "hover or arrow keys" : "locked · Esc or click to unlock",
    ]);
    coneView.update({ tokens: last.tokens, schedule: schedule(lab.values), nRows: lab.data.model.n_layers, query, locked, shares: answer?.shares ?? null });
  }

  function paintChart(query, answer) {
    const { window, layers, scale: scaleName } = lab.values;
    const ceiling = exactReach(window, layers) - 1;
    const shares = answer?.shares[0] ?? null;
    const near = shares && nearestCarrying(shares.slice(0, query + 1).reverse(), MOST);
    chartCard.sentence.textContent = `Share of each token in the state of ${name(query)} after ${counted(layers, "layer")}.`;
    finding.textContent = near ? findingText(near, query, ceiling) : `${pendingText()}…`;
    chartView.update({
      tokens: last.tokens, query, measured: shares, ceiling, near: near && { tokens: near, part: MOST }, log: scaleName === "log",
      diluted: dilutedShares(schedule(lab.values), query, last.tokens.length, OWN_SHARE),
    });
  }

  function findingText(near, query, ceiling) {
    const limit = ceiling > query ? `the text allows ${query + 1}, the ceiling ${thousands(ceiling + 1)}` : `the ceiling is ${thousands(ceiling + 1)}`;
    return `The nearest ${near} ${near === 1 ? "token carries" : "tokens carry"} ${percent(MOST).replace(".0", "")} of the measured influence on ${name(query)}; ${limit}.`;
  }

  return { element, paint };
}

export function render(element, data, callbacks) {
  mount(element, data, callbacks, serverEngine, build);
}
