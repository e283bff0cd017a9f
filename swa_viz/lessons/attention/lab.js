// The attention lab: one text, one model, read twice: with full attention, and through the pattern
// that each layer is given.

/** @import { AttentionLab, AttentionValues } from "./controls.js" */
/** @import { Stage } from "../../web/stage.js" */
/** @import { Shown } from "./shown.js" */

import { editIn, editText } from "../../answers/edit_text.js";
import { runName } from "../../patterns/schedule.js";
import { card, h } from "../../web/core/dom.js";
import * as exampleMenu from "../../web/example_menu.js";
import { mount } from "../../web/lab.js";
import { chosenModel } from "../../web/model_menu.js";
import * as nextCard from "../../web/next_card.js";
import * as play from "../../web/play.js";
import * as predict from "../../web/predict.js";
import { stage } from "../../web/stage.js";
import * as controls from "./controls.js";
import { atTheEnd, longTexts } from "./long_text.js";
import * as matrixCards from "./matrix_cards.js";
import * as overviewCard from "./overview_card.js";
import * as perturb from "./perturb.js";
import { KINDS, sceneOf } from "./questions.js";
import * as rowCard from "./row_card.js";
import { firstOf, lengthOf, NOTHING, shownFor } from "./shown.js";
import * as tokenCard from "./token_card.js";
import { noticeOf } from "../../wording/whole_words.js";

/** @typedef {ReturnType<typeof open>} View */

/**
 * Mount the lab in an element, or hand it new data.
 * @type {typeof globalThis.render}
 */
export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}

/** @param {AttentionLab} lab */
function build(lab) {
  const view = open(lab);
  const ground = onStage(view);
  return {
    element: ground.element,
    paint: (/** @type {AttentionValues} */ values) => paint(view, ground, values),
    needs: (/** @type {AttentionValues} */ values) =>
      view.long.isLong(values) ? view.long.needs(values) : [...lab.requests(values), ...view.row.needs(values)],
  };
}

/** @param {AttentionLab} lab */
function open(lab) {
  const editCard = card("Change one word", "");
  // An edit asks for new runs: where only recorded ones are at hand, there is none.
  editCard.element.hidden = Boolean(lab.data.offered);
  /** @param {number | null} position */
  const onLock = (position) => lab.commit({ token: position === null ? 0 : firstOf(view.shown) + position + 1 });
  const long = longTexts(lab);
  const panel = controls.render(lab);
  const view = {
    lab,
    long,
    overview: overviewCard.render(lab),
    play: play.render(lab),
    panel,
    examples: exampleMenu.render(lab, panel.text),
    questions: predict.render(lab, KINDS),
    row: rowCard.render(lab),
    tokens: tokenCard.render(lab, { onHover: (query) => pointFromTokens(view, query), onLock }),
    matrices: matrixCards.render(lab, { onHover: (cell) => pointFromMatrix(view, cell), onLock }),
    next: nextCard.render(lab),
    editCard,
    edits: perturb.render(editCard.element.appendChild(h("div")), {
      atMost: lab.data.limits.replacement,
      fixed: lab.data.knobs.edit.fixed,
      onEdit: (edit) => lab.commit({ edit: editText(edit), token: 0 }),
    }),
    /** What is on screen; the first time nothing. */
    shown: /** @type {Shown} */ (shownFor(lab, lab.values, NOTHING, long)),
  };
  return view;
}

/** @param {View} view */
function onStage({ lab, play, panel, overview, examples, questions, row, tokens, matrices, next, editCard, edits }) {
  return stage({
    embedded: lab.data.embedded,
    above: examples.element,
    play,
    bar: panel.bar,
    more: panel.more,
    unfolded: panel.isMoved,
    model: chosenModel(lab),
    main: [overview.element, tokens.element],
    beside: [next.element, questions.element],
    below: [matrices.pair, matrices.scale],
    badge: lab.badge,
    share: lab.share,
    details: [row.element, editCard.element],
    instead: edits.wayOut,
  });
}

/**
 * Somebody points at a token: the matrices and the predictions follow.
 * @param {View} view
 * @param {number | null} query
 */
function pointFromTokens({ matrices, next, shown }, query) {
  matrices.point(query ?? shown.query);
  sayNext(next, shown, query);
}

/**
 * What comes after a token; while nobody points at one or holds one, what comes after the whole text.
 * @param {View["next"]} next
 * @param {Shown} shown
 * @param {number | null} query
 */
function sayNext(next, shown, query) {
  const { whole, schedule } = shown;
  if (!whole || query !== null) return next.update(shown, query ?? shown.query);
  const runs = { ...atTheEnd(whole), schedule, waiting: shown.waiting };
  next.update(runs, runs.full.seqLen - 1);
}

/**
 * Somebody points at a cell: the tokens and the other matrix follow.
 * @param {View} view
 * @param {{query: number, key: number} | null} cell
 */
function pointFromMatrix({ tokens, matrices, shown }, cell) {
  const query = cell?.query ?? shown.query;
  tokens.point(query, cell?.key);
  matrices.point(query);
}

/**
 * @param {View} view
 * @param {Stage} ground
 * @param {AttentionValues} values
 */
function paint(view, ground, values) {
  const { lab, panel, examples, questions, row, tokens, matrices, next, edits } = view;
  const shown = shownFor(lab, values, view.shown, view.long);
  const { schedule, full, windowed, waiting, locked, query, whole } = shown;
  view.shown = shown;
  panel.update(lab.values, lengthOf(shown));
  panel.text.say(noticeOf(view.long.notice(full), full.tokens));
  examples.update(lab.values.text);
  const reason = waiting ? undefined : full.empty;
  const edit = editIn(values.edit);
  edits.wayOut.hidden = !reason || !edit || lab.data.knobs.edit.fixed === true;
  ground.set({ empty: full.seqLen ? "" : (reason ?? lab.waiting()), stale: waiting });
  if (!full.seqLen) return;
  edits.update({ edit, name: runName(schedule), full, windowed, locked, waiting: lab.waiting() });
  tokens.update(shown, edits.marks());
  view.play.update({ query, seqLen: full.seqLen, schedule: [schedule[values.layer - 1]] });
  matrices.update(shown);
  sayNext(next, shown, locked);
  view.overview.update(shown);
  forShortTexts(view, !whole);
  if (whole) return;
  row.update(shown);
  questions.update(waiting ? null : sceneOf(shown));
}

/**
 * What looks at all tokens of a text at once needs a short one.
 * @param {View} view
 * @param {boolean} isShort
 */
function forShortTexts({ lab, play, questions, row, editCard }, isShort) {
  const isWhole = !lab.data.offered;
  play.element.hidden = play.count.hidden = questions.element.hidden = !isShort;
  row.element.hidden = editCard.element.hidden = !isShort || !isWhole;
}
