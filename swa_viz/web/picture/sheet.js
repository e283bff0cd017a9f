// A picture that stands for itself: its title above, its signs explained and its address below.

/** @import { Mark } from "./marks.d.ts" */
/** @import { Sheet } from "./files.js" */

import { palette, rgb } from "../core/theme.js";
import { fitting, measured } from "./letters.js";
import { portrait } from "./portrait.js";

const [EDGE, GAP] = [16, 12];
const TITLE = { weight: "650", size: 17 };
const FOOT = { weight: "400", size: 11 };

/**
 * The explanation of a picture's signs: that of its card, or the one that two cards share.
 * @param {Element} view
 */
function legendOf(view) {
  const card = view.closest(".card");
  const own = card?.querySelector(".keys");
  if (own || !view.querySelector("canvas")) return own;
  return card?.parentElement?.parentElement?.querySelector(":scope > .legend");
}

/**
 * Marks as they stand farther to the right and farther down.
 * @param {readonly Mark[]} marks
 * @param {number} right
 * @param {number} down
 * @returns {Mark[]}
 */
function moved(marks, right, down) {
  return marks.map((mark) => {
    const [a, b, c, d, e, f] = mark.matrix;
    return { ...mark, matrix: [a, b, c, d, e + right, f + down] };
  });
}

/**
 * One line of words.
 * @param {string} text
 * @param {{weight: string, size: number, family: string}} font
 * @param {number} y
 * @param {string} fill
 * @returns {Mark}
 */
function lineAt(text, font, y, fill) {
  const length = measured(text, font).width;
  return { text, x: EDGE, y, anchor: "start", font, fill, length, matrix: [1, 0, 0, 1, 0, 0], alpha: 1 };
}

/**
 * The sheet of a view.
 * @param {HTMLElement} view
 * @param {string} address - Of the lab as it stands.
 * @returns {Sheet}
 */
export function sheetOf(view, address) {
  const { fontFamily: family, color } = getComputedStyle(view);
  const title = view.closest(".card")?.querySelector("h2")?.textContent ?? "";
  const legend = legendOf(view);
  const parts = [view, ...(legend && !view.contains(legend) ? [legend] : [])].map(portrait);
  const width = Math.max(...parts.map((part) => part.width)) + 2 * EDGE;
  /** @type {Mark[]} */
  const marks = [];
  /**
   * @param {string} text
   * @param {{weight: string, size: number}} letters
   */
  const write = (text, letters) => {
    const font = { ...letters, family };
    bottom += letters.size;
    marks.push(lineAt(fitting(text, font, width - 2 * EDGE), font, bottom, color));
  };
  let bottom = EDGE;
  if (!view.querySelector("h2")) write(title, TITLE);
  for (const part of parts) {
    marks.push(...moved(part.marks, EDGE, bottom + GAP));
    bottom += GAP + part.height;
  }
  bottom += GAP;
  write(address, FOOT);
  return { marks, width, height: bottom + EDGE, title, address, paper: rgb(palette(view).paper) };
}
