// The controls of the window page: pattern, convention, example, and the numbers that the pattern has.

import { chooser, segmented, slider } from "../../web/core/controls.js";
import { statedBy } from "../../patterns/pattern.js";
import { h } from "../../web/core/dom.js";
import { EXAMPLES } from "./examples.js";
import { agreeing, chosenPattern } from "./chosen.js";

// The controls of all patterns, each once.
const settingsOf = (patterns) => {
  const all = Object.values(patterns).flatMap(({ settings }) => settings);
  return all.filter(({ name }, place) => all.findIndex((other) => other.name === name) === place);
};

// The words that patterns have for the numbers of their controls.
const wordsOf = (patterns) => Object.assign({}, ...Object.keys(patterns).map((kind) => statedBy({ kind }).say));

// The farthest that a slider goes: mostly as far as the text, so that small texts get fine steps.
function endOf({ name, share_of_text: share, goes_to: least, at_most: most }, values) {
  return share ? Math.min(Math.max(Math.ceil(values.tokens * share), values[name], least), most) : most;
}

// One control for every setting of every pattern: {name: {element, set}}.
function optionalControls(lab, fits) {
  const { knobs } = lab.data;
  // Another program's number is no count of keys: that is the point.
  const windowWords = (size) => (lab.values.convention === "ours" ? `${size} ${knobs.window.unit}` : `${size}`);
  const sayOf = { ...wordsOf(lab.data.extra.patterns), window: windowWords };
  const numberControl = (name) =>
    slider(knobs[name], lab.values[name], {
      onInput: (value) => lab.set(fits({ [name]: value })),
      onChange: (value) => lab.commit(fits({ [name]: value })),
      say: sayOf[name],
    });
  const wordControl = (name) =>
    segmented(knobs[name], lab.values[name], { onChange: (word) => lab.commit(fits({ [name]: word })) });
  const names = ["tokens", ...settingsOf(lab.data.extra.patterns).map(({ name }) => name)];
  return Object.fromEntries(
    names.map((name) => [name, knobs[name].kind === "number" ? numberControl(name) : wordControl(name)]),
  );
}

export function render(lab) {
  const { knobs } = lab.data;
  const { conventions } = lab.data.extra;
  Object.assign(lab.values, agreeing(lab.values, conventions, EXAMPLES));
  const fits = (changes) => agreeing({ ...lab.values, ...changes }, conventions, EXAMPLES);
  const choose = (make, name, change) =>
    make(knobs[name], lab.values[name], { onChange: (word) => lab.commit(fits(change(word))) });

  const optional = optionalControls(lab, fits);
  const ends = Object.fromEntries(settingsOf(lab.data.extra.patterns).map((setting) => [setting.name, setting]));
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
  const label = optional.window.element.querySelector("label").firstChild;
  const note = h("p", { class: "notice quiet", role: "status" });

  const element = h(
    "div",
    { class: "controls" },
    h("div", { class: "row" }, pattern.element, convention.element, example.element, note),
    h(
      "div",
      { class: "row numbers" },
      Object.values(optional).map((control) => control.element),
    ),
  );

  function update() {
    const v = lab.values;
    const chosen = chosenPattern(v, lab.data.extra);
    for (const [name, control] of Object.entries(optional)) {
      control.element.hidden = name !== "tokens" && !chosen.knobs.includes(name);
      control.set(v[name], ends[name]?.share_of_text && lab.mayRun() ? { at_most: endOf(ends[name], v) } : {});
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
