// How the ring view draws: a sector for every slot of the ring, a box for every pinned one, and in the
// middle the arithmetic of the slot that is written.

/** @import { RingData } from "./ring.js" */

import { readable } from "../../wording/text.js";
import { svg } from "../core/dom.js";

/**
 * Where the ring stands, in CSS pixels.
 * @typedef {object} RingPlace
 * @property {number} height
 * @property {number} x - Of its middle.
 * @property {number} y
 * @property {number} outer - Its radii.
 * @property {number} inner
 * @property {number} count - The slots of the ring, without the pinned ones.
 * @property {number} pinned
 * @property {number} boxWidth - Of a pinned slot.
 */

/** @typedef {ReturnType<typeof slotParts>} SlotParts */

const [LARGEST, SMALLEST] = [100, 74];
const [MARGIN, TOP] = [64, 18];
const PINNED_ROW = 34;
const WIDEST_BOX = 92;
const LETTER = 7;
const SLOT_NUMBERS = 24;
/** Words stand farther out than slot numbers. */
const [WORDS_AT, NUMBER] = [0.6, 8];
const TURN = 2 * Math.PI;
const OUTSIDE = 12;
const MANY_LETTERS = 13;

/**
 * Where everything stands.
 * @param {number} width - Of the picture.
 * @param {number} count - Of all slots.
 * @param {number} pinned - So many of them stand before the ring.
 * @returns {RingPlace}
 */
export function placeFor(width, count, pinned) {
  const outer = Math.max(Math.min(width / 2 - MARGIN, LARGEST), SMALLEST);
  const top = TOP + (pinned ? PINNED_ROW : 0);
  return {
    height: top + 2 * outer + TOP,
    x: width / 2,
    y: top + outer,
    outer,
    inner: outer * 0.5,
    count: count - pinned,
    pinned,
    boxWidth: pinned ? Math.min((width - 8) / pinned - 6, WIDEST_BOX) : 0,
  };
}

/** @param {number} slot */
function slotParts(slot) {
  const shape = svg("path", { class: "shape" });
  const number = svg("text", { class: "number" }, slot);
  const word = svg("text", { class: "word" });
  const gone = svg("text", { class: "gone" });
  const strike = svg("line", { class: "strike" });
  const all = svg("g", { class: "slot", "data-slot": slot }, shape, number, word, gone, strike);
  return { all, shape, number, word, gone, strike };
}

/**
 * The parts of a picture with so many slots.
 * @param {number} count
 */
export function partsOf(count) {
  const slots = Array.from({ length: count }, (_, slot) => slotParts(slot));
  const middle = [svg("text", { class: "middle strong" }), svg("text", { class: "middle" })];
  return { slots, middle, all: [...slots.map(({ all }) => all), ...middle] };
}

/**
 * The ends of a slot's sector, as angles from the top, clockwise.
 * @param {RingPlace} place
 * @param {number} slot
 */
function anglesOf({ count, pinned }, slot) {
  const start = ((slot - pinned) / count) * TURN;
  // A whole turn would end where it begins, and be nothing.
  return [start, start + Math.min(TURN / count, TURN * 0.9999)];
}

/**
 * A point on a circle around the middle.
 * @param {RingPlace} place
 * @param {number} angle
 * @param {number} radius
 */
const at = ({ x, y }, angle, radius) => [x + radius * Math.sin(angle), y - radius * Math.cos(angle)];

/**
 * @param {RingPlace} place
 * @param {number} slot
 */
function sector(place, slot) {
  const { outer, inner } = place;
  const [start, stop] = anglesOf(place, slot);
  const far = stop - start > Math.PI ? 1 : 0;
  const [a, b] = [at(place, start, outer), at(place, stop, outer)];
  const [c, d] = [at(place, stop, inner), at(place, start, inner)];
  return `M${a}A${outer} ${outer} 0 ${far} 1 ${b}L${c}A${inner} ${inner} 0 ${far} 0 ${d}Z`;
}

/**
 * The middle of a slot, how wide it is for words, and its shape.
 * @param {RingPlace} place
 * @param {number} slot
 */
function boxOf(place, slot) {
  if (slot >= place.pinned) {
    const [start, stop] = anglesOf(place, slot);
    const middle = (start + stop) / 2;
    const radius = place.inner + WORDS_AT * (place.outer - place.inner);
    const chord = 2 * radius * Math.sin(Math.min(stop - start, Math.PI) / 2);
    // At the sides of the ring words lie along the radius.
    const across = (place.outer - place.inner) * Math.abs(Math.sin(middle)) - NUMBER;
    return {
      middle: at(place, middle, radius),
      number: at(place, middle, place.inner + 8),
      room: place.count > SLOT_NUMBERS ? 0 : Math.max(chord * Math.abs(Math.cos(middle)), across, chord * 0.7) - 8,
      shape: sector(place, slot),
    };
  }
  const [left, top] = [4 + slot * (place.boxWidth + 6), 2];
  return {
    middle: [left + place.boxWidth / 2 + 6, top + 12],
    number: [left + 9, top + 12],
    room: place.boxWidth - 24,
    shape: `M${left} ${top}h${place.boxWidth}v24h${-place.boxWidth}Z`,
  };
}

/**
 * A token's word, cut to the room that there is.
 * @param {string} piece
 * @param {number} room - In CSS pixels.
 */
function fitting(piece, room) {
  const letters = [...readable(piece)];
  const most = Math.floor(room / LETTER);
  if (letters.length <= most) return letters.join("");
  return most > 1 ? `${letters.slice(0, most - 1).join("")}…` : "";
}

/**
 * What the key in a slot is in this step.
 * @param {RingData} data
 * @param {number} slot
 */
function roleOf({ held, read, kept, slot: written }, slot) {
  if (held[slot] === undefined) return "empty";
  if (slot === written) return "written";
  if (kept.latest !== null && slot < kept.pinned) return "pinned";
  return read[slot] ? "read" : "held";
}

/**
 * @param {SVGElement} element
 * @param {Record<string, string | number>} attributes
 */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/**
 * Show what is in a slot.
 * @param {SlotParts} parts
 * @param {number} slot
 * @param {RingPlace} place
 * @param {RingData} data
 * @param {number | null} asked - The slot that the visitor points at.
 * @returns {void}
 */
export function dressSlot({ all, shape, number, word, gone, strike }, slot, place, data, asked) {
  const box = boxOf(place, slot);
  const position = data.held[slot];
  const role = roleOf(data, slot);
  all.setAttribute("class", `slot ${role}${slot === asked ? " asked" : ""}`);
  shape.setAttribute("d", box.shape);
  set(number, { x: box.number[0], y: box.number[1] });
  number.textContent = place.count <= SLOT_NUMBERS || slot < place.pinned ? String(slot) : "";
  set(word, { x: box.middle[0], y: box.middle[1] });
  const star = role === "pinned" ? "★ " : "";
  word.textContent = position === undefined ? "" : star + fitting(data.tokens[position], box.room);
  const leaves = slot === data.slot && role === "written" ? data.evicted : null;
  showGone(gone, strike, leaves === null ? "" : fitting(data.tokens[leaves], MARGIN), place, slot);
}

/**
 * The key that made room: outside of the ring, struck through.
 * @param {SVGElement} gone
 * @param {SVGElement} strike
 * @param {string} words
 * @param {RingPlace} place
 * @param {number} slot
 */
function showGone(gone, strike, words, place, slot) {
  gone.textContent = words;
  strike.setAttribute("visibility", words ? "visible" : "hidden");
  if (!words) return;
  const [start, stop] = anglesOf(place, slot);
  const angle = (start + stop) / 2;
  const [x, y] = at(place, angle, place.outer + OUTSIDE);
  const side = Math.sin(angle);
  const half = Math.max(([...words].length * LETTER) / 2, LETTER);
  const middle = x + (Math.abs(side) < 0.2 ? 0 : Math.sign(side) * half);
  set(gone, { x: middle, y });
  set(strike, { x1: middle - half - 2, x2: middle + half + 2, y1: y, y2: y });
}

/**
 * In the middle: which position is written, and the arithmetic of its slot.
 * @param {ReturnType<typeof partsOf>} parts
 * @param {RingPlace} place
 * @param {RingData} data
 * @returns {void}
 */
export function middleWords({ middle: [first, second] }, { x, y }, { kept, written, slot, held }) {
  set(first, { x, y: y - 9 });
  set(second, { x, y: y + 10 });
  first.textContent = held.length ? `position ${written}` : "nothing";
  second.textContent = held.length ? slotSum(kept, written, slot) : "is kept";
  second.classList.toggle("long", second.textContent.length > MANY_LETTERS);
}

/**
 * How the slot follows from the position.
 * @param {RingData["kept"]} kept
 * @param {number} position
 * @param {number} slot
 */
function slotSum({ pinned, latest }, position, slot) {
  if (latest === null || position < pinned) return `slot ${slot}`;
  if (!pinned) return `${position} mod ${latest} = ${slot}`;
  return `${pinned} + ${position - pinned} mod ${latest} = ${slot}`;
}
