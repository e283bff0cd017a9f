// The forgotten instruction, live: a sentence that the visitor hides in a short prompt, and what the chosen model
// answers in full attention and through the windows of the page.

/** @import { ChoicesPayload, ModelFacts } from "../../web/core/types.d.ts" */
/** @import { Likely } from "../../web/views/bars.js" */
/** @import { LimitsLab, LimitsValues } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { runAfterWith, runName, runWord, capitalised } from "../../patterns/schedule.js";
import { chooser, slider } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import * as bars from "../../web/views/bars.js";
import { counted, percent } from "../../wording/numbers.js";
import { cannotRecall, needlesOf } from "./needle_words.js";

/** The model that has something to forget. */
const RECOMMENDED = "smollm2-135m";

/**
 * The questions to the model, in full attention and through the windows: both have the same prompt.
 * @param {LimitsLab} lab
 * @param {LimitsValues} values
 */
const questionsOf = (lab, values) => lab.requests(values).filter(({ kind }) => kind === "choices");

/**
 * An answer; null while it is on its way.
 * @param {ReturnType<LimitsLab["engine"]["peek"]>} found
 */
const answerOf = (found) => (found && "probabilities" in found ? found : null);

/**
 * The share of each choice in the probability of all.
 * @param {ChoicesPayload | null} found
 * @returns {Likely[] | null}
 */
function listOf(found) {
  if (!found) return null;
  const { choices, probabilities } = found;
  const all = probabilities.reduce((sum, each) => sum + each, 0);
  return choices.map((piece, id) => ({ id, piece, share: probabilities[id] / all }));
}

/**
 * Which of the choices stands in the sentence.
 * @param {string} sentence
 * @param {readonly string[]} choices
 */
const rightOf = (sentence, choices) => choices.findIndex((choice) => sentence.includes(`${choice}.`));

/**
 * @param {Shown} shown
 * @param {(Likely[] | null)[]} lists
 * @param {number} right
 * @param {number} length - Of the prompt, in tokens.
 */
function finding({ schedule }, lists, right, length) {
  const [full, windowed] = lists.map((list) => list?.[right].share);
  if (full === undefined) return "";
  const answer = lists[0]?.[right].piece.trim();
  const end = windowed === undefined ? "" : ` and ${percent(windowed)} with ${runAfterWith(schedule)}`;
  return (
    `The prompt has N = ${counted(length, "token")}. In full attention the right answer “${answer}” gets ` +
    `${percent(full)} of the probability of all answers${end}. Chance is ${percent(1 / (lists[0] ?? []).length)}. ` +
    "A model also prefers some answers by itself: hide another one and see whether the largest share moves with it."
  );
}

/**
 * What is said of the chosen model, where it is known to recall nothing.
 * @param {LimitsLab} lab
 */
function warning(lab) {
  const { name } = /** @type {ModelFacts} */ (lab.data.model);
  const known = needlesOf(lab).models[name];
  if (!known || !cannotRecall(known)) return "";
  const where = lab.data.served ? "Choose it under “More”." : "It runs on a server, not on this page.";
  return `${name} cannot recall such a sentence in full attention, as measured above; ${RECOMMENDED} can. ${where} `;
}

/** @param {LimitsLab} lab */
function controlsOf(lab) {
  const { knobs } = lab.data;
  const needle = chooser(knobs.needle, lab.values.needle, { onChange: (word) => lab.commit({ needle: word }) });
  const numbers = /** @type {const} */ (["filler", "before"]).map((name) => {
    const control = slider(knobs[name], lab.values[name], {
      onInput: (value) => lab.set({ [name]: value }),
      onChange: (value) => lab.commit({ [name]: value }),
    });
    return { name, control };
  });
  /** @param {LimitsValues} values */
  function update(values) {
    needle.set(values.needle);
    numbers.forEach(({ name, control }) => control.set(values[name]));
  }
  const elements = [needle.element, ...numbers.map(({ control }) => control.element)];
  return { element: h("div", { class: "controls" }, h("div", { class: "row" }, elements)), update };
}

/**
 * Make the card.
 * @param {LimitsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const { name } = /** @type {ModelFacts} */ (lab.data.model);
  const controls = controlsOf(lab);
  const prompt = h("p", { class: "hidden-prompt" });
  const frame = card(`Hide a sentence from ${name}`, "", controls.element, prompt);
  const view = bars.render(frame.element.appendChild(h("div")), "choices", "The answers");
  const warned = warning(lab);
  /** @param {Shown} shown */
  function update(shown) {
    const { values, schedule } = shown;
    const questions = questionsOf(lab, values);
    const [full, windowed] = questions.map(lab.engine.peek).map(answerOf);
    const sentence = lab.data.knobs.needle.choices[values.needle];
    const [start, end] = questions[0].text.split(sentence);
    const right = rightOf(sentence, questions[0].choices ?? []);
    const lists = [listOf(full), listOf(windowed)];
    controls.update(values);
    prompt.replaceChildren(start, h("mark", {}, sentence), end);
    frame.sentence.textContent = warned + (full ? finding(shown, lists, right, full.tokens.length) : lab.waiting());
    view.update({
      left: { name: "Full attention", short: "full", list: lists[0] ?? [] },
      right: { name: capitalised(runName(schedule)), short: runWord(schedule), list: lists[1] },
      waiting: lists.includes(null) ? lab.waiting() : "",
      came: right,
    });
  }
  return { element: frame.element, update };
}
