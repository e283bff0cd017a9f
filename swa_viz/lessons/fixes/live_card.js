// What the small model says to this text: it runs when the text, the task or the way changes.

/** @import { AskedPlace, PuzzlePayload, Request } from "../../web/core/types.d.ts" */
/** @import { Likely } from "../../web/views/bars.js" */
/** @import { FixesLab, FixesValues, Shown } from "./shown.js" */

import { card, h } from "../../web/core/dom.js";
import * as bars from "../../web/views/bars.js";
import { percent } from "../../wording/numbers.js";
import { shownFor, storedOf } from "./shown.js";

const FULL = "full";
const N_SHOWN = 3;
/** A weight that counts as none. */
const UNSEEN = 0.005;

/**
 * What the model with the chosen way is asked, and the one with full attention: the text, and where the answers begin.
 * @param {FixesLab} lab
 * @param {FixesValues} values
 * @returns {Request[]}
 */
export function needs(lab, values) {
  const { words, asked } = shownFor(lab, values);
  const ways = values.fix === FULL ? [FULL] : [values.fix, FULL];
  const text = { words: words.join(" "), start: asked[0] };
  return ways.flatMap((fix) => lab.requests({ ...values, fix, ...text }));
}

/**
 * The words that it expects in the first asked place.
 * @param {FixesLab} lab
 * @param {PuzzlePayload | null} found
 * @returns {Likely[] | null}
 */
function listOf(lab, found) {
  const known = storedOf(lab).words;
  if (!found) return null;
  const best = found.asked[0].likeliest.slice(0, N_SHOWN);
  return best.map(([word, share]) => ({ id: known.indexOf(word), piece: ` ${word}`, share }));
}

/** @param {AskedPlace} place */
const isRight = ({ likeliest, right }) => likeliest[0][0] === right;

/**
 * Where the head that looks most at the deciding word stands, and how much it gives to it.
 * @param {PuzzlePayload} found
 * @param {number} source
 */
function looksAt({ weights }, source) {
  const all = weights[0].flatMap((heads, layer) => heads.map((row, head) => ({ weight: row[source], layer, head })));
  return all.reduce((most, each) => (each.weight > most.weight ? each : most));
}

/**
 * @param {PuzzlePayload} found
 * @param {Shown} shown
 */
function sentence(found, { source, words }) {
  const { asked } = found;
  const [first] = asked;
  const right = asked.filter(isRight).length;
  const said = isRight(first) ? "which is right" : `but “${first.right}” is right and gets ${percent(first.share)}`;
  const most = looksAt(found, source);
  const share = percent(most.weight);
  return [
    `After this text it expects “${first.likeliest[0][0]}” (${percent(first.likeliest[0][1])}), ${said}.`,
    ...(asked.length > 1 ? [`Of the ${asked.length} words that it must copy, ${right} are right.`] : []),
    most.weight < UNSEEN
      ? `No head of any layer looks from the question at “${words[source]}”.`
      : `From the question, layer ${most.layer + 1}, head ${most.head + 1} looks most at “${words[source]}”: ${share}.`,
  ].join(" ");
}

/** @param {ReturnType<FixesLab["engine"]["peek"]>} answer */
const foundIn = (answer) => (answer && "asked" in answer ? answer : null);

/**
 * Make the card.
 * @param {FixesLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("What does the model say now?", "");
  const view = bars.render(frame.element.appendChild(h("div")), "puzzle", "The likeliest words");
  /** @param {Shown} shown */
  function update(shown) {
    const answers = needs(lab, shown.values).map(lab.engine.peek);
    const [own, full = own] = answers.map(foundIn);
    const refused = answers[0] && "empty" in answers[0] ? answers[0].empty : "";
    frame.sentence.textContent = own ? sentence(own, shown) : refused || lab.waiting();
    view.update({
      left: { name: "full attention", short: "full", list: listOf(lab, full) },
      right: { name: shown.fix.label, short: "this way", list: listOf(lab, own) },
      waiting: lab.waiting(),
      came: own ? storedOf(lab).words.indexOf(own.asked[0].right) : undefined,
    });
  }
  return { element: frame.element, update };
}
