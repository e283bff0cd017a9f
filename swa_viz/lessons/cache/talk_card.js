// The card about conversations that go on: what of their prompts is computed again, turn by turn.

/** @import { Kept } from "../../patterns/pattern.js" */
/** @import { Keeping } from "../../recompute.js" */
/** @import { CacheLab, CacheValues } from "./controls.js" */

import { heldTokens, reuse, RINGS_ALONE } from "../../recompute.js";
import { card, h } from "../../web/core/dom.js";
import { numberKnob } from "../../web/number_knob.js";
import * as chart from "../../web/views/chart.js";
import { counted, percent, thousands } from "../../wording/numbers.js";
import { line } from "../../web/views/plain_line.js";
import { axisTo, sizeSlider } from "./counts.js";

/** @type {Kept} */
const FULL = { pinned: 0, latest: null };

/**
 * The engines that are compared: their looks, their words, what a layer keeps, and what they keep beside.
 * @param {CacheValues} values
 * @returns {{role: string, label: string, layers: Kept[], keeping: Keeping}[]}
 */
function enginesOf({ ring, copies }) {
  const rings = [{ pinned: 0, latest: ring }];
  const copied = { role: "second", label: "windows with copies", layers: rings };
  return [
    { role: "full", label: "full layers", layers: [FULL], keeping: RINGS_ALONE },
    { role: "window", label: "windows", layers: rings, keeping: RINGS_ALONE },
    ...(copies ? [{ ...copied, keeping: { spare: 0, checkpointEvery: copies } }] : []),
  ];
}

/**
 * What each engine computes again in each turn, and what it keeps of one conversation at the end.
 * @param {CacheValues} values
 */
function countedFor(values) {
  const { talks, turns, added, taken, pool } = values;
  const talk = { conversations: talks, turns, tokens: added, takenBack: taken };
  return enginesOf(values).map(({ layers, keeping, ...looks }) => {
    const again = reuse(layers, talk, pool, keeping);
    return { ...looks, again, total: sum(again), kept: heldTokens(layers, turns * added, keeping) };
  });
}

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

/**
 * What all turns know already when they begin.
 * @param {CacheValues} values
 */
const knownIn = ({ talks, turns, added, taken }) =>
  sum(Array.from({ length: turns }, (_, turn) => talks * Math.max(turn * added - taken, 0)));

/**
 * @param {CacheValues} values
 * @param {ReturnType<typeof countedFor>} engines
 */
function sentenceOf(values, engines) {
  const known = knownIn(values);
  const parts = engines.map(
    ({ label, total }) => `${thousands(total)} (${percent(known ? total / known : 0)}) with ${label}`,
  );
  return `Of ${counted(known, "known token")} these are computed again: ${parts.join(", ")}.`;
}

/**
 * @param {CacheValues} values
 * @param {ReturnType<typeof countedFor>} engines
 */
function keptText({ pool, talks, taken }, engines) {
  const parts = engines.map(({ label, kept }) => {
    const all = talks * kept;
    return `${label} ${thousands(all)}${all > pool ? ", more than the pool" : ""}`;
  });
  const hint = taken
    ? " Take nothing back after a turn, and see that a ring then loses nothing that the pool holds."
    : "";
  return `To keep all conversations at their ends takes, in tokens per layer: ${parts.join("; ")}.${hint}`;
}

/**
 * Make the card.
 * @param {CacheLab} lab
 * @returns {{element: HTMLElement, update: (values: CacheValues) => void}}
 */
export function render(lab) {
  const frame = card("Conversations go on", "");
  const view = chart.render(frame.element.appendChild(h("div")), "reuse", { embedded: true });
  const kept = h("p", { class: "lead" });
  const knobs = {
    talks: numberKnob(lab, "talks"),
    turns: numberKnob(lab, "turns"),
    added: sizeSlider(lab, "added"),
    taken: sizeSlider(lab, "taken"),
    pool: sizeSlider(lab, "pool"),
  };
  const row = h(
    "div",
    { class: "row" },
    Object.values(knobs).map(({ element }) => element),
  );
  frame.element.append(kept, row);

  /** @param {CacheValues} values */
  function update(values) {
    for (const [name, knob] of Object.entries(knobs)) knob.set(values[/** @type {keyof typeof knobs} */ (name)]);
    const engines = countedFor(values);
    const turns = Array.from({ length: values.turns }, (_, turn) => turn + 1);
    const most = Math.max(...engines.flatMap(({ again }) => again), 1);
    const words = sentenceOf(values, engines);
    frame.sentence.textContent = words;
    kept.textContent = keptText(values, engines);
    view.update(
      {
        x: axisTo("turn", values.turns, 1),
        y: axisTo("tokens computed again", most),
        unit: "tokens",
        lines: engines.map(({ role, label, again }) => line(role, label, turns, again)),
      },
      words,
    );
  }
  return { element: frame.element, update };
}
