// Questions on what the model says: what it expects next, which word loses most, and which key a query
// attends to most.  The numbers are those of both runs, at a token that is not on screen.

/** @import { Next, Schedule } from "../core/types.d.ts" */
/** @import { Choose, Question } from "./question.js" */

import { runAfterWith } from "../../patterns/schedule.js";
import { percent, weightText } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";
import { nameOf, range, words } from "./question.js";

/**
 * The two runs, with full attention and as the knobs say.
 * @typedef {object} Predicted
 * @property {readonly string[]} tokens
 * @property {number} query - It is on screen already.
 * @property {Schedule} schedule - Of the second run.
 * @property {readonly (readonly Next[])[]} full
 * @property {readonly (readonly Next[])[]} windowed
 */

/**
 * The weights of one head, or of the mean of all.
 * @typedef {object} Attended
 * @property {number} layer - From 1.
 * @property {number} head - From 1; 0 is the mean.
 * @property {(query: number, key: number) => number} weight
 */

const QUOTED = 5;
// Nobody should guess between two that are nearly alike.
const [CLEAR_SHARE, CLEAR_LOSS, CLEAR_WEIGHT] = [0.02, 0.005, 0.05];
const FIRST_ASKED = 2;
// So many surprises are enough to choose from.
const ENOUGH = 3;

/**
 * The positions whose predictions are not on screen.
 * @param {Predicted} predicted
 */
const others = ({ tokens, query }) => range(FIRST_ASKED, tokens.length).filter((each) => each !== query);

/**
 * The last words up to a position.
 * @param {readonly string[]} tokens
 * @param {number} position
 */
const quoted = (tokens, position) =>
  `“${tokens
    .slice(Math.max(0, position + 1 - QUOTED), position + 1)
    .join("")
    .trim()}”`;

/** @param {Next} next */
const wordOf = ([, piece]) => readable(piece);

/**
 * Is there something to read in a token?  A line break is hard to guess by its sign.
 * @param {Next} next
 */
const isLegible = ([, piece]) => piece.trim() !== "";

/**
 * Which token does the model expect first?
 * @param {Predicted} predicted
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function expects(predicted, choose) {
  const { tokens, schedule, full, windowed } = predicted;
  const clear = others(predicted).filter((at) => {
    const [best, next] = windowed[at];
    return isLegible(best) && best[2] - next[2] > CLEAR_SHARE;
  });
  if (!clear.length) return null;
  const changed = clear.filter((at) => full[at][0][0] !== windowed[at][0][0]);
  const at = choose(changed.length < ENOUGH ? clear : changed);
  const [[first], [second]] = [full[at], windowed[at]];
  const wrong = [first, ...windowed[at].slice(1)].filter(isLegible).map(wordOf);
  const choices = words(wordOf(second), wrong, choose);
  if (!choices) return null;
  const how = runAfterWith(schedule);
  return {
    question: `Which token does the model expect first after ${quoted(tokens, at)} (token ${at + 1}), with ${how}?`,
    ...choices,
    why:
      `With ${how} “${wordOf(second)}” comes first, with ${percent(second[2])}. ` +
      `With full attention “${wordOf(first)}” does, with ${percent(first[2])}.`,
    look: { token: at + 1 },
    given: { schedule, query: at },
  };
}

/**
 * How much a token loses from the first run to the second: between these two numbers.  One that is not
 * on the second list has a share between nothing and the last one there.
 * @param {Next} next
 * @param {readonly Next[]} windowed
 * @returns {[least: number, most: number]}
 */
function lossOf([id, , share], windowed) {
  const found = windowed.find(([other]) => other === id);
  if (found) return [share - found[2], share - found[2]];
  return [share - windowed[windowed.length - 1][2], share];
}

/**
 * A token that surely loses most, and others that surely lose less.
 * @param {Predicted} predicted
 * @param {number} at
 */
function losers({ full, windowed }, at) {
  const losses = full[at].map((next) => ({ next, loss: lossOf(next, windowed[at]) }));
  const most = losses.reduce((best, each) => (each.loss[0] > best.loss[0] ? each : best));
  const less = losses.filter(({ next, loss }) => isLegible(next) && loss[1] + CLEAR_LOSS < most.loss[0]);
  return { most, less };
}

/**
 * Which of these words loses most?
 * @param {Predicted} predicted
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function loses(predicted, choose) {
  const { tokens, schedule, windowed } = predicted;
  const clear = others(predicted).filter((at) => {
    const { most, less } = losers(predicted, at);
    return isLegible(most.next) && most.loss[0] > CLEAR_SHARE && less.length > 2;
  });
  if (!clear.length) return null;
  const at = choose(clear);
  const { most, less } = losers(predicted, at);
  const asked = less.slice(0, 3).map(({ next }) => next);
  const choices = words(wordOf(most.next), asked.map(wordOf), choose);
  if (!choices) return null;
  const [id, , share] = most.next;
  const found = windowed[at].find(([other]) => other === id);
  const left = found ? `${percent(found[2])} is left` : `less than ${percent(windowed[at][9][2])} is left`;
  return {
    question:
      `After ${quoted(tokens, at)} (token ${at + 1}): which of these next tokens loses most probability ` +
      `when full attention becomes ${runAfterWith(schedule)}?`,
    ...choices,
    why: `“${wordOf(most.next)}” has ${percent(share)} with full attention; ${left} with ${runAfterWith(schedule)}.`,
    look: { token: at + 1 },
    given: { schedule, query: at, ids: [id, ...asked.map(([other]) => other)] },
  };
}

/**
 * Which key gets most of a query's attention?
 * @param {Predicted & Attended} predicted
 * @param {Choose} choose
 * @returns {Question | null}
 */
export function heaviest(predicted, choose) {
  const { tokens, schedule, layer, head, weight } = predicted;
  /** @param {number} at */
  const ordered = (at) =>
    range(0, tokens.length)
      .filter((key) => weight(at, key) >= 0)
      .sort((one, other) => weight(at, other) - weight(at, one));
  const clear = others(predicted).filter((at) => {
    const [first, second] = ordered(at);
    return second !== undefined && weight(at, first) - weight(at, second) > CLEAR_WEIGHT;
  });
  if (!clear.length) return null;
  const at = choose(clear);
  const [first, second, ...rest] = ordered(at);
  const choices = words(
    nameOf(tokens, first),
    [second, ...rest, ...range(0, at)].map((key) => nameOf(tokens, key)),
    choose,
  );
  const which = head ? `layer ${layer}, head ${head}` : `layer ${layer}, mean of all heads`;
  return (
    choices && {
      question: `To which token does ${nameOf(tokens, at)} attend most, in ${which}, with ${runAfterWith(schedule)}?`,
      ...choices,
      why:
        `${nameOf(tokens, first)} gets ${weightText(weight(at, first))} of its attention, ` +
        `then ${nameOf(tokens, second)} (${weightText(weight(at, second))}).`,
      look: { token: at + 1 },
      given: { schedule, query: at, layer, head },
    }
  );
}
