// The controls of the window page: pattern, convention, example, and the numbers that the pattern has.

/** @import { Control, Slider } from "../../web/core/controls.js" */
/** @import { ChoiceKnob, NumberKnob, Value } from "../../web/core/types.d.ts" */
/** @import { Controls } from "../../web/stage.js" */
/** @import { Chosen, Setting, WindowData, WindowLab, WindowValues } from "./chosen.js" */

import { statedBy } from "../../patterns/pattern.js";
import { chooser, segmented, slider } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import { agreeing, chosenPattern, windowOf } from "./chosen.js";
import { EXAMPLES } from "./examples.js";

/**
 * A control that a pattern may have.
 * @typedef {object} Optional
 * @property {HTMLElement} element
 * @property {(value: any, limits?: {at_most?: number}) => void} set
 */

/**
 * Values with some changes, made to agree.
 * @typedef {(changes: Record<string, Value>) => WindowValues} Fits
 */

/**
 * The controls of all patterns, each once.
 * @param {WindowData["patterns"]} patterns
 */
function settingsOf(patterns) {
  const all = Object.values(patterns).flatMap(({ settings }) => settings);
  return all.filter(({ name }, place) => all.findIndex((other) => other.name === name) === place);
}

/**
 * The words that patterns have for the numbers of their controls.
 * @param {WindowData["patterns"]} patterns
 * @returns {Record<string, (value: number) => string>}
 */
const wordsOf = (patterns) => Object.assign({}, ...Object.keys(patterns).map((kind) => statedBy({ kind }).say));

/**
 * The farthest that a slider goes: mostly as far as the text, so that small texts get fine steps.
 * @param {Setting | undefined} setting
 * @param {WindowValues} values
 * @returns {{at_most?: number}} Nothing where it always goes as far.
 */
function limitsOf(setting, values) {
  if (!setting?.share_of_text) return {};
  const { name, share_of_text: share, goes_to: least = 0, at_most: most = Infinity } = setting;
  return { at_most: Math.min(Math.max(Math.ceil(values.tokens * share), Number(values[name]), least), most) };
}

/**
 * One control for every setting of every pattern, and for the number of tokens.
 * @param {WindowLab} lab
 * @param {WindowData} data
 * @param {Fits} fits
 * @returns {Record<string, Optional>}
 */
function optionalControls(lab, { patterns }, fits) {
  const { knobs } = lab.data;
  /**
   * Another program's number is no count of keys: that is the point.
   * @param {number} size
   */
  const windowWords = (size) => (lab.values.convention === "ours" ? `${size} ${knobs.window.unit}` : `${size}`);
  /** @type {Record<string, (value: number) => string>} */
  const sayOf = { ...wordsOf(patterns), window: windowWords };
  /**
   * @param {string} name
   * @param {NumberKnob} knob
   * @returns {Slider}
   */
  const numberControl = (name, knob) =>
    slider(knob, Number(lab.values[name]), {
      onInput: (value) => lab.set(fits({ [name]: value })),
      onChange: (value) => lab.commit(fits({ [name]: value })),
      say: sayOf[name],
    });
  const names = ["tokens", ...settingsOf(patterns).map(({ name }) => name)];
  return Object.fromEntries(
    names.map((name) => {
      const knob = knobs[name];
      return [
        name,
        knob.kind === "number"
          ? numberControl(name, knob)
          : choice(lab, segmented, name, (word) => fits({ [name]: word })),
      ];
    }),
  );
}

/**
 * A control for one of some words.
 * @param {WindowLab} lab
 * @param {typeof chooser | typeof segmented} make
 * @param {string} name
 * @param {(word: string) => WindowValues} change - The values with that word.
 * @returns {Control<string>}
 */
function choice(lab, make, name, change) {
  const knob = /** @type {ChoiceKnob} */ (lab.data.knobs[name]);
  return make(knob, String(lab.values[name]), { onChange: (word) => lab.commit(change(word)) });
}

/**
 * The three controls that every pattern has.
 * @param {WindowLab} lab
 * @param {WindowData} data
 * @param {Fits} fits
 */
function ownControls(lab, { conventions }, fits) {
  return {
    pattern: choice(lab, chooser, "pattern", (word) => fits({ pattern: word, convention: "ours" })),
    convention: choice(lab, chooser, "convention", (word) =>
      fits({ convention: word, pattern: windowOf(conventions[word]) }),
    ),
    example: choice(lab, segmented, "example", (word) =>
      fits({ convention: "ours", example: word, ...EXAMPLES[word].values }),
    ),
  };
}

/**
 * Make the controls.
 * @param {WindowLab} lab
 * @param {WindowData} data
 * @returns {Controls & {note: HTMLElement, update: () => Chosen}} `update` moves them, and says which
 *   pattern they name; `note` says what had to be changed for it.
 */
export function render(lab, data) {
  const { knobs } = lab.data;
  Object.assign(lab.values, agreeing(lab.values, data.conventions, EXAMPLES));
  /** @type {Fits} */
  const fits = (changes) => agreeing({ ...lab.values, ...changes }, data.conventions, EXAMPLES);
  const own = ownControls(lab, data, fits);
  const optional = optionalControls(lab, data, fits);
  const settings = new Map(settingsOf(data.patterns).map((setting) => [setting.name, setting]));
  const label = /** @type {Text} */ (optional.window.element.querySelector("label")?.firstChild);
  const note = h("p", { class: "notice quiet", role: "status" });

  const numbers = Object.values(optional).map((control) => control.element);
  const bar = [own.pattern.element, ...numbers];
  const more = [h("div", { class: "row" }, own.convention.element, own.example.element)];
  const isMoved = ["convention", "example"].some((name) => lab.values[name] !== knobs[name].default);

  function update() {
    const { values } = lab;
    const chosen = chosenPattern(values, data);
    for (const [name, control] of Object.entries(optional)) {
      control.element.hidden = name !== "tokens" && !chosen.knobs.includes(name);
      control.set(values[name], lab.mayRun() ? limitsOf(settings.get(name), values) : {});
    }
    own.pattern.set(values.pattern);
    own.convention.set(values.convention);
    own.example.set(values.example);
    label.data = values.convention === "ours" ? knobs.window.label : "Their number w";
    note.textContent = chosen.note;
    return chosen;
  }
  return { bar, more, note, isMoved, update };
}
