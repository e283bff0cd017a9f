// What marks single layers, by a model's config: no cache of their own, no positions, K = V, sinks.
// The same short functions as in config_marks.py.

/** @import { Family, Kind } from "./config_families.js" */
/** @import { Asked } from "./config_values.js" */

import { isEmpty, layersWithRope } from "./config_layers.js";
import { isNothing } from "./config_windows.js";

/**
 * The last layers, which store no keys and values of their own.
 * @param {Asked} asked
 * @param {number} nLayers
 * @returns {number[]}
 */
export function readShared(asked, nLayers) {
  const count = asked.optional("num_kv_shared_layers", 0, nLayers);
  if (!count) return [];
  if (count === nLayers) throw new Error("num_kv_shared_layers leaves no layer that stores keys and values");
  asked.decide("num_kv_shared_layers", `the last ${count} layers store nothing of their own`);
  return Array.from({ length: count }, (_, i) => nLayers - count + i);
}

/**
 * The layers of whose entries something is true.
 * @template T
 * @param {T[]} entries
 * @param {(entry: T) => boolean} isTrue
 */
const places = (entries, isTrue) => [...entries.keys()].filter((layer) => isTrue(entries[layer]));

/**
 * The layers whose values are made from the keys' projection: the full ones.
 * @param {Asked} asked
 * @param {Kind[]} kinds
 * @returns {number[]}
 */
export function readKeyIsValue(asked, kinds) {
  if (!asked.isOn("attention_k_eq_v")) return [];
  asked.decide("attention_k_eq_v", "full layers make their values from their keys");
  return places(kinds, (kind) => kind === "full");
}

/**
 * The layers without rotary positions.
 * @param {Asked} asked
 * @param {Family} family
 * @param {Kind[]} kinds
 * @returns {number[]}
 */
export function readNope(asked, family, kinds) {
  if (family.nope === "full beside windows" && isNothing(asked.get("sliding_window"))) return [];
  if (asked.has("layer_rope_theta")) {
    asked.decide("layer_rope_theta", "a layer with 0 has no rotary positions");
    return places(asked.entries("layer_rope_theta", kinds.length), isNothing);
  }
  const marked = !isEmpty(asked.get("no_rope_layers"));
  if (marked || asked.get("no_rope_layer_interval") !== null) {
    asked.decide(marked ? "no_rope_layers" : "no_rope_layer_interval", "some layers have no rotary positions");
    return places(layersWithRope(asked, kinds.length), (has) => !has);
  }
  return family.nope ? places(kinds, (kind) => kind === "full") : [];
}

/**
 * Do heads have a learned number that joins the softmax?
 * @param {Asked} asked
 * @param {Family} family
 * @returns {boolean}
 */
export function readSinkLogits(asked, family) {
  const keys = ["add_swa_attention_sink_bias", "add_full_attention_sink_bias"];
  const found = keys.filter((key) => asked.isOn(key));
  for (const key of found) asked.decide(key, "heads have a sink logit");
  return Boolean(family.sink_logits) || found.length > 0;
}
