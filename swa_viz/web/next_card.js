// The card with what comes next: the likeliest tokens after one query, in both runs.

/** @import { Schedule } from "./core/types.d.ts" */
/** @import { AnyLab } from "./lab.js" */
/** @import { Run, Runs } from "./runs.js" */

import { capitalised, runName, runWord } from "../patterns/schedule.js";
import { card, h } from "./core/dom.js";
import { verdict } from "./questions/verdict.js";
import * as bars from "./views/bars.js";
import * as verdictLine from "./views/verdict.js";

const QUOTED = 5;

/**
 * The likeliest next tokens after a query; null while they are not known.
 * @param {Run | null} run
 * @param {number} query
 */
function listOf(run, query) {
  return run?.next[query]?.map(([id, piece, share]) => ({ id, piece, share })) ?? null;
}

/**
 * What the window did to the first expectation; null while a run is on its way.
 * @param {Pick<Runs, "full" | "windowed"> & {schedule: Schedule}} shown
 * @param {number} query
 */
function verdictAt({ schedule, full, windowed }, query) {
  const [before, after] = [full.next[query], windowed?.next[query]];
  if (!before || !after) return null;
  const { first, n_tokens: nTokens } = full.part ?? { first: 0, n_tokens: full.seqLen };
  const position = first + query;
  return verdict({ schedule, query: position, isLast: position === nTokens - 1, full: before, windowed: after });
}

/**
 * Make the card.
 * @param {AnyLab} lab
 * @returns {{element: HTMLElement, update: (shown: Runs & {schedule: Schedule}, query: number) => void}}
 */
export function render(lab) {
  const frame = card("What comes next?", "");
  const said = verdictLine.render();
  frame.element.insertBefore(said.element, frame.sentence);
  const view = bars.render(frame.element.appendChild(h("div")));
  /**
   * @param {Runs & {schedule: Schedule}} shown
   * @param {number} query
   */
  function update({ schedule, full, windowed }, query) {
    if (!full.seqLen) return;
    const before = full.tokens.slice(Math.max(0, query + 1 - QUOTED), query + 1);
    frame.sentence.textContent = `The likeliest tokens after “…${before.join("").trim()}”.`;
    said.update(verdictAt({ schedule, full, windowed }, query));
    view.update({
      left: { name: "Full attention", short: "full", list: listOf(full, query) },
      right: {
        name: capitalised(runName(schedule)),
        short: runWord(schedule),
        list: listOf(windowed, query),
      },
      waiting: windowed ? "" : lab.waiting(),
    });
  }
  return { element: frame.element, update };
}
