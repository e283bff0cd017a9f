// The arcs of the token view: from the query to every key that it reads, thicker for more weight.
//
// They stay in the room above their rows, so that none crosses a word.  An arc to a key in another row
// goes as the text does: it leaves its row at the edge, and comes in again at the other edge.

/** @import { Pattern } from "../core/types.d.ts" */
/** @import { Layout } from "./token_places.js" */

import { isPinned } from "../../patterns/pattern.js";
import { svg } from "../core/dom.js";

/**
 * A key that the query reads, and its weight: NaN while it is not known.
 * @typedef {{key: number, weight: number}} Read
 */

/**
 * Where a token stands: the middle of its upper edge, in CSS pixels, and its row.
 * @typedef {{x: number, y: number, row: number}} Place
 */

const UNKNOWN_SHARE = 0.15;
const [LOWEST, ALONG_THE_ROW] = [0.15, 0.85];
// A curve with both its handles at one height comes up to three quarters of that.
const HANDLE = 4 / 3;
const [THINNEST, WIDEST, WIDTH_PER_ROOM] = [1, 7, 0.25];

/**
 * The arcs from one query.
 * @param {Pattern} pattern
 * @param {number} query
 * @param {Read[]} reads
 * @param {Layout} layout
 * @param {number} first - The position of the view's first token in its text.
 * @returns {SVGPathElement[]}
 */
export function arcsFrom(pattern, query, reads, layout, first) {
  const { places, room } = layout;
  return reads
    .filter(({ key }) => key !== query)
    .map(({ key, weight }) => {
      const strength = Math.sqrt(Number.isNaN(weight) ? UNKNOWN_SHARE : weight);
      return svg("path", {
        d: arcBetween(places[query], places[key], layout),
        class: isPinned(pattern, key) ? "pinned" : "",
        "data-query": first + query,
        "data-key": first + key,
        "stroke-width": THINNEST + Math.min(WIDEST, room * WIDTH_PER_ROOM) * strength,
        "stroke-opacity": 0.3 + 0.65 * strength,
      });
    });
}

/**
 * The farther apart the tokens stand, the higher the arc between them.
 * @param {Place} from
 * @param {Place} to
 * @param {Layout} layout
 */
function arcBetween(from, to, { width, room }) {
  if (from.row !== to.row)
    return from.row > to.row ? across(from, to, room, 0, width) : across(from, to, room, width, 0);
  const share = Math.min(Math.abs(from.x - to.x) / width, 1);
  const handle = HANDLE * room * (LOWEST + (1 - LOWEST) * Math.sqrt(share));
  return `M${from.x} ${from.y}C${from.x} ${from.y - handle} ${to.x} ${to.y - handle} ${to.x} ${to.y}`;
}

/**
 * Out of one row at an edge, and into another at the other edge.
 * @param {Place} from
 * @param {Place} to
 * @param {number} room
 * @param {number} out - Where it leaves the row of `from`.
 * @param {number} into - Where it enters the row of `to`.
 */
function across(from, to, room, out, into) {
  const lift = ALONG_THE_ROW * room;
  /**
   * @param {Place} place
   * @param {number} edge
   */
  const turn = ({ x }, edge) => x + Math.sign(edge - x) * Math.min(lift, Math.abs(edge - x));
  const up = `M${from.x} ${from.y}Q${from.x} ${from.y - lift} ${turn(from, out)} ${from.y - lift}H${out}`;
  return `${up}M${into} ${to.y - lift}H${turn(to, into)}Q${to.x} ${to.y - lift} ${to.x} ${to.y}`;
}
