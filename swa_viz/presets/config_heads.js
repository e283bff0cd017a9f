// The heads of each layer, and what else differs by layer, by a model's config.
// The same short functions as in config_heads.py, where they are explained.

/** @import { LayerHeads } from "../web/core/types.d.ts" */
/** @import { Family, Kind } from "./config_families.js" */
/** @import { Asked, Config } from "./config_values.js" */

import { held, isObject, spoken, whole } from "./config_values.js";
import { layerConfigs } from "./config_windows.js";

/** @typedef {Record<string, number>} Sizes  of one layer's heads, by the keys of a config */

const FIELDS = ["num_attention_heads", "num_key_value_heads", "head_dim", "v_head_dim"];
const [HEADS, KV_HEADS, SIZE, VALUE_SIZE] = FIELDS;
const MOST_HEADS = 65_536;
const OTHER = "attention_other_setting";
/** @type {Record<string, Record<string, string>>} */
const OWN_KEYS = {
  sliding: {
    num_sliding_attention_heads: HEADS,
    swa_num_attention_heads: HEADS,
    swa_num_key_value_heads: KV_HEADS,
    swa_head_dim: SIZE,
    swa_v_head_dim: VALUE_SIZE,
  },
  full: { global_head_dim: SIZE, num_global_key_value_heads: KV_HEADS },
};
/** @type {Record<string, string>} */
const MEANS = {
  [HEADS]: "query heads",
  [KV_HEADS]: "heads of keys and values",
  [SIZE]: "numbers in each query and key",
  [VALUE_SIZE]: "numbers in each value",
};
const LAYER_KEYS = { num_attention_heads_per_layer: HEADS };

/**
 * What the plain keys say of each layer, as one number or as a list.
 * @param {Asked} asked
 * @param {number} nLayers
 * @returns {Sizes[]}
 */
function baseSizes(asked, nLayers) {
  /** @type {Sizes[]} */
  const layers = Array.from({ length: nLayers }, () => ({}));
  asked.needed(HEADS);
  for (const key of FIELDS) {
    const value = asked.get(key);
    const listed = Array.isArray(value);
    const numbers = listed ? asked.entries(key, nLayers) : layers.map(() => value);
    for (const [layer, number] of numbers.entries())
      if (number !== null) layers[layer][key] = whole(number, asked.name(key), 1, MOST_HEADS);
  }
  return layers;
}

/**
 * The sizes among the keys of a smaller object.
 * @param {Config} own
 * @returns {Sizes}
 */
function ownSizes(own) {
  const said = FIELDS.map((key) => /** @type {const} */ ([key, held(own, key) ?? null]));
  const given = said.filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([key, value]) => [key, whole(value, key, 1, MOST_HEADS)]));
}

/**
 * Step's `attention_other_setting`: the heads of its sliding layers.
 * @param {Asked} asked
 * @returns {Sizes}
 */
function otherSizes(asked) {
  const other = asked.get(OTHER);
  if (other === null) return {};
  if (!isObject(other)) throw new Error(`${OTHER} must be an object, but it is ${spoken(other)}`);
  asked.decide(OTHER, "the heads in the sliding layers");
  const groups = Object.hasOwn(other, "num_attention_groups") ? other.num_attention_groups : held(other, KV_HEADS);
  return ownSizes({ ...other, [KV_HEADS]: groups });
}

/**
 * What other keys say of the layers of one kind alone.
 * @param {Asked} asked
 * @param {Family} family
 * @param {string} kind
 * @returns {Sizes}
 */
function kindSizes(asked, family, kind) {
  if (asked.has("per_layer_config")) return {};
  const ungated = !family.global_kv_needs_k_eq_v || asked.isOn("attention_k_eq_v");
  /** @type {Sizes} */
  const sizes = {};
  for (const [key, field] of Object.entries(OWN_KEYS[kind] ?? {})) {
    if (key === "num_global_key_value_heads" && !ungated) continue;
    const number = asked.optional(key, 1, MOST_HEADS);
    if (number === null) continue;
    sizes[field] = number;
    asked.decide(key, `${MEANS[field]} in the ${kind} layers`);
  }
  return { ...sizes, ...(kind === "sliding" ? otherSizes(asked) : {}) };
}

/**
 * The same of every kind, and the heads of keys and values that sliding layers have more of.
 * @param {Asked} asked
 * @param {Family} family
 * @param {Kind[]} kinds
 * @param {Sizes} plain
 * @returns {Map<Kind, Sizes>}
 */
function sizesByKind(asked, family, kinds, plain) {
  const byKind = new Map([...new Set(kinds)].sort().map((kind) => [kind, kindSizes(asked, family, kind)]));
  const factor = family.sliding_kv_factor;
  const more = factor ? { [KV_HEADS]: (plain[KV_HEADS] ?? plain[HEADS]) * factor } : {};
  if (byKind.has("sliding")) byKind.set("sliding", { ...more, ...byKind.get("sliding") });
  return byKind;
}

/**
 * All that the file says of each layer's heads, the most particular key last.
 * @param {Asked} asked
 * @param {Family} family
 * @param {Kind[]} kinds
 * @returns {Sizes[]}
 */
function layerSizes(asked, family, kinds) {
  const layers = baseSizes(asked, kinds.length);
  const byKind = sizesByKind(asked, family, kinds, layers[0]);
  for (const [layer, kind] of kinds.entries()) Object.assign(layers[layer], byKind.get(kind));
  for (const [key, field] of Object.entries(LAYER_KEYS)) {
    const numbers = asked.has(key) ? asked.entries(key, kinds.length) : [];
    for (const [layer, number] of numbers.entries())
      layers[layer][field] = whole(number, `an entry of ${key}`, 1, MOST_HEADS);
    if (numbers.length) asked.decide(key, `${MEANS[field]} in each layer`);
  }
  for (const [layer, own] of layerConfigs(asked, kinds.length)) Object.assign(layers[layer], ownSizes(own));
  if (asked.has("per_layer_config")) asked.decide("per_layer_config", "what differs in the layers that it names");
  return layers;
}

/**
 * One layer's heads.
 * @param {Asked} asked
 * @param {Sizes} sizes
 * @returns {LayerHeads}
 */
function headsOf(asked, sizes) {
  const heads = sizes[HEADS];
  const kvHeads = sizes[KV_HEADS] ?? heads;
  if (heads % kvHeads) {
    const cannot = `${heads} query heads cannot share ${kvHeads} heads of keys and values`;
    throw new Error(`${cannot}, because that does not divide evenly`);
  }
  const size = sizes[SIZE] || Math.floor(asked.whole("hidden_size") / heads);
  if (size < 1) throw new Error("hidden_size is smaller than the number of heads");
  return { n_heads: heads, n_kv_heads: kvHeads, head_dim: size, value_dim: sizes[VALUE_SIZE] ?? size };
}

/**
 * Keep what the plain keys decided: of all layers, or of those that no other key names.
 * @param {Asked} asked
 * @param {Sizes[]} base
 * @param {Sizes[]} sized
 */
function tellBase(asked, base, sized) {
  for (const [key, means] of Object.entries(MEANS)) {
    if (asked.get(key) === null) continue;
    const alone = base.every((plain, layer) => plain[key] === sized[layer][key]);
    const where = Array.isArray(asked.get(key)) ? "in each layer" : "in every layer";
    asked.decide(key, `${means} ${alone ? where : "in the other layers"}`);
  }
}

/**
 * The heads by the plain keys (of the first layer), and those of every layer.
 * @param {Asked} asked
 * @param {Family} family
 * @param {Kind[]} kinds
 * @returns {[LayerHeads, LayerHeads[]]}
 */
export function readHeads(asked, family, kinds) {
  const base = baseSizes(asked, kinds.length);
  const sized = layerSizes(asked, family, kinds);
  tellBase(asked, base, sized);
  for (const [layer, sizes] of sized.entries())
    if (!(SIZE in sizes)) sizes[SIZE] = headsOf(asked, base[layer]).head_dim;
  return [headsOf(asked, base[0]), sized.map((sizes) => headsOf(asked, sizes))];
}
