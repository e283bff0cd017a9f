// Which layers slide, by a model's config: a list in the file, an older key, or its family's rule.
// The same short functions as in config_layers.py, where they are explained.

/** @import { Asked } from "./config_values.js" */
/** @import { Family, Kind, Rule } from "./config_families.js" */

import { spoken, whole } from "./config_values.js";

/** @typedef {(asked: Asked, family: Family, key: string, nLayers: number) => Kind[]} ReadKinds */

/** @type {Record<string, Kind>} */
const WORDS = {
  full_attention: "full",
  attention: "full",
  sliding_attention: "sliding",
  chunked_attention: "chunked",
};
/** @type {Record<string, Kind>} */
const LETTERS = { L: "sliding", G: "full" };
/** @type {Record<string, Kind>} */
const NANOCHAT_LETTERS = { S: "sliding", L: "full" };

/** @param {number} n */
const upTo = (n) => Array.from({ length: n }, (_, i) => i);
/** @param {boolean} does @returns {Kind} */
const kindIf = (does) => (does ? "sliding" : "full");

/** @type {ReadKinds} */
function byWords(asked, family, key, nLayers) {
  const known = { ...WORDS, ...family.kinds };
  return asked.entries(key, nLayers).map((word, layer) => {
    if (typeof word === "string" && Object.hasOwn(known, word)) return known[word];
    const says = `${asked.name(key)} says ${spoken(word)} for layer ${layer}, and what such a layer reads is not known`;
    throw new Error(`${says} here; known are ${Object.keys(known).join(", ")}`);
  });
}

/**
 * @param {unknown} group
 * @param {number} nLayers
 * @returns {group is [unknown[], unknown]}
 */
function isGroup(group, nLayers) {
  if (!Array.isArray(group) || group.length !== 2) return false;
  return Array.isArray(group[0]) && group[0].length > 0 && group[0].length <= nLayers;
}

/** @type {ReadKinds} */
function byGroups(asked, family, key, nLayers) {
  const refused = new Error(`${key} must be a list of [kinds, times] that makes ${nLayers} layers`);
  const [groups, known] = [asked.get(key), family.kinds ?? {}];
  /** @type {unknown[]} */
  const words = [];
  if (!Array.isArray(groups)) throw refused;
  for (const group of groups) {
    if (!isGroup(group, nLayers) || words.length > nLayers) throw refused;
    const [kinds, times] = group;
    for (let time = whole(times, `a number of ${key}`, 0, nLayers); time > 0; time--) words.push(...kinds);
  }
  const isKnown = (/** @type {unknown} */ word) => typeof word === "string" && Object.hasOwn(known, word);
  if (words.length !== nLayers || !words.every(isKnown)) throw refused;
  return words.map((word) => known[/** @type {string} */ (word)]);
}

/** @type {ReadKinds} */
const byFlags = (asked, _, key, nLayers) => asked.entries(key, nLayers).map((flag) => kindIf(slides(flag, key)));

/**
 * An entry of such a list: a switch or a number.
 * @param {unknown} flag
 * @param {string} key
 */
function slides(flag, key) {
  if (flag === null || typeof flag === "boolean") return Boolean(flag);
  return whole(flag, `an entry of ${key}`, 0) > 0;
}

/** @type {ReadKinds} */
function byNumbers(asked, _, key, nLayers) {
  const numbers = asked.get(key);
  if (!Array.isArray(numbers)) throw new Error(`${key} must be a list, but it is ${spoken(numbers)}`);
  const local = new Set(numbers.map((number) => whole(number, `an entry of ${key}`, 0)));
  return upTo(nLayers).map((layer) => kindIf(local.has(layer)));
}

/** @type {ReadKinds} */
function byLetters(asked, _, key, nLayers) {
  return [...spelt(asked.get(key), key, NANOCHAT_LETTERS, nLayers).slice(0, -1), "full"];
}

/**
 * The layers that a word spells over and over.
 * @param {unknown} word
 * @param {string} key
 * @param {Record<string, Kind>} letters
 * @param {number} nLayers
 */
function spelt(word, key, letters, nLayers) {
  const isKnown = (/** @type {string} */ letter) => Object.hasOwn(letters, letter);
  if (typeof word === "string" && word && [...word.slice(0, nLayers)].every(isKnown))
    return upTo(nLayers).map((layer) => letters[word[layer % word.length]]);
  throw new Error(`${key} must be spelt with ${Object.keys(letters).join(" and ")}, but it is ${spoken(word)}`);
}

/** @type {ReadKinds} */
function byCycle(asked, family, key, nLayers) {
  const value = asked.get(key);
  if (typeof value === "string") return spelt(value, key, LETTERS, nLayers);
  if (Array.isArray(value) && value.length) {
    const flags = value.slice(0, nLayers).map((flag) => slides(flag, key));
    return upTo(nLayers).map((layer) => kindIf(flags[layer % flags.length]));
  }
  return period(whole(value, asked.name(key)), family.otherwise, nLayers);
}

/**
 * One full layer in every so many: the first, the second, or the last of them.
 * @param {number} every
 * @param {Rule} rule
 * @param {number} nLayers
 */
function period(every, rule, nLayers) {
  /** @type {Record<string, number>} */
  const places = { start: 0, second: 1, last: nLayers - 1 };
  const at = (places[rule.full ?? ""] ?? every - 1) % every;
  const also = new Set([...(rule.also_full ?? []), ...(rule.last_full ? [nLayers - 1] : [])]);
  return upTo(nLayers).map((layer) => kindIf(layer % every !== at && !also.has(layer)));
}

/**
 * The keys that say it, each with how it is read, the strongest first.
 * @type {Record<string, ReadKinds>}
 */
const SOURCES = {
  layer_types: byWords,
  hybrid_layer_pattern: byFlags,
  local_layer_ids: byNumbers,
  attention_layers: byWords,
  attention_types: byGroups,
  window_pattern: byLetters,
  sliding_window_pattern: byCycle,
  global_attn_every_n_layers: byCycle,
};

/**
 * Is this what Python takes for nothing?  An empty list is, and an empty object.
 * @param {unknown} value
 * @returns {boolean}
 */
export const isEmpty = (value) => !value || (typeof value === "object" && !Object.keys(value).length);

/**
 * Which layers have rotary positions, by the marks or the interval of the layers without.
 * @param {Asked} asked
 * @param {number} nLayers
 * @returns {boolean[]}
 */
export function layersWithRope(asked, nLayers) {
  if (!isEmpty(asked.get("no_rope_layers")))
    return asked.entries("no_rope_layers", nLayers).map((flag) => slides(flag, "no_rope_layers"));
  const every = asked.optional("no_rope_layer_interval");
  return upTo(nLayers).map((layer) => !every || (layer + 1) % every !== 0);
}

/**
 * The rule of the family's class, where the file has no list.
 * @param {Asked} asked
 * @param {Family} family
 * @param {number} nLayers
 * @returns {Kind[]}
 */
function byFamily(asked, { otherwise: rule }, nLayers) {
  if (rule.rule === "period") return period(rule.every ?? 1, rule, nLayers);
  if (rule.rule === "rope" || rule.rule === "no_rope") {
    const kind = rule.kind ?? "full";
    return layersWithRope(asked, nLayers).map((has) => (has === (rule.rule === "rope") ? kind : "full"));
  }
  if (rule.rule === "last" || rule.rule === "even_first") {
    const key = rule.key ?? "";
    const bound = asked.whole(key, 0);
    asked.decide(key, `layer ${bound} is where its rule changes`);
    const first = rule.rule === "even_first";
    return upTo(nLayers).map((layer) => kindIf(first ? layer % 2 === 0 && layer < bound : layer >= bound));
  }
  return upTo(nLayers).map(() => kindIf(rule.rule === "all"));
}

/**
 * Does a weaker key say the same?  One that cannot be read says something else.
 * @param {Asked} asked
 * @param {Family} family
 * @param {string} key
 * @param {Kind[]} kinds
 */
function agrees(asked, family, key, kinds) {
  try {
    return String(SOURCES[key](asked, family, key, kinds.length)) === String(kinds);
  } catch {
    return false;
  }
}

/**
 * The kind of each layer, and the key that decided it: null where the family's rule did.
 * @param {Asked} asked
 * @param {Family} family
 * @param {number} nLayers
 * @returns {[Kind[], string | null]}
 */
export function readKinds(asked, family, nLayers) {
  const own = [...(family.reads ?? []), family.otherwise.key];
  const all = Object.keys(SOURCES);
  const read = all.filter((key) => key === "layer_types" || own.includes(key));
  for (const key of all)
    if (!read.includes(key) && asked.has(key))
      asked.warn(`${key} is in the file, but this family's own code does not read it.`);
  if (family.ignores_layer_types && asked.has("layer_types"))
    asked.warn("layer_types is believed here, but this family's class in transformers does not read it.");
  const [first, ...older] = read.filter((key) => asked.has(key));
  if (!first) return [byFamily(asked, family, nLayers), null];
  const kinds = SOURCES[first](asked, family, first, nLayers);
  for (const key of older)
    if (!agrees(asked, family, key, kinds)) asked.warn(`${key} says otherwise than ${first}, which wins.`);
  return [kinds, first];
}
