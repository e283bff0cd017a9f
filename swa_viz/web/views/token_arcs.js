// The arcs of the token view: from the query to every key that it reads, thicker for more weight.

/** @import { Pattern } from "../core/types.d.ts" */

import { isPinned } from "../../patterns/pattern.js";
import { svg } from "../core/dom.js";

/**
 * A key that the query reads, and its weight: NaN while it is not known.
 * @typedef {{key: number, weight: number}} Read
 */

/**
 * Where a token stands, in CSS pixels: the middle of its upper edge.
 * @typedef {{x: number, y: number}} Place
 */

const LOWEST_LIFT = 12;
const LIFT_PER_PX = 0.32;
const MAX_LIFT = 58;
const UNKNOWN_SHARE = 0.15;

/**
 * The arcs from one query.
 * @param {Pattern} pattern
 * @param {number} query
 * @param {Read[]} reads
 * @param {Place[]} places - Of all tokens.
 * @returns {SVGPathElement[]}
 */
export function arcsFrom(pattern, query, reads, places) {
  return reads
    .filter(({ key }) => key !== query)
    .map(({ key, weight }) => {
      const share = Number.isNaN(weight) ? UNKNOWN_SHARE : weight;
      return svg("path", {
        d: arcBetween(places[query], places[key]),
        class: isPinned(pattern, key) ? "pinned" : "",
        "data-query": query,
        "data-key": key,
        "stroke-width": 1 + 7 * Math.sqrt(share),
        "stroke-opacity": 0.3 + 0.65 * Math.sqrt(share),
      });
    });
}

/**
 * The farther apart the tokens stand, the higher the arc between them.
 * @param {Place} from
 * @param {Place} to
 */
function arcBetween(from, to) {
  const lift = Math.min(MAX_LIFT, LOWEST_LIFT + LIFT_PER_PX * Math.abs(from.x - to.x));
  return `M${from.x} ${from.y} C${from.x} ${from.y - lift} ${to.x} ${to.y - lift} ${to.x} ${to.y}`;
}
