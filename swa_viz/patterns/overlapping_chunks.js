// Chunks that overlap, for the browser: the same as overlapping_chunks.py.

import { definePattern } from "./pattern.js";

/** @import { Pattern } from "../web/core/types.d.ts" */

/**
 * The oldest key that a query reads.
 * @param {Pattern} p
 * @param {number} query
 */
const oldest = (p, query) => Math.max(query - (query % p.chunk_size) - Math.min(p.overlap, p.chunk_size), 0);

definePattern("overlapping_chunks", {
  label: "overlapping chunks",
  word: "overlap",
  visible: (p, age, query, key) => age >= 0 && key >= oldest(p, query),
  rule: (p) => `age ≥ 0, in the same chunk of ${p.chunk_size} or among the last ${p.overlap} of the one before`,
  name: (p) => `chunks of ${p.chunk_size}, overlapping by ${p.overlap}`,
  run: (p) => `chunks of ${p.chunk_size}, overlapping by ${p.overlap}`,
  ranges: (p, query) => [[oldest(p, query), query + 1, 1]],
  formula: () => "query by query: its chunk up to itself, and the overlap",
  limit: (p) => ["N/(C+1+2·overlap)", p.chunk_size + 1 + 2 * Math.min(p.overlap, p.chunk_size)],
  kept: (p) => ({ pinned: 0, latest: p.chunk_size + Math.min(p.overlap, p.chunk_size) }),
  looksAhead: () => false,
  hiddenWords: "in an earlier chunk, beyond the overlap; read in full attention",
  whyHidden: () => "in an earlier chunk, beyond the overlap",
});
