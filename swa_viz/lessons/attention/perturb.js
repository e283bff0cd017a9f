// Perturb: replace or drop one word, and see at which positions the model's prediction changes.

/** @import { Request } from "../../web/core/types.d.ts" */
/** @import { Run } from "../../web/runs.js" */
/** @import { Stretch } from "../../wording/whole_words.js" */

import { capitalised } from "../../patterns/schedule.js";
import { button } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import { firstCharacters, readable } from "../../wording/text.js";
import { wordAt } from "../../wording/whole_words.js";

/**
 * What is on screen.
 * @typedef {object} PerturbData
 * @property {Request["edit"]} edit - The edit that is applied, or null.
 * @property {string} name - What the windowed run is called.
 * @property {Run} full
 * @property {Run | null} windowed
 * @property {number | null} locked - The token whose word can be edited.
 * @property {string} waiting - What to say while a run is not there.
 */

/** @typedef {ReturnType<typeof open>} View */

const STRONG_BITS = 0.5;

/**
 * Make the form below a card's heading.
 * @param {HTMLElement} element
 * @param {object} lab
 * @param {number} lab.atMost - The most characters of a replacement.
 * @param {boolean} [lab.fixed] - Is what was changed only told, and nothing else can be?
 * @param {(edit: Request["edit"]) => void} lab.onEdit - It hears of a new edit; the engine runs it.
 * @returns {{update: (next: PerturbData) => void, marks: () => string[] | null, wayOut: HTMLElement}} `marks`: how far
 *   the edit moved the windowed run's prediction at each token; null without an edit.  `wayOut` takes the edit
 *   back where no picture is left.
 */
export function render(element, { atMost, fixed = false, onEdit }) {
  const view = open(atMost, fixed, onEdit);
  element.replaceChildren(view.intro, view.form, view.undo, view.results);
  return {
    /** @param {PerturbData} next */
    update: (next) => update(view, next),
    marks: () => (view.data?.edit ? (view.data.windowed?.changes ?? []).map(markOf) : null),
    wayOut: view.wayOut,
  };
}

/**
 * @param {number} atMost
 * @param {boolean} fixed
 * @param {(edit: Request["edit"]) => void} onEdit
 */
function open(atMost, fixed, onEdit) {
  const input = h("input", {
    type: "text",
    "aria-label": "Replacement",
    placeholder: "another word",
    oninput: () => {
      const kept = firstCharacters(input.value, atMost);
      if (kept !== input.value) input.value = kept;
    },
  });
  /** @param {string | null} replacement */
  const edit = (replacement) => {
    const { locked, full } = view.data ?? {};
    if (full && typeof locked === "number" && replacement !== "")
      onEdit({ ...wordAt(full.tokens, locked), replacement });
  };
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    edit(input.value);
  };
  const undo = () => button("Undo: back to the original text", () => onEdit(null));
  const view = {
    fixed,
    intro: h("p", { class: "lead" }),
    form: h(
      "form",
      { class: "row", "data-knob": "edit", onsubmit },
      input,
      button("Replace", () => edit(input.value)),
      button("Drop", () => edit(null)),
    ),
    undo: undo(),
    wayOut: undo(),
    results: h("div", { class: "changes", role: "status" }),
    data: /** @type {PerturbData | null} */ (null),
  };
  return view;
}

/**
 * @param {View} view
 * @param {PerturbData} next
 */
function update(view, next) {
  const { edit, name, full, windowed, locked, waiting } = next;
  view.data = next;
  view.form.hidden = view.fixed || edit !== null || locked === null;
  view.undo.hidden = view.fixed || edit === null;
  view.intro.textContent = introText(next);
  const runs = edit ? [summary("Full attention", full, waiting), summary(capitalised(name), windowed, waiting)] : [];
  view.results.replaceChildren(...runs);
}

/**
 * What was edited, or what can be.
 * @param {PerturbData} data
 */
function introText({ edit, name, full, locked }) {
  if (edit) {
    const are = edit.n_tokens === 1 ? "is" : "are";
    const what = `${are} ${edit.replacement === null ? "dropped" : `replaced by “${edit.replacement}”`}`;
    const marked = `The marked tokens above are those after which the prediction changed (${name}).`;
    return `${capitalised(numbersOf(edit))} ${what}. ${marked}`;
  }
  if (locked === null)
    return "Click a token above to lock it. Then replace or drop its word, and see how far the change travels.";
  const word = wordAt(full.tokens, locked);
  const pieces = full.tokens.slice(word.position, word.position + word.n_tokens);
  return `“${readable(pieces.join(""))}”, ${numbersOf(word)}:`;
}

/**
 * Where a word stands: "token 3", or "tokens 3 to 4" for one that is cut in two.
 * @param {Stretch} word
 */
function numbersOf({ position, n_tokens: count }) {
  return count === 1 ? `token ${position + 1}` : `tokens ${position + 1} to ${position + count}`;
}

/**
 * Where the predictions of a run changed, and most of all.
 * @param {string} name
 * @param {Run | null} run
 * @param {string} waiting - What to say while there is none.
 */
function summary(name, run, waiting) {
  if (!run?.changes) return h("p", {}, `${name}: ${waiting}`);
  const moved = run.changes.map((bits, i) => ({ bits: bits ?? 0, i })).filter(({ bits }) => bits > 0);
  if (!moved.length) return h("p", {}, `${name}: no prediction changes.`);
  const [first, final] = [moved[0].i + 1, moved[moved.length - 1].i + 1];
  const most = moved.reduce((a, b) => (b.bits > a.bits ? b : a));
  const where = `“${readable(run.tokens[most.i])}”, by ${most.bits.toFixed(2)} bits (0 means unchanged)`;
  const text = `the predictions after tokens ${first} to ${final} change, and most after ${where}.`;
  return h("p", {}, h("strong", {}, `${name}: `), text);
}

/**
 * How far a prediction moved, in a word that the style sheet knows.
 * @param {number | null} bits - Null at the edit itself.
 */
function markOf(bits) {
  if (bits === null) return "";
  if (bits === 0) return "same";
  return bits < STRONG_BITS ? "trace" : "strong";
}
