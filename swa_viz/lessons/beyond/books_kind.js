// Books: what a passage is taken for after each of its words, as far as the windows let its model hear.

/** @import { BooksLab, Shown, Stored } from "./books_words.js" */
/** @import { Kind } from "./kind.js" */

import { segmented } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import * as bars from "../../web/views/bars.js";
import { keysOf } from "../../web/views/keys.js";
import * as readText from "../../web/views/read_text.js";
import * as resultCards from "./books_result_cards.js";
import { answerSentence, likeliest, placeOf, reachSentence, sharesAt, windowWords, wordsOf } from "./books_words.js";
import { bytesOf, storedOf } from "./kind.js";
import { rolesFor } from "./reading.js";

const LEGEND = {
  asks: "the query: the token after which the model answers",
  ...readText.ARRIVAL,
};
const LEAD =
  "Point at a word to see what the model names after it. No model learned from these passages. They " +
  "were chosen because W matters for their last token; below, all held-out passages are counted.";

/**
 * What is to be shown.
 * @param {Stored} stored
 * @param {Readonly<Record<string, {after: Uint8Array, all: Uint8Array}>>} answers - Of each passage.
 * @param {BooksLab["values"]} values
 * @returns {Shown}
 */
function shownFor(stored, answers, { passage: name, after, pickedAfter, window }) {
  const passage = stored.shown[name];
  const bytes = answers[name];
  const count = stored.sources.length;
  const whole = stored.windows.length - 1;
  const at = placeOf(stored, window);
  const query = (pickedAfter ?? after) - 1;
  const [windowed, full] = [at, whole].map((each) =>
    sharesAt(bytes.after, each * passage.tokens.length + query, count),
  );
  const [allWindowed, allFull] = [at, whole].map((each) => sharesAt(bytes.all, each, count));
  return { stored, passage, window, at, query, windowed, full, allWindowed, allFull };
}

/**
 * The card with the passage.
 * @param {BooksLab} lab
 * @param {Stored} stored
 */
function passageCard(lab, stored) {
  const frame = card("Which text is it from?", "");
  const room = frame.element.appendChild(h("div"));
  let words = /** @type {ReturnType<typeof wordsOf>} */ ([]);
  let shown = /** @type {Shown | null} */ (null);
  const rolesOf = (/** @type {Shown} */ { passage, query, window }) =>
    rolesFor(passage.tokens.length, query, { size: window, layers: stored.how.n_layers });
  const about = {
    name: "passage",
    label: "The passage.",
    hint: "Arrow keys move from word to word.",
    table: () => ({
      columns: ["position", "token", "read"],
      rows: shown ? rolesOf(shown).map((role, i) => [i + 1, shown?.passage.tokens[i] ?? "", role]) : [],
    }),
  };
  const view = readText.render(room, about, {
    onPoint: (word) => lab.point({ pickedAfter: word === null ? null : words[word].stop }),
    onChoose: (word) => lab.commit({ after: words[word].stop, pickedAfter: null }),
  });
  room.querySelector(".read-text")?.classList.add("each");
  frame.element.append(h("div", { class: "legend" }, keysOf(LEGEND).element), h("p", { class: "lead" }, LEAD));

  /** @param {Shown} next */
  function update(next) {
    const { passage, query } = next;
    shown = next;
    words = wordsOf(passage.tokens);
    frame.sentence.textContent = reachSentence(next);
    view.update({
      pieces: passage.tokens.map((piece, i) => (i ? piece : piece.trimStart())),
      roles: rolesOf(next),
      marks: words.map((word) => ({ ...word, role: "", title: `after token ${word.stop}` })),
      chosen: words.findIndex(({ start, stop }) => query >= start && query < stop),
      about: null,
    });
  }
  return { element: frame.element, update };
}

/**
 * Make the kind.
 * @param {BooksLab} lab
 * @returns {Kind}
 */
export function render(lab) {
  const stored = /** @type {Stored} */ (storedOf(lab, "books"));
  const answers = Object.fromEntries(
    Object.entries(stored.shown).map(([name, { after, all }]) => [name, { after: bytesOf(after), all: bytesOf(all) }]),
  );
  const passage = passageCard(lab, stored);
  const taken = card("What does it answer?", "");
  const view = bars.render(taken.element.appendChild(h("div")), "source", "The sources", "source");
  const choice = segmented(lab.data.knobs.passage, lab.values.passage, {
    onChange: (name) => lab.commit({ passage: name, pickedAfter: null }),
  });
  const results = resultCards.render(stored);

  /** @type {Kind["update"]} */
  function update(/** @type {BooksLab["values"]} */ values) {
    const shown = shownFor(stored, answers, values);
    choice.set(lab.values.passage);
    passage.update(shown);
    taken.sentence.textContent = answerSentence(shown);
    view.update({
      left: { name: "Full attention", short: "full", list: likeliest(stored, shown.full) },
      right: { name: windowWords(stored, shown.at), short: "window", list: likeliest(stored, shown.windowed) },
      waiting: "",
      came: shown.passage.source,
    });
    results.update(shown);
    return { most: stored.how.passage_len };
  }
  return { main: passage.element, beside: taken.element, controls: choice.element, below: results.element, update };
}
