// Ring view: the slots of one layer's cache as a ring, at the moment when one token has been written.
// Position i lives in slot i mod W; pinned tokens have slots of their own before the ring.

/** @import { Kept } from "../../patterns/pattern.js" */
/** @import { Table } from "../core/offer.js" */
/** @import { RingPlace } from "./ring_drawing.js" */

import { readable } from "../../wording/text.js";
import { h, svg } from "../core/dom.js";
import { offer } from "../core/offer.js";
import { listenToPointer, pointWord } from "./pointing.js";
import { dressSlot, middleWords, partsOf, placeFor } from "./ring_drawing.js";
import { redrawn } from "./redrawn.js";

/**
 * What the ring shows.
 * @typedef {object} RingData
 * @property {readonly string[]} tokens
 * @property {Kept} kept
 * @property {number} written - The position that was written last.
 * @property {number} slot - Its slot.
 * @property {number | null} evicted - The position that made room for it, or null.
 * @property {readonly number[]} held - The position in each slot, slot by slot; nothing where nothing is kept.
 * @property {readonly boolean[]} read - Is the key in each slot read in this step?
 */

const FIRST_WIDTH = 320;
/** @type {RingData} */
const NOTHING = {
  tokens: [],
  kept: { pinned: 0, latest: 1 },
  written: 0,
  slot: 0,
  evicted: null,
  held: [],
  read: [],
};

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw a ring into an element; it shows nothing before its first update.
 * @param {HTMLElement} element
 * @returns {{update: (next: RingData) => void}}
 */
export function render(element) {
  const view = open(element);
  listen(view);
  return redrawn(element, view, paint);
}

/** @param {HTMLElement} element */
function open(element) {
  const picture = svg("svg", { class: "ring", tabindex: 0, role: "img" });
  const told = h("p", { class: "told", role: "status" });
  element.dataset.view = "ring";
  element.replaceChildren(picture, told);
  const view = {
    picture,
    told,
    data: NOTHING,
    width: FIRST_WIDTH,
    place: /** @type {RingPlace | null} */ (null),
    parts: partsOf(0),
    /** The slot that the visitor points at. */
    asked: /** @type {number | null} */ (null),
  };
  offer(element, { table: () => tableOf(view.data) });
  return view;
}

/**
 * How many slots there are: full attention has one for every token of the text.
 * @param {RingData} data
 */
const slotsOf = ({ kept, tokens }) => (kept.latest === null ? tokens.length : kept.pinned + kept.latest);

/** @param {RingData} data */
function tableOf({ tokens, held, read, slot }) {
  const rows = held.map((position, i) => [i, position, tokens[position], read[i], i === slot]);
  return /** @type {Table} */ ({ columns: ["slot", "position", "token", "read", "written_now"], rows });
}

/**
 * The parts stay while their number does, so that a change can be seen.
 * @param {View} view
 */
function paint(view) {
  const { picture, data, width } = view;
  if (!data.tokens.length) return;
  const count = slotsOf(data);
  const place = placeFor(width, count, data.kept.pinned);
  if (view.parts.slots.length !== count) {
    view.parts = partsOf(count);
    picture.replaceChildren(...view.parts.all);
    view.asked = null;
  }
  view.place = place;
  picture.setAttribute("width", String(width));
  picture.setAttribute("height", String(place.height));
  picture.setAttribute("viewBox", `0 0 ${width} ${place.height}`);
  view.parts.slots.forEach((part, slot) => dressSlot(part, slot, place, data, view.asked));
  middleWords(view.parts, place, data);
  picture.setAttribute("aria-label", `${summary(data)} Arrow keys read out the slots.`);
  tell(view);
}

/** @param {RingData} data */
function summary(data) {
  const { tokens, written, slot, held } = data;
  if (!held.length) return "Nothing is kept.";
  const name = `Position ${written}, “${readable(tokens[written])}”,`;
  return `The ring has ${slotsOf(data)} slots. ${name} is in slot ${slot}.`;
}

/** @param {View} view */
function tell({ told, data, asked }) {
  told.textContent = asked === null ? `${pointWord()} a slot to read what it holds.` : slotText(data, asked);
  told.classList.toggle("unsaved", asked === null);
}

/**
 * What a slot holds, and which token takes its place.
 * @param {RingData} data
 * @param {number} asked
 */
function slotText({ tokens, kept, held, read, slot }, asked) {
  const position = held[asked];
  if (position === undefined) return `Slot ${asked} is empty.`;
  const name = `Slot ${asked} holds position ${position}, “${readable(tokens[position])}”`;
  const what = asked === slot ? ", written in this step" : `, ${read[asked] ? "read" : "not read"} in this step`;
  if (kept.latest === null) return `${name}${what}. Full attention forgets nothing.`;
  if (asked < kept.pinned) return `${name}${what}. It is a sink, and stays.`;
  return `${name}${what}. Position ${position + kept.latest} will take its place.`;
}

/** @param {View} view */
function listen(view) {
  const { picture } = view;
  const byFinger = listenToPointer(picture, {
    at: ({ target }) => {
      const part = target instanceof Element ? target.closest("[data-slot]") : null;
      return part instanceof SVGElement ? Number(part.dataset.slot) : null;
    },
    point: (slot) => ask(view, slot),
  });
  picture.addEventListener("blur", () => byFinger() || ask(view, null));
  picture.addEventListener("keydown", (event) => press(view, event));
}

/**
 * @param {View} view
 * @param {number | null} slot
 */
function ask(view, slot) {
  if (slot === view.asked) return;
  view.asked = slot;
  paint(view);
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (event.key === "Escape") return ask(view, null);
  if (!step) return;
  event.preventDefault();
  const count = slotsOf(view.data);
  ask(view, ((view.asked ?? view.data.slot - step) + step + count) % count);
}
