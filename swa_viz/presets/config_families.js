// Whose config is it?  What a family is, and how a file names its own: config_families.py.

/** @import { Convention } from "../patterns/conventions.js" */
/** @import { Config } from "./config_values.js" */

import { held, isObject, spoken } from "./config_values.js";
import { isNothing } from "./config_windows.js";

/** @typedef {"full" | "sliding" | "chunked"} Kind */

/**
 * The rule of a family's class, for a file without a list.
 * @typedef {object} Rule
 * @property {string} rule
 * @property {number} [every]
 * @property {string} [full]
 * @property {string} [key]
 * @property {Kind} [kind]
 * @property {number[]} [also_full]
 * @property {boolean} [last_full]
 */

/**
 * A family of config_families.json.
 * @typedef {object} Family
 * @property {string} name
 * @property {Rule} otherwise
 * @property {Record<string, unknown>} defaults
 * @property {string[]} [aliases]
 * @property {Record<string, string>} [names]
 * @property {Record<string, Kind>} [kinds]
 * @property {string[]} [reads]
 * @property {Record<string, string>} [window_before]
 * @property {string} [convention]
 * @property {string} [both_ways]
 * @property {boolean} [encoder]
 * @property {boolean} [window_of_context]
 * @property {number} [every_second_window]
 * @property {boolean} [last_is_full]
 * @property {boolean} [global_kv_needs_k_eq_v]
 * @property {number} [sliding_kv_factor]
 * @property {number} [reserved_positions]
 * @property {boolean} [ignores_layer_types]
 * @property {string} [nope]
 * @property {boolean} [sink_logits]
 * @property {string} [remark]
 * @property {string} [gguf] - Its architecture in GGUF files.
 *
 * What the reader knows: `config_facts` of config_reader.py.
 * @typedef {object} ConfigFacts
 * @property {Record<string, Family>} families
 * @property {Record<string, string>} gguf_keys
 * @property {Record<string, Convention>} conventions
 *
 */

const COMPRESSED = "compress_rates";
/** The key that a GGUF file's header has, and no config.json. */
export const ARCHITECTURE = "general.architecture";

/** @param {Config} families @returns {Map<string, string>} */
function aliasesOf(families) {
  const all = Object.entries(/** @type {Record<string, Family>} */ (families));
  return new Map(all.flatMap(([kind, { aliases = [] }]) => [kind, ...aliases].map((alias) => [alias, kind])));
}

/**
 * The part of a file that describes the language model.
 * @param {Config} config
 */
function textPart(config) {
  const place = ["text_config", "model_config"].find((key) => Object.hasOwn(config, key));
  const nested = place ? config[place] : null;
  return isObject(nested) ? nested : config;
}

/**
 * What the file calls its family.
 * @param {Config} config
 * @param {Config} text
 */
function kindOf(config, text) {
  const kind = (Object.hasOwn(text, "model_type") ? text.model_type : held(config, "model_type")) ?? null;
  return kind === null && Object.hasOwn(text, "window_pattern") ? "nanochat" : kind;
}

/**
 * The family of a GGUF file's header, in which other keys say the same.
 * @param {Config} config
 * @param {ConfigFacts} facts
 * @returns {[kind: string, family: Family]}
 */
function readGgufFamily(config, { families, gguf_keys: keys }) {
  const architecture = config[ARCHITECTURE];
  const found = new Map(Object.entries(families).map(([kind, { gguf }]) => [gguf, kind]));
  const last = typeof architecture === "string" ? found.get(architecture) : undefined;
  if (!last) {
    const known = [...found.keys()].filter((name) => name !== undefined).sort();
    const cannot = `GGUF files of the architecture ${spoken(architecture)} cannot be read here`;
    throw new Error(`${cannot}; those of ${known.join(", ")} can`);
  }
  const names = Object.fromEntries(Object.entries(keys).map(([key, ours]) => [`${architecture}.${key}`, ours]));
  const hasWindow = !isNothing(held(config, `${architecture}.attention.sliding_window`));
  const kind = last === "olmo3" && !hasWindow ? "olmo2" : last;
  const silent = Object.entries(families[kind].defaults).filter(([key]) => !key.includes("global"));
  const own = {
    names,
    defaults: Object.fromEntries(silent),
    reads: ["sliding_window_pattern"],
    convention: "llama_cpp",
  };
  return [kind, { ...families[kind], ...own, kinds: {}, window_before: {}, sliding_kv_factor: 0 }];
}

/**
 * A GGUF file's header, in which a window of 0 means none, with null for it.
 * @param {Config} config
 * @returns {Config}
 */
function withoutZeroWindows(config) {
  const isZero = (/** @type {string} */ key) => key.endsWith(".sliding_window") && isNothing(config[key]);
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, isZero(key) ? null : value]));
}

/**
 * The family, and the part of the file that describes the language model.
 * @param {unknown} config
 * @param {ConfigFacts} facts
 * @returns {[kind: string, family: Family, text: Config]}
 */
export function readFamily(config, facts) {
  const { families } = facts;
  if (!isObject(config)) throw new Error(`config.json must hold an object, but it is ${spoken(config)}`);
  if (Object.hasOwn(config, ARCHITECTURE)) return [...readGgufFamily(config, facts), withoutZeroWindows(config)];
  const text = textPart(config);
  const kind = kindOf(config, text);
  if ((held(text, COMPRESSED) ?? null) !== null) {
    const says = `${COMPRESSED} says that layers read compressed keys beside their window`;
    throw new Error(`${says}, and no pattern of this lab states that`);
  }
  if (kind === null) throw new Error("the file does not say model_type, so its family is not known");
  const found = typeof kind === "string" ? aliasesOf(families).get(kind) : undefined;
  if (found) return [found, families[found], text];
  const known = Object.keys(families).sort().join(", ");
  throw new Error(`models of the family ${spoken(kind)} cannot be read here; those of ${known} can`);
}
