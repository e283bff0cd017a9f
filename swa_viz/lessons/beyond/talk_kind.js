// A conversation: who said a sentence, asked at its end, when the sentence stands beyond the window.

/** @import { ChoicesPayload, ModelFacts } from "../../web/core/types.d.ts" */
/** @import { Kind } from "./kind.js" */
/** @import { Shown, TalkLab } from "./talk_words.js" */

import { segmented } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import * as modelMenu from "../../web/model_menu.js";
import { numberKnob } from "../../web/number_knob.js";
import * as bars from "../../web/views/bars.js";
import { keysOf } from "../../web/views/keys.js";
import * as readText from "../../web/views/read_text.js";
import { rolesFor, tokensOf } from "./reading.js";
import * as storedCards from "./talk_stored_cards.js";
import { answerText, placeText, rightOf, sharesOf } from "./talk_words.js";

const LEGEND = {
  asks: "the query: the last token, which predicts the answer",
  ...readText.ARRIVAL,
};

/** The model that hardly recalls such a sentence even in full attention. */
const SMALL = "tiny-swa";

/**
 * The card with the conversation.
 * @param {TalkLab} lab
 * @param {() => Shown | null} shownNow
 */
function talkCard(lab, shownNow) {
  const frame = card("Who said it?", "");
  const table = () => ({
    columns: ["position", "token", "read"],
    rows: (shownNow()?.tokens ?? []).map((piece, i) => [i + 1, piece, roles[i] ?? null]),
  });
  const about = { name: "talk", label: "The conversation as tokens.", table };
  const nothing = { onPoint: () => {}, onChoose: () => {} };
  const view = readText.render(frame.element.appendChild(h("div")), about, nothing);
  const numbers = /** @type {const} */ (["filler", "before"]).map((name) => ({ name, knob: numberKnob(lab, name) }));
  const models = modelMenu.render(lab, ["sequence", "window"]).map(({ element }) => element);
  const row = h("div", { class: "row" }, ...numbers.map(({ knob }) => knob.element));
  frame.element.append(h("div", { class: "legend" }, keysOf(LEGEND).element), row, ...models);
  let roles = /** @type {ReturnType<typeof rolesFor>} */ ([]);

  /** @param {Shown} shown */
  function update(shown) {
    const { tokens, said, windows } = shown;
    roles = rolesFor(tokens.length, tokens.length - 1, windows);
    frame.sentence.textContent = placeText(shown);
    numbers.forEach(({ name, knob }) => knob.set(lab.values[name]));
    view.update({ pieces: tokens, roles, marks: [], chosen: -1, about: said });
  }
  return { element: frame.element, update };
}

/**
 * The card with the answers.
 * @param {TalkLab} lab
 */
function answerCard(lab) {
  const { name, trained } = /** @type {ModelFacts & {trained: string}} */ (lab.data.model);
  const frame = card("What does the model answer?", "");
  const view = bars.render(frame.element.appendChild(h("div")), "who", "The answers");
  const note = name === SMALL ? ` ${SMALL} is too small to follow who spoke: see the larger model below.` : "";
  frame.element.append(h("p", { class: "lead" }, `The model is ${name}. ${trained}${note}`));
  /** @param {Shown} shown */
  function update(shown) {
    const { full, windowed, right, windows } = shown;
    frame.sentence.textContent = answerText(shown) || lab.waiting();
    view.update({
      left: { name: "Full attention", short: "full", list: full ?? [] },
      right: { name: `A window of ${windows.size}`, short: "window", list: windowed },
      waiting: windowed ? "" : lab.waiting(),
      came: right,
    });
  }
  return { element: frame.element, update };
}

/** @param {ReturnType<TalkLab["engine"]["peek"]>} found */
const answerOf = (found) => (found && "probabilities" in found ? /** @type {ChoicesPayload} */ (found) : null);

/**
 * Make the kind.
 * @param {TalkLab} lab
 * @returns {Kind}
 */
export function render(lab) {
  const { n_layers: layers } = /** @type {ModelFacts} */ (lab.data.model);
  let shown = /** @type {Shown | null} */ (null);
  const talk = talkCard(lab, () => shown);
  const answer = answerCard(lab);
  const who = segmented(lab.data.knobs.needle, lab.values.needle, { onChange: (needle) => lab.commit({ needle }) });

  /** @type {Kind["update"]} */
  function update(/** @type {TalkLab["values"]} */ values) {
    const [asked, ...more] = lab.requests(values);
    const [full, windowed] = [asked, ...more].map(lab.engine.peek).map(answerOf);
    who.set(lab.values.needle);
    if (!full) return shown ? { stale: true } : { empty: lab.waiting() };
    const [plan] = lab.data.requests.filter(({ hiding, only_if: pair }) => hiding && pair?.[1] === "talk");
    const { sentence } = /** @type {NonNullable<typeof plan.hiding>} */ (plan.hiding).needles[values.needle];
    shown = {
      tokens: full.tokens,
      said: tokensOf(full.tokens, asked.text.indexOf(sentence), sentence.length),
      full: sharesOf(full),
      windowed: sharesOf(windowed),
      right: rightOf(sentence, asked.choices),
      windows: { size: values.window, layers },
    };
    talk.update(shown);
    answer.update(shown);
    return { most: full.tokens.length };
  }
  return { main: talk.element, beside: answer.element, controls: who.element, below: storedCards.render(lab), update };
}
