// The card about a changed prompt: how many tokens are computed again, wherever the change stands.

/** @import { CacheLab, CacheValues } from "./controls.js" */

import { afterEdit, afterGoingBack, RINGS_ALONE } from "../../recompute.js";
import { card, h } from "../../web/core/dom.js";
import { numberKnob } from "../../web/number_knob.js";
import * as chart from "../../web/views/chart.js";
import { counted, howMany, thousands } from "../../wording/numbers.js";
import { line } from "../../web/views/plain_line.js";
import { axisTo, sizeSlider } from "./counts.js";

const POINTS = 64;
const FULL = { pinned: 0, latest: null };

/**
 * The caches that are compared: their looks, their words, and how many tokens are computed again.
 * @param {CacheValues} values
 * @returns {[string, string, (position: number) => number][]}
 */
function cachesOf({ held, ring, copies }) {
  const rings = [{ pinned: 0, latest: ring }];
  const copied = { ...RINGS_ALONE, checkpointEvery: copies };
  const withCopies = `the ring, and a copy of it every ${counted(copies, "token")}`;
  return [
    ["full", "a full cache", (position) => afterEdit([FULL], held, position)],
    ["reach_a", `a ring of ${counted(ring, "slot")}`, (position) => afterEdit(rings, held, position)],
    ...(copies
      ? [/** @type {any} */ (["reach_c", withCopies, (/** @type {number} */ p) => afterEdit(rings, held, p, copied)])]
      : []),
  ];
}

/**
 * The places at which the lines are computed: evenly spread, and around each step of a line.
 * @param {CacheValues} values
 */
function placesOf({ held, copies }) {
  const even = Array.from({ length: POINTS + 1 }, (_, i) => Math.round((i * (held - 1)) / POINTS));
  const steps = copies ? Array.from({ length: Math.floor((held - 1) / copies) }, (_, i) => (i + 1) * copies) : [];
  const all = [...even, ...(steps.length < POINTS ? steps.flatMap((at) => [at - 1, at]) : []), held - 2];
  return [...new Set(all)].filter((at) => at >= 0).sort((a, b) => a - b);
}

/** @param {CacheValues} values */
const positionOf = ({ held, edited }) => Math.min(Math.floor((held * edited) / 100), held - 1);

/**
 * What is computed again for this one change.
 * @param {CacheValues} values
 */
function sentenceOf(values) {
  const { held, ring, copies } = values;
  const position = positionOf(values);
  const [full, alone, copied] = cachesOf(values).map(([, , again]) => thousands(again(position)));
  const state = held <= ring ? "has not wrapped yet, so it still holds every key:" : "has wrapped:";
  const kept = copies ? ` With a copy of the ring every ${counted(copies, "token")} they are ${copied}.` : "";
  const [fullBack, ringBack] = [[FULL], [{ pinned: 0, latest: ring }]].map((layers) =>
    afterGoingBack(layers, held, held - position),
  );
  const back =
    `Only to go back to that place and write on, the ring computes ${counted(ringBack, "token")} again, ` +
    `and a full cache ${howMany(fullBack, "token")}.`;
  return (
    `The cache holds ${counted(held, "token")}, and the one at position ${thousands(position)} is changed. ` +
    `A full cache keeps what stands before it, and ${full} tokens are computed again. The ring of ` +
    `${thousands(ring)} ${state} ${alone} tokens.${kept} ${back}`
  );
}

/**
 * Make the card.
 * @param {CacheLab} lab
 * @returns {{element: HTMLElement, update: (values: CacheValues) => void}}
 */
export function render(lab) {
  const frame = card("The prompt is changed", "");
  const held = sizeSlider(lab, "held");
  const edited = numberKnob(lab, "edited", (share) => `${share} % of the text`);
  const view = chart.render(frame.element.appendChild(h("div")), "edit", { embedded: true });
  frame.element.append(h("div", { class: "row" }, held.element, edited.element));

  /** @param {CacheValues} values */
  function update(values) {
    held.set(values.held);
    edited.set(values.edited);
    const places = placesOf(values);
    const words = sentenceOf(values);
    frame.sentence.textContent = words;
    view.update(
      {
        x: axisTo("position of the changed token", values.held - 1),
        y: axisTo("tokens computed again", values.held),
        unit: "tokens",
        lines: cachesOf(values).map(([role, label, again]) => line(role, label, places, places.map(again))),
        edges: [{ at: positionOf(values), words: "changed here" }],
      },
      words,
    );
  }
  return { element: frame.element, update };
}
