// The controls of the window page: pattern, convention, example, and the numbers that the pattern has.

import { chooser, segmented, slider } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import { EXAMPLES } from "./examples.js";
import { agreeing, chosenPattern } from "./chosen.js";

const NUMBERS = ["window", "radius", "chunk", "sinks", "dilation", "global", "second"];

const WORDS = {
  radius: (r) => `${r} each side · W = ${2 * r + 1}`,
  second: (token) => (token ? `${token}` : "none"),
  dilation: (d) => (d === 1 ? "1: no gaps" : `every ${d}`),
};

// The farthest that a slider goes: as far as the text, so that small texts get fine steps.
const ENDS = {
  window: (v) => Math.max(v.tokens, v.window, 16),
  chunk: (v) => Math.max(v.tokens, v.chunk, 16),
  radius: (v) => Math.max(Math.ceil(v.tokens / 2), v.radius, 8),
  global: (v) => Math.max(v.tokens, v.global),
  second: (v) => Math.max(v.tokens, v.second),
};

export function render(lab) {
  const { knobs, conventions } = lab.data;
  Object.assign(lab.values, agreeing(lab.values, conventions, EXAMPLES));
  const fits = (changes) => agreeing({ ...lab.values, ...changes }, conventions, EXAMPLES);
  // Another program's number is no count of keys: that is the point.
  const windowWords = (size) => (lab.values.convention === "ours" ? `${size} ${knobs.window.unit}` : `${size}`);
  const number = (name) =>
    slider(knobs[name], lab.values[name], {
      onInput: (value) => lab.set(fits({ [name]: value })),
      onChange: (value) => lab.commit(fits({ [name]: value })),
      say: name === "window" ? windowWords : WORDS[name],
    });
  const choose = (make, name, change) =>
    make(knobs[name], lab.values[name], { onChange: (word) => lab.commit(fits(change(word))) });

  const sliders = Object.fromEntries(["tokens", ...NUMBERS].map((name) => [name, number(name)]));
  const pattern = choose(chooser, "pattern", (word) => ({ pattern: word, convention: "ours" }));
  const convention = choose(chooser, "convention", (word) => ({
    convention: word,
    pattern: conventions[word]?.centred ? "centred" : "sliding",
  }));
  const example = choose(segmented, "example", (word) => ({
    convention: "ours",
    example: word,
    ...EXAMPLES[word].values,
  }));
  const sides = choose(segmented, "sides", (word) => ({ sides: word }));
  const optional = { ...sliders, sides };
  const label = sliders.window.element.querySelector("label").firstChild;
  const note = h("p", { class: "notice quiet", role: "status" });

  const element = h(
    "div",
    { class: "controls" },
    h("div", { class: "row" }, pattern.element, convention.element, example.element, note),
    h(
      "div",
      { class: "row numbers" },
      sliders.tokens.element,
      NUMBERS.map((name) => sliders[name].element),
      sides.element,
    ),
  );

  function update() {
    const v = lab.values;
    const chosen = chosenPattern(v, conventions);
    for (const [name, control] of Object.entries(optional)) {
      control.element.hidden = name !== "tokens" && !chosen.knobs.includes(name);
      const limits = ENDS[name] && lab.mayRun() ? { at_most: Math.min(ENDS[name](v), knobs[name].at_most) } : {};
      control.set(v[name], limits);
    }
    pattern.set(v.pattern);
    convention.set(v.convention);
    example.set(v.example);
    label.data = v.convention === "ours" ? knobs.window.label : "Their number n";
    note.textContent = chosen.note;
    return chosen;
  }
  return { element, update };
}
