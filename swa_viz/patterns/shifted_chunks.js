// Chunks whose borders are moved, for the browser: the same as shifted_chunks.py.

import { definePattern } from "./pattern.js";

/** @import { Pattern } from "../web/core/types.d.ts" */

/**
 * The first position of the chunk in which a position lies, before the text for some of the first.
 * @param {Pattern} p
 * @param {number} position
 */
const chunkStart = (p, position) => p.shift + Math.floor((position - p.shift) / p.chunk_size) * p.chunk_size;

definePattern("shifted_chunks", {
  label: "shifted chunks",
  word: "shifted",
  visible: (p, age, query, key) => age >= 0 && chunkStart(p, query) === chunkStart(p, key),
  rule: (p) => `age ≥ 0 and in the same chunk of ${p.chunk_size}, where chunks begin at token ${p.shift + 1}`,
  name: (p) => `chunks of ${p.chunk_size}, shifted by ${p.shift}`,
  run: (p) => `chunks of ${p.chunk_size}, shifted by ${p.shift}`,
  ranges: (p, query) => [[Math.max(chunkStart(p, query), 0), query + 1, 1]],
  formula: () => "query by query: its chunk up to itself",
  limit: (p) => ["N/(C+1)", p.chunk_size + 1],
  kept: (p) => ({ pinned: 0, latest: p.chunk_size }),
  looksAhead: () => false,
  hiddenWords: "in an earlier chunk, read in full attention",
  whyHidden: () => "in an earlier chunk: cut off",
});
