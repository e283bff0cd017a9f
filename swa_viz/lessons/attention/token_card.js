// The card with the text: which keys one query reads in one layer, and with which weights.

/** @import { ModelFacts } from "../../web/core/types.d.ts" */
/** @import { TokensCallbacks } from "../../web/views/tokens.js" */
/** @import { AttentionLab } from "./controls.js" */
/** @import { Whole } from "./long_text.js" */
/** @import { Shown } from "./shown.js" */

import { isUniform, patternName } from "../../patterns/schedule.js";
import { card, h, setBadges } from "../../web/core/dom.js";
import { partOf } from "../../patterns/part.js";
import { thousands } from "../../wording/numbers.js";
import { lockBadge, pointWord } from "../../web/views/pointing.js";
import * as tokens from "../../web/views/tokens.js";
import { readable } from "../../wording/text.js";
import { FULL } from "../../web/runs.js";
import { stretchOf } from "./long_text.js";
import { firstOf } from "./shown.js";

const BLANK = { tokens: [], pattern: FULL, full: FULL, weight: () => NaN, pending: false, locked: null };

/**
 * The card; `marks` says how far an edit moved the prediction at each token, and `point` shows another
 * query, because another view points at it.
 * @typedef {object} TokenCard
 * @property {HTMLElement} element
 * @property {(shown: Shown, marks: string[] | null) => void} update
 * @property {(query: number, key?: number | null) => void} point
 */

/**
 * Make the card.
 * @param {AttentionLab} lab
 * @param {TokensCallbacks} callbacks
 * @returns {TokenCard}
 */
export function render(lab, callbacks) {
  const frame = card("", "");
  const view = tokens.render(frame.element.appendChild(h("div")), BLANK, callbacks);
  /** @type {TokenCard["update"]} */
  function update(shown, marks) {
    const { values, schedule, full, windowed, locked, query, whole } = shown;
    const { layer, head, stage } = values;
    const pattern = schedule[layer - 1];
    const hasWeights = stage === "weights";
    frame.heading.textContent = `What “${readable(full.tokens[query])}” reads`;
    frame.sentence.textContent =
      `${whole ? placeText(whole, full.seqLen) : ""}${pointWord()} a token to see which keys it reads. ` +
      (hasWeights
        ? "A thicker arc means more attention; the number is its share."
        : "To see its weights, choose the stage “weights”.");
    setBadges(frame.badges, [
      `layer ${layer}, ${headText(head, /** @type {ModelFacts} */ (lab.data.model))}`,
      ...(isUniform(schedule) ? [] : [patternName(pattern)]),
      ...lockBadge(locked !== null),
    ]);
    view.update({
      tokens: full.tokens,
      pattern: partOf(pattern, firstOf(shown)),
      part: whole && stretchOf(whole, windowed, values),
      full: FULL,
      pending: !windowed,
      waiting: lab.waiting(),
      locked,
      marks,
      weight: (q, k) => (windowed && hasWeights ? windowed.value(layer, head, q, k) : NaN),
    });
  }
  return { element: frame.element, update, point: view.point };
}

/**
 * Where the tokens stand that are shown.
 * @param {Whole} whole
 * @param {number} length
 */
const placeText = ({ first, n_tokens: nTokens }, length) =>
  `Tokens ${thousands(first + 1)} to ${thousands(first + length)} of ${thousands(nTokens)}. `;

/**
 * A head, and the heads with which it shares its keys and values.
 * @param {number} head - From 1; 0 is the mean of all.
 * @param {ModelFacts} model
 */
function headText(head, { n_heads: nHeads, n_kv_heads: nShared }) {
  if (!head) return "mean of heads";
  const group = nHeads / nShared;
  const first = head - ((head - 1) % group);
  const sharers = `${first} ${group === 2 ? "and" : "to"} ${first + group - 1}`;
  return group === 1 ? `head ${head}` : `head ${head} (${sharers} share keys)`;
}
