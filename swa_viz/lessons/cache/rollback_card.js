// The card about rejected tokens: which keys three caches hold when the last k tokens are taken back, and
// which they would need to go on.

/** @import { Kept } from "../../patterns/pattern.js" */
/** @import { CacheLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */

import { keptBy } from "../../patterns/pattern.js";
import { afterGoingBack } from "../../recompute.js";
import { button } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { numberKnob } from "../../web/number_knob.js";
import { keysOf } from "../../web/views/keys.js";
import { counted, howMany, thousands } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";

/**
 * A cache that is asked to take tokens back.
 * @typedef {object} Taken
 * @property {string} name
 * @property {Kept} kept
 * @property {number} spare - So many more slots.
 * @property {number} again - So many tokens are computed again, because all layers must go on together.
 * @property {boolean} canGoOn - Could this layer alone?
 */

/** @type {Record<string, string>} */
const ROLES = {
  drafted: "drafted, not accepted yet",
  rejected: "rejected",
  key: "held, and needed to go on",
  held: "held, not needed",
  missing: "needed, but overwritten",
  gone: "overwritten, not needed",
};
/** @type {Kept} */
const FULL = { pinned: 0, latest: null };
/** Older tokens than these make no difference. */
const BEFORE = 3;

/**
 * A full cache, and that of the layer that is looked at, with the others of its stack.
 * @param {Shown} shown
 * @returns {Taken[]}
 */
function cachesOf({ values, kept, query, schedule, isAllFull }) {
  const { drafted, spare } = values;
  const [n, k] = [query + 1, Math.min(drafted, query + 1)];
  const layers = schedule.map(keptBy);
  /**
   * @param {string} name
   * @param {Kept} of
   * @param {readonly Kept[]} stack
   * @param {number} [more]
   */
  function taken(name, of, stack, more = 0) {
    const keeping = { spare: more, checkpointEvery: 0 };
    const again = afterGoingBack(stack, n, k, keeping);
    return { name, kept: of, spare: more, again, canGoOn: !afterGoingBack([of], n, k, keeping) };
  }
  const full = taken("A full cache", FULL, [FULL]);
  if (isAllFull) return [full];
  const name = kept.latest === null ? "This layer" : `A ring of ${counted(kept.latest, "slot")}`;
  const own = taken(name, kept, layers);
  if (!spare) return [full, own];
  const more = counted(spare, "more slot");
  const named = kept.latest === null ? `This layer, and ${more} in the windows` : `${name} and ${more}`;
  return [full, own, taken(named, kept, layers, spare)];
}

/**
 * Is a position held, and is it needed to go on at `start`?
 * @param {Taken} taken
 * @param {number} n
 * @param {number} start
 * @param {number} position
 */
function stateOf({ kept: { pinned, latest }, spare }, n, start, position) {
  const stays = latest === null || position < pinned;
  return {
    isHeld: stays || position >= n - latest - spare,
    isNeeded: stays || position > start - latest,
  };
}

/**
 * What a position is to a cache.
 * @param {ReturnType<typeof stateOf>} state
 * @param {boolean} isAfter - Is it one of those that are taken back?
 * @param {boolean} isRejected - Has the model answered yet?
 */
function roleOf({ isHeld, isNeeded }, isAfter, isRejected) {
  if (isAfter) return isRejected ? "rejected" : "drafted";
  if (!isRejected || !isNeeded) return isHeld ? "held" : "gone";
  return isHeld ? "key" : "missing";
}

/**
 * @param {Taken} taken
 * @param {number} start
 */
function verdictOf({ again, canGoOn }, start) {
  if (again && canGoOn) {
    return `It could go on, but a window in another layer cannot: ${counted(again, "token")} are computed again.`;
  }
  if (!again) return `Nothing is computed again: the model goes on at position ${start}.`;
  const where = again === start ? ", from the start" : "";
  return `Keys that it needs are overwritten: ${counted(again, "token")} are computed again${where}.`;
}

/**
 * @param {Shown} shown
 * @param {boolean} isRejected
 */
function rowsOf(shown, isRejected) {
  const { full, query, kept, values } = shown;
  const n = query + 1;
  const start = Math.max(n - values.drafted, 0);
  const first = Math.max(start - (kept.latest ?? n) - BEFORE + 1, 0);
  const positions = Array.from({ length: n - first }, (_, i) => first + i);
  return cachesOf(shown).map((taken) => ({
    ...taken,
    verdict: isRejected ? verdictOf(taken, start) : "",
    cells: positions.map((position) => ({
      position,
      piece: full.tokens[position],
      role: roleOf(stateOf(taken, n, start, position), position >= start, isRejected),
    })),
  }));
}

/** @param {ReturnType<typeof rowsOf>[number]} row */
function rowElement({ name, cells, verdict, again }) {
  const chips = cells.map(({ position, piece, role }) =>
    h("li", { class: "chip", "data-role": role, title: `position ${position}: ${ROLES[role]}` }, readable(piece)),
  );
  const verdicts = { class: again ? "verdict-line again" : "verdict-line" };
  return h("div", { class: "taken" }, h("h3", {}, name), h("ol", { class: "slots" }, chips), h("p", verdicts, verdict));
}

/**
 * @param {Shown} shown
 * @param {ReturnType<typeof rowsOf>} rows
 */
function sentenceOf({ values, query, kept }, rows) {
  const k = Math.min(values.drafted, query + 1);
  const drafted =
    `A small model has drafted the last ${counted(k, "token")} up to the step above, and the large one checks them. ` +
    "Reject them, and see which cache can go on.";
  const needs = kept.latest !== null && k > 1 && rows.some(({ again }) => again);
  return needs ? `${drafted} With ${counted(k - 1, "more slot")} the ring could.` : drafted;
}

/**
 * Make the card.
 * @param {CacheLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const frame = card("Tokens are taken back", "");
  const drafted = numberKnob(lab, "drafted", (k) => counted(k, "token"));
  const spare = numberKnob(lab, "spare", (slots) => howMany(slots, "slot"));
  const act = button("", () => {
    isRejected = !isRejected;
    lab.repaint();
  });
  const picture = h("div", { "data-view": "rollback" });
  const legend = keysOf({ key: ROLES.key, missing: "", gone: "" });
  let isRejected = false;
  /** What the state is about: another one begins anew. */
  let about = "";
  let rows = /** @type {ReturnType<typeof rowsOf>} */ ([]);
  frame.element.append(h("div", { class: "row" }, drafted.element, spare.element, act), picture, legend.element);
  offer(picture, {
    table: () => ({
      columns: ["cache", "position", "token", "state"],
      rows: rows.flatMap(({ name, cells }) => cells.map(({ position, piece, role }) => [name, position, piece, role])),
    }),
  });

  /** @param {Shown} shown */
  function update(shown) {
    const { values, query } = shown;
    const next = `${values.text} ${query} ${values.drafted}`;
    if (next !== about) isRejected = false;
    about = next;
    drafted.set(values.drafted);
    spare.set(values.spare);
    rows = rowsOf(shown, isRejected);
    act.textContent = isRejected ? "Back to the draft" : `Reject the last ${thousands(values.drafted)}`;
    frame.sentence.textContent = sentenceOf(shown, rows);
    picture.replaceChildren(...rows.map(rowElement));
    legend.element.hidden = !isRejected;
    for (const role of ["missing", "gone"])
      legend.say(role, rows.some(({ cells }) => cells.some((cell) => cell.role === role)) ? ROLES[role] : "");
  }
  return { element: frame.element, update };
}
