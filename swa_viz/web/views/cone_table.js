// The numbers of the cone as a table.

/** @import { Table } from "../core/offer.js" */
/** @import { ConeData } from "./cone.js" */

import { reachable } from "../../reach.js";

/**
 * Every cell of the layers that count: whether the token on top can hear it, and how much it does; row 0
 * is the text.
 * @param {ConeData} data
 * @returns {Table}
 */
export function tableOf({ tokens, schedule, query, shares }) {
  const reached = reachable(schedule, query, tokens.length);
  const rows = reached.flatMap((row, layer) =>
    tokens.map((token, position) => {
      const place = [layer, position + 1, token];
      return [...place, row[position] === 1, ...(shares ? [shares[layer]?.[position] ?? null] : [])];
    }),
  );
  return { columns: ["layer", "position", "token", "in_reach", ...(shares ? ["influence"] : [])], rows };
}
