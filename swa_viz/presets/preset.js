// A model as data, for the browser: the same as preset.py, and what one sees in it.

/** @import { LayerHeads, ModelPreset, Pattern } from "../web/core/types.d.ts" */

import { bandOf, isFull, looksAhead } from "../patterns/pattern.js";

/** Full attention: over all that came before, and in an encoder over all there is. */
const [FULL, EVERYTHING] = [{ kind: "causal" }, { kind: "centred", radius: 2 ** 31 - 1 }];

/**
 * The heads of every layer.
 * @param {ModelPreset} preset
 * @returns {readonly LayerHeads[]}
 * @throws {RangeError} For an example that has none.
 */
export function headsOf({ label, layer_schedule: layers, layer_heads: each, n_heads, n_kv_heads, head_dim }) {
  if (each.length) return each;
  if (n_heads === null || n_kv_heads === null || head_dim === null)
    throw new RangeError(`${label} says nothing about heads`);
  return layers.map(() => ({ n_heads, n_kv_heads, head_dim, value_dim: head_dim }));
}

/**
 * The same model with full attention in every layer: what windows are compared with.  In an encoder every
 * token then reads all others.
 * @param {ModelPreset} preset
 * @returns {ModelPreset}
 */
export function withoutWindows(preset) {
  const all = hasCache(preset) ? FULL : EVERYTHING;
  return { ...preset, layer_schedule: preset.layer_schedule.map(() => all) };
}

/**
 * Is there anything to keep while text is generated?  An encoder, which looks ahead, generates nothing.
 * @param {ModelPreset} preset
 * @returns {boolean}
 */
export const hasCache = ({ layer_schedule: layers }) => !layers.some(looksAhead);

/**
 * Which layers are full: those whose window, if they have one, is as long as the context.
 * @param {ModelPreset} preset
 * @returns {boolean[]}
 */
export function fullLayers({ layer_schedule: layers, context_length: context }) {
  /** @param {Pattern} pattern */
  const reads = (pattern) => bandOf(pattern)?.[0] ?? 0;
  return layers.map((pattern) => isFull(pattern) || reads(pattern) + 1 > (context ?? Infinity));
}

/**
 * The patterns of the layers that are not full, each once, in their order.
 * @param {ModelPreset} preset
 * @returns {Pattern[]}
 */
export function windowsOf(preset) {
  const full = fullLayers(preset);
  const windows = preset.layer_schedule.filter((_, i) => !full[i]);
  const known = new Map(windows.map((pattern) => [JSON.stringify(pattern), pattern]));
  return [...known.values()];
}
