// What the cone view says in words: of the token on top, or of the cell that a visitor points at.

/** @import { ConeCell, ConeData } from "./cone.js" */

import { numbered, runs } from "../../patterns/sentences.js";
import { counted, percent } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";
import { pointWord } from "./pointing.js";

/**
 * A token by its word and its number.
 * @param {readonly string[]} tokens
 * @param {number} position
 * @returns {string}
 */
export const nameOf = (tokens, position) => `“${readable(tokens[position])}” (token ${position + 1})`;

/**
 * How many tokens can influence the one on top, and which.
 * @param {ConeData} data
 * @param {Float64Array} heard - 1 for each token that can influence it, else 0.
 * @returns {string}
 */
export function summary({ tokens, query, schedule }, heard) {
  const positions = tokens.map((_, position) => position).filter((position) => heard[position]);
  const which = runs(positions).length === 1 ? `, back to ${nameOf(tokens, positions[0])}` : `: ${numbered(positions)}`;
  const many = `${positions.length} of ${counted(tokens.length, "token")}`;
  return `After ${counted(schedule.length, "layer")}, ${many} can influence ${nameOf(tokens, query)}${which}.`;
}

/**
 * What a visitor may try next.
 * @param {ConeData} data
 * @returns {string}
 */
export function invitation({ locked }) {
  if (pointWord() === "Tap")
    return "Tap a cell below to see one way the information can take, or a token of the top row to put it on top.";
  return locked === null
    ? "Click a token to lock it, then point at a cell below to see one way that the information can take."
    : "This token is locked. Point at a cell below to see one way that the information can take.";
}

/**
 * What can be said of one cell: how far back it is, and whether and how it reaches the token on top.
 * @param {ConeData} data
 * @param {ConeCell} cell
 * @param {number[] | null} way - A position for each row from the top down to the cell, or null.
 * @returns {string}
 */
export function cellSentence({ tokens, query, schedule, shares }, { row, position }, way) {
  const here = `${nameOf(tokens, position)} in ${row ? `layer ${row}` : "the text"}`;
  if (position > query) return `${here} comes later: nothing of it can reach ${nameOf(tokens, query)}.`;
  const back = `${here}${way ? ":" : " is"} ${counted(query - position, "token")} back`;
  if (!way) return `${back}: out of reach after ${counted(schedule.length, "layer")}.`;
  const hops = way.filter((at, i) => i && at !== way[i - 1]).length;
  const measured = shares ? `; measured influence ${percent(shares[row][position])} of this row` : "";
  return `${back}, reached in ${counted(hops, "hop")}${measured}.`;
}
