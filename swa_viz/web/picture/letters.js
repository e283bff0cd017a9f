// How large words are in a family of letters.

import { h, penOf } from "../core/dom.js";

/** @typedef {{weight: string, size: number, family: string}} Font */

const pen = penOf(h("canvas"));

/**
 * A font as a canvas writes it.
 * @param {Font} font
 * @returns {string}
 */
export const written = ({ weight, size, family }) => `${weight} ${size}px ${family}`;

/**
 * A font that a canvas was told.
 * @param {string} text - Perhaps its weight, its size in pixels, and its family.
 * @returns {Font}
 */
export function fontIn(text) {
  const [, weight = "400", size = "10", family = text] = /^(?:(\w+) )?([\d.]+)px (.+)$/.exec(text) ?? [];
  return { weight, size: Number(size), family };
}

/**
 * The measures of some words.
 * @param {string} text
 * @param {Font} font
 * @param {CanvasTextBaseline} [baseline]
 * @returns {TextMetrics}
 */
export function measured(text, font, baseline = "alphabetic") {
  pen.font = written(font);
  pen.textBaseline = baseline;
  return pen.measureText(text);
}

/**
 * As much of a text as has room, with a sign that it goes on.
 * @param {string} text
 * @param {Font} font
 * @param {number} room - In pixels.
 * @returns {string}
 */
export function fitting(text, font, room) {
  const letters = [...text];
  if (measured(text, font).width <= room) return text;
  while (letters.length && measured(`${letters.join("")}…`, font).width > room) letters.pop();
  return `${letters.join("")}…`;
}
