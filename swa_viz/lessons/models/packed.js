// Presets as the page was sent them, and as the lab reads them: packed.py writes layers that are alike once.

/** @import { LayerHeads, ModelPreset, Pattern } from "../../web/core/types.d.ts" */

/**
 * Each kind of layer once, and the order in which they are stacked.
 * @template T
 * @typedef {{each: readonly T[], order: readonly number[]}} Kinds
 */

/**
 * A preset as it was sent.
 * @typedef {Omit<ModelPreset, "layer_schedule" | "layer_heads"> &
 *   {layer_schedule: Kinds<Pattern>, layer_heads: Kinds<LayerHeads>}} PackedPreset
 */

/**
 * @template T
 * @param {Kinds<T>} kinds
 * @returns {T[]}
 */
const layersOf = ({ each, order }) => order.map((kind) => each[kind]);

/**
 * The presets with a pattern, and heads, for every layer.
 * @param {Readonly<Record<string, PackedPreset>>} sent
 * @returns {Record<string, ModelPreset>}
 */
export const unpacked = (sent) =>
  Object.fromEntries(
    Object.entries(sent).map(([name, { layer_schedule: schedule, layer_heads: heads, ...preset }]) => [
      name,
      { ...preset, layer_schedule: layersOf(schedule), layer_heads: layersOf(heads) },
    ]),
  );
