// Predict, then reveal: the card that asks about what is on screen, and shows the answer there.
//
// Which question is asked stands in two knobs, its kind and a number, so a link can carry it.

/** @import { ChoiceKnob, NumberKnob } from "./core/types.d.ts" */
/** @import { AnyLab } from "./lab.js" */
/** @import { Choose, Question } from "./questions/question.js" */

import { button } from "./core/controls.js";
import { card, h, setBadges } from "./core/dom.js";
import { chance } from "./questions/question.js";

/**
 * What can be asked about a scene, by the names in the address; null where a kind finds nothing there.
 * @template Scene
 * @typedef {Readonly<Record<string, (scene: Scene, choose: Choose) => Question | null>>} Kinds
 */

/**
 * The knobs that name a question.
 * @typedef {{ask: ChoiceKnob, seed: NumberKnob}} AskKnobs
 */

/** @typedef {ReturnType<typeof open>} View */

const NONE = "none";
const MOST = 9999;
const INVITATION = "Guess first, and look then: a question about what this page shows, with its reason.";
const NOTHING = "This text is too short to ask about. Type a few words more.";
const WAITING = "The question follows when the numbers are here.";

/**
 * The question of this kind; where it finds nothing, the next kind that does.
 * @template Scene
 * @param {Kinds<Scene>} kinds
 * @param {string} kind
 * @param {number} seed
 * @param {Scene} scene
 * @returns {Question | null}
 */
function questionOf(kinds, kind, seed, scene) {
  const names = Object.keys(kinds);
  const first = Math.max(names.indexOf(kind), 0);
  const turned = [...names.slice(first), ...names.slice(0, first)];
  for (const name of turned) {
    const question = kinds[name](scene, chance(seed));
    if (question) return question;
  }
  return null;
}

/**
 * @param {AnyLab} lab
 * @param {Kinds<any>} kinds
 * @param {(look: Question["look"]) => void} show
 */
function open(lab, kinds, show) {
  return {
    lab,
    kinds,
    show,
    frame: card("Can you predict it?", INVITATION),
    choices: h("div", { class: "row choices", role: "group" }),
    result: h("p", { class: "result", role: "status" }),
    /** The kind and the number of the question, or of one that waits, what it is about, and itself. */
    asked: "",
    awaited: "",
    about: "",
    question: /** @type {Question | null} */ (null),
    isAnswered: false,
    count: 0,
    right: 0,
  };
}

/**
 * Make the card.
 * @template {{query: number}} Scene
 * @param {AnyLab} lab
 * @param {Kinds<Scene>} kinds
 * @param {(look: Question["look"]) => void} [show] - Shows the answer in the picture.
 * @returns {{element: HTMLElement, update: (scene: Scene | null) => void}} `update` takes null while
 *   there is nothing to ask about.
 */
export function render(lab, kinds, show = (look) => lab.commit(look)) {
  const view = open(lab, kinds, show);
  const { frame, choices, result } = view;
  frame.element.dataset.view = "predict";
  frame.sentence.id = `predict-${lab.data.name}`;
  choices.setAttribute("aria-labelledby", frame.sentence.id);
  const again = button("Ask me a question", () => askAnother(view));
  frame.element.append(choices, result, h("div", { class: "row" }, again));
  /** @param {Scene | null} scene */
  function update(scene) {
    const { ask, seed } = lab.values;
    again.textContent = ask === NONE ? "Ask me a question" : "Another question";
    if (lab.isWalking()) return;
    if (scene) follow(view, ask, seed, scene);
    else hold(view, ask, seed);
  }
  return { element: frame.element, update };
}

/**
 * The next kind, with a number that nobody has seen.
 * @param {View} view
 */
function askAnother({ lab, kinds }) {
  const names = Object.keys(kinds);
  const next = names[(names.indexOf(lab.values.ask) + 1) % names.length];
  lab.commit({ ask: next, seed: 1 + Math.floor(Math.random() * MOST) });
}

/**
 * Ask what the knobs say about what is on screen.  A question that was answered stays as it was.
 * @param {View} view
 * @param {string} ask
 * @param {number} seed
 * @param {{query: number}} scene - With the token that is on screen.
 */
function follow(view, ask, seed, scene) {
  const asked = `${ask} ${seed}`;
  const about = JSON.stringify([view.lab.values, scene.query]);
  if (asked === view.asked && (view.isAnswered || about === view.about)) return;
  const question = ask === NONE ? null : questionOf(view.kinds, ask, seed, scene);
  const isSame = asked === view.asked && JSON.stringify(question) === JSON.stringify(view.question);
  Object.assign(view, { asked, awaited: "", about, question });
  if (isSame) return;
  view.isAnswered = false;
  pose(view, ask === NONE ? INVITATION : NOTHING);
}

/**
 * Another question is asked for, but there is nothing to ask about yet.
 * @param {View} view
 * @param {string} ask
 * @param {number} seed
 */
function hold(view, ask, seed) {
  const awaited = `${ask} ${seed}`;
  if (ask === NONE || awaited === view.asked || awaited === view.awaited) return;
  Object.assign(view, { awaited, asked: "", question: null, isAnswered: false });
  pose(view, WAITING);
}

/**
 * @param {View} view
 * @param {string} otherwise - What to say where there is no question.
 */
function pose(view, otherwise) {
  const { frame, choices, result, question } = view;
  frame.sentence.textContent = question?.question ?? otherwise;
  result.textContent = "";
  choices.hidden = !question;
  choices.replaceChildren(...(question?.choices ?? []).map((choice, place) => choiceButton(view, choice, place)));
}

/**
 * @param {View} view
 * @param {string} choice
 * @param {number} place
 */
function choiceButton(view, choice, place) {
  return button(choice, () => answer(view, place), { "aria-pressed": "false", dir: "auto" });
}

/**
 * Say whether it is right and why, and let the picture show it.
 * @param {View} view
 * @param {number} place - Of the choice.
 */
function answer(view, place) {
  const { lab, choices, result, frame, question, show } = view;
  if (!question || view.isAnswered) return;
  const isRight = place === question.right;
  view.isAnswered = true;
  view.count += 1;
  view.right += Number(isRight);
  [...choices.children].forEach((each, at) => {
    each.setAttribute("aria-pressed", String(at === place));
    each.setAttribute("aria-disabled", "true");
    if (at === question.right) each.classList.add("right");
    else if (at === place) each.classList.add("wrong");
  });
  const verdict = isRight ? "Right." : `No, the answer is: ${question.choices[question.right]}.`;
  result.textContent = `${verdict} ${question.why}`;
  setBadges(frame.badges, [`${view.right} of ${view.count} right`]);
  show(movable(lab, question.look));
}

/**
 * The values that the knobs of this page can take: some pages hold some knobs fixed, or end earlier.
 * @param {AnyLab} lab
 * @param {Question["look"]} look
 */
function movable({ data }, look) {
  const knobs = /** @type {Readonly<Record<string, ChoiceKnob | NumberKnob | undefined>>} */ (data.knobs);
  return Object.fromEntries(
    Object.entries(look).filter(([name, value]) => {
      const knob = knobs[name];
      if (!knob) return true;
      return !knob.fixed && (knob.kind !== "number" || (value >= knob.at_least && value <= knob.at_most));
    }),
  );
}
