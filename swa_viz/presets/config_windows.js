// How many keys each layer reads, by a model's config: the window number, in the family's own sense.
// The same short functions as in config_windows.py, where they are explained.

/** @import { Pattern } from "../web/core/types.d.ts" */
/** @import { ConfigFacts, Family, Kind } from "./config_families.js" */
/** @import { Asked, Config } from "./config_values.js" */

import { fromConvention } from "../patterns/conventions.js";
import { readKinds } from "./config_layers.js";
import { held, isObject, LARGEST, spoken, whole } from "./config_values.js";

const WINDOW = "sliding_window";
/** The key of Llama 4's chunk. */
export const CHUNK = "attention_chunk_size";
const [SWITCH, BOTH_WAYS, BY_LAYER] = ["use_sliding_window", "use_bidirectional_attention", "per_layer_config"];

/** @param {unknown} value */
const isBothWays = (value) => value === true || value === "all";

/**
 * Does the model read in both directions?
 * @param {Asked} asked
 * @param {Family} family
 */
function looksBothWays(asked, family) {
  if (family.encoder) return true;
  const value = asked.get(BOTH_WAYS);
  if (value === "vision") asked.warn(`${BOTH_WAYS} is ${spoken(value)}: tokens of a picture see each other.`);
  if (value === null || value === false || value === "vision") return false;
  if (!family.both_ways || !isBothWays(value))
    throw new Error(`${BOTH_WAYS} is ${spoken(value)}, and what that means is not known here`);
  asked.decide(BOTH_WAYS, "every layer reads in both directions");
  return true;
}

/**
 * The key that holds the window number, and the convention in which it counts.
 * @param {Asked} asked
 * @param {Family} family
 * @returns {[key: string, convention: string]}
 */
export function windowKey(asked, family) {
  for (const [key, convention] of Object.entries(family.window_before ?? {}))
    if (asked.has(key)) return [key, convention];
  if (family.both_ways && isBothWays(asked.get(BOTH_WAYS))) return [WINDOW, family.both_ways];
  return [WINDOW, family.convention ?? "transformers"];
}

/**
 * Is there no window?
 * @param {unknown} number
 */
const isNone = (number) => number === null || number === undefined || number === false;

/**
 * Is this one of the ways in which some programs say that something is not there?
 * @param {unknown} number
 * @returns {boolean}
 */
export const isNothing = (number) => isNone(number) || number === 0 || number === -1;

/**
 * The window of one layer.
 * @param {unknown} number
 * @param {string} name
 * @param {ConfigFacts["conventions"][string]} convention
 */
function patternOf(number, name, convention) {
  const size = whole(number, name, 1, LARGEST - 1);
  const { pattern, even } = fromConvention(size, convention);
  if (!even) throw new Error(`${name} is split in two, so it must be even, but it is ${size}`);
  return pattern;
}

/**
 * What `per_layer_config` says, by layer.
 * @param {Asked} asked
 * @param {number} nLayers
 * @returns {Map<number, Config>}
 */
export function layerConfigs(asked, nLayers) {
  const said = asked.get(BY_LAYER);
  if (said === null) return new Map();
  const refused = new Error(`${BY_LAYER} must be an object with the numbers of layers as keys`);
  if (!isObject(said) || Object.keys(said).length > nLayers) throw refused;
  return new Map(
    Object.entries(said).map(([key, own]) => {
      if (!/^\d{1,9}$/.test(key) || !isObject(own) || Number(key) >= nLayers) throw refused;
      return [Number(key), own];
    }),
  );
}

/**
 * The window number of each layer that slides, still unchecked, and null for the others.
 * @param {Asked} asked
 * @param {Family} family
 * @param {Kind[]} kinds
 * @param {string} key
 */
function windowsByLayer(asked, family, kinds, key) {
  const ofContext = () => -Math.floor(Math.floor(-asked.whole("max_position_embeddings") / 4) / 128) * 128;
  const value = family.window_of_context ? ofContext() : asked.get(key);
  const all = Array.isArray(value) ? asked.entries(key, kinds.length) : kinds.map(() => value);
  const numbers = all.map((number, layer) => (kinds[layer] === "sliding" ? number : null));
  const wide = family.every_second_window;
  if (wide && !asked.has(BY_LAYER)) {
    const sliding = [...kinds.keys()].filter((layer) => kinds[layer] === "sliding");
    for (const [place, layer] of sliding.entries()) if (place % 2) numbers[layer] = wide;
  }
  for (const [layer, own] of layerConfigs(asked, kinds.length))
    if (Object.hasOwn(own, WINDOW)) numbers[layer] = held(own, WINDOW);
  return numbers;
}

/**
 * Warn about a window that is declared and not used.
 * @param {Asked} asked
 * @param {Family} family
 * @param {string} key
 * @param {Kind[]} kinds
 * @param {boolean} isOff
 */
function tellUnused(asked, family, key, kinds, isOff) {
  const number = asked.get(key);
  if (kinds.some((kind) => kind !== "full") || !asked.has(key) || isNothing(number)) return;
  const silent = family.otherwise.rule === "none" && !asked.has("layer_types");
  const byFamily = silent
    ? "this family has no sliding layers unless layer_types names them"
    : "no layer is named as one that slides";
  const why = isOff ? `${SWITCH} is ${spoken(asked.get(SWITCH))}` : byFamily;
  asked.warn(`${asked.name(key)} is ${spoken(number)}, but ${why}: no layer has a window.`);
}

/**
 * The kinds by a family's own rule, with full layers where a window is switched off or missing.
 * @param {Asked} asked
 * @param {Family} family
 * @param {Kind[]} kinds
 * @param {string} key
 * @param {boolean} isOff
 * @returns {Kind[]}
 */
function whereWindowsAre(asked, family, kinds, key, isOff) {
  const noWindow = (isOff || isNone(asked.get(key))) && !family.window_of_context;
  const noChunk = isNone(asked.get(CHUNK));
  if (isOff) asked.decide(SWITCH, "the window is switched off");
  else if (noWindow && kinds.includes("sliding")) asked.decide(key, "no layer has a window");
  return kinds.map((kind) => ((kind === "sliding" && noWindow) || (kind === "chunked" && noChunk) ? "full" : kind));
}

/**
 * The kind of each layer, once the switches and the missing windows are considered.
 * @param {Asked} asked
 * @param {Family} family
 * @param {number} nLayers
 * @returns {[Kind[], string | null]}
 */
export function readAllKinds(asked, family, nLayers) {
  const [found, decidedBy] = readKinds(asked, family, nLayers);
  let kinds = found;
  const [key] = windowKey(asked, family);
  const isOff = asked.isOn(SWITCH) === false;
  if (decidedBy === null) kinds = whereWindowsAre(asked, family, found, key, isOff);
  else if (isOff && kinds.includes("sliding"))
    asked.warn(`${SWITCH} is false, but ${decidedBy} names layers that slide, and it wins.`);
  if (family.last_is_full && kinds.at(-1) !== "full") {
    asked.warn("The last layer is named as one that slides, but this family makes it full.");
    kinds = [...kinds.slice(0, -1), "full"];
  }
  tellUnused(asked, family, key, kinds, isOff);
  return [kinds, decidedBy];
}

/**
 * The pattern of each layer.
 * @param {Asked} asked
 * @param {Family} family
 * @param {Kind[]} kinds
 * @param {ConfigFacts["conventions"]} conventions
 * @returns {Pattern[]}
 */
export function readSchedule(asked, family, kinds, conventions) {
  const [key, convention] = windowKey(asked, family);
  const context = looksBothWays(asked, family) ? (asked.optional("max_position_embeddings") ?? LARGEST) : null;
  if (context === null) asked.optional("max_position_embeddings");
  const full = context === null ? { kind: "causal" } : { kind: "centred", radius: context };
  const chunked = kinds.includes("chunked") ? { kind: "chunked", chunk_size: asked.whole(CHUNK) } : full;
  const numbers = windowsByLayer(asked, family, kinds, key);
  const name = asked.name(key);
  const schedule = kinds.map((kind, layer) => {
    if (kind !== "sliding" || isNone(numbers[layer])) return kind === "chunked" ? chunked : full;
    return patternOf(numbers[layer], name, conventions[convention]);
  });
  if (kinds.includes("sliding") && numbers.every(isNone))
    throw new Error(`layers slide here, but ${name} is ${spoken(asked.get(key))}`);
  return schedule;
}
