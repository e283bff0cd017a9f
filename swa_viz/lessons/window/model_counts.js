// What a real model costs, counted: with windows in its sliding layers, and with full attention in all.

/** @import { Pattern } from "../../web/core/types.d.ts" */

import { kvCacheBytes, pairsOf } from "../../cost.js";

/**
 * A model as presets/ says it: `window` is its own W, and so many layers have one.
 * @typedef {object} Model
 * @property {string} label
 * @property {number} window
 * @property {number} n_sliding
 * @property {number} n_full
 * @property {number} n_heads
 * @property {number} n_kv_heads
 * @property {number} head_dim
 * @property {string} source
 * @property {string} url
 */

/**
 * Score pairs, and the bytes of the keys and values.
 * @typedef {Record<"pairs" | "bytes", {windowed: number, full: number}>} Costs
 */

/** Full attention. */
export const FULL = { kind: "causal" };

/**
 * The costs of a model with windows of some size, and with full attention in every layer.
 * @param {Model} model
 * @param {number} seqLen
 * @param {number} windowSize
 * @returns {Costs}
 */
export function costsOf(model, seqLen, windowSize) {
  /** @param {Pattern} pattern */
  const schedule = (pattern) => [...Array(model.n_sliding).fill(pattern), ...Array(model.n_full).fill(FULL)];
  /** @param {Pattern} pattern */
  const pairs = (pattern) => model.n_heads * schedule(pattern).reduce((sum, layer) => sum + pairsOf(layer, seqLen), 0);
  /** @param {Pattern} pattern */
  const bytes = (pattern) => kvCacheBytes(schedule(pattern), seqLen, model.n_kv_heads, model.head_dim);
  const window = { kind: "sliding", window_size: windowSize };
  return {
    pairs: { windowed: pairs(window), full: pairs(FULL) },
    bytes: { windowed: bytes(window), full: bytes(FULL) },
  };
}
