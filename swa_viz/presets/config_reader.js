// Read a model's `config.json`: its windows and heads by layer, which keys decided, and what traps.
// The same as config_reader.py; its families and conventions come as plain data.

/** @import { LayerHeads, ModelPreset, Pattern } from "../web/core/types.d.ts" */
/** @import { ConfigFacts, Family, Kind } from "./config_families.js" */
/** @import { Decided } from "./config_values.js" */

import { statedBy } from "../patterns/pattern.js";
import { thousands } from "../wording/numbers.js";
import { ARCHITECTURE, readFamily } from "./config_families.js";
import { readHeads } from "./config_heads.js";
import { readKeyIsValue, readNope, readShared, readSinkLogits } from "./config_marks.js";
import { Asked, MOST_LAYERS, spoken } from "./config_values.js";
import { CHUNK, readAllKinds, readSchedule, windowKey } from "./config_windows.js";

/**
 * What a config says: the model, its family, which keys decided, and what should be known.
 * @typedef {object} Reading
 * @property {ModelPreset} preset
 * @property {string} family
 * @property {Decided[]} decided
 * @property {string[]} warnings
 * @property {number | null} window - The number in the file, in the sense that `convention` names.
 * @property {string} convention
 */

const MOST_TEXT = 4_000_000;
const MOST_LEVELS = 64;
const TOO_DEEP = "the file is nested too deeply for a config.json";

/**
 * The layers in words: "24 × sliding window (4096), 8 × full attention".
 * @param {Pattern[]} schedule
 */
function saidOf(schedule) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const pattern of schedule) {
    const { kind, ...fields } = pattern;
    const [size] = Object.values(fields);
    const name = kind === "causal" ? "full attention" : `${statedBy(pattern).label} (${size})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(", ");
}

/**
 * Keep the window's key, and warn where its number is only what the family's class takes.
 * @param {Asked} asked
 * @param {string} key
 * @param {string} means
 */
function tellWindow(asked, key, means) {
  asked.decide(key, means);
  if (!asked.says(key))
    asked.warn(
      `The file does not say ${asked.name(key)}: the class in transformers takes ` +
        `${spoken(asked.get(key))}, which need not be what the model was trained with.`,
    );
}

/**
 * Keep which keys decided the windows, and warn where the file is silent.
 * @param {Asked} asked
 * @param {Family} family
 * @param {Kind[]} kinds
 * @param {string | null} key
 * @param {string} says
 */
function tellSchedule(asked, family, kinds, key, says) {
  const rule = family.otherwise.key;
  if (key) asked.decide(key, says);
  else if (rule && asked.has(rule)) asked.decide(rule, says);
  else asked.decide("layer_types", `the family's own rule: ${says}`);
  if (kinds.includes("sliding") && !family.window_of_context)
    tellWindow(asked, windowKey(asked, family)[0], "the window of the layers that slide");
  if (kinds.includes("chunked")) tellWindow(asked, CHUNK, "the chunk");
}

/**
 * How many keys a layer reads at most, the query and those before it; Infinity without a window.
 * @param {Pattern} pattern
 * @returns {number}
 */
const keysBack = ({ kind, window_size: w, chunk_size: c, radius: r }) =>
  kind === "causal" ? Infinity : Number(w ?? c ?? Number(r) + 1);

/**
 * Warn about windows in which the whole context fits.
 * @param {Asked} asked
 * @param {ModelPreset} preset
 */
function tellLimits(asked, { context_length: context, layer_schedule: schedule }) {
  const narrow = schedule.map(keysBack).filter((keys) => keys !== Infinity && keys - 1 !== context);
  if (context && narrow.length && Math.min(...narrow) >= context)
    asked.warn(
      `The narrowest window has ${Math.min(...narrow)} keys and the context ${context} tokens, so ` +
        "that no window hides anything.",
    );
}

/**
 * The model of what has been read.
 * @param {Asked} asked
 * @param {Family} family
 * @param {Kind[]} kinds
 * @param {Pattern[]} schedule
 * @returns {ModelPreset}
 */
function makePreset(asked, family, kinds, schedule) {
  const [plain, heads] = readHeads(asked, family, kinds);
  const context = asked.optional("max_position_embeddings");
  if (context) asked.decide("max_position_embeddings", "tokens of context");
  const reserved = family.reserved_positions ?? 0;
  const isPlain = (/** @type {LayerHeads} */ one) => JSON.stringify(one) === JSON.stringify(plain);
  return {
    label: `${family.name}, ${kinds.length} layers`,
    layer_schedule: schedule,
    n_heads: plain.n_heads,
    n_kv_heads: plain.n_kv_heads,
    head_dim: plain.head_dim,
    context_length: context && context > reserved ? context - reserved : context,
    source: "a config.json",
    url: "",
    notes: [],
    says: "",
    year: null,
    layer_heads: heads.every(isPlain) && plain.head_dim === plain.value_dim ? [] : heads,
    shared_kv_layers: readShared(asked, kinds.length),
    key_is_value_layers: readKeyIsValue(asked, kinds),
    nope_layers: readNope(asked, family, kinds),
    sink_logits: readSinkLogits(asked, family),
    stated_window: null,
  };
}

/**
 * Read a config: the model, and why it was read like that.
 * @param {unknown} config
 * @param {ConfigFacts} facts
 * @returns {Reading}
 * @throws {Error} With one sentence, for what cannot be read.
 */
export function readPreset(config, facts) {
  const [kind, family, text] = readFamily(config, facts);
  const asked = new Asked(text, family.defaults, family.names ?? {});
  const nLayers = asked.whole("num_hidden_layers", 1, MOST_LAYERS);
  asked.decide("num_hidden_layers", "layers");
  const [kinds, decidedBy] = readAllKinds(asked, family, nLayers);
  const schedule = readSchedule(asked, family, kinds, facts.conventions);
  tellSchedule(asked, family, kinds, decidedBy, saidOf(schedule));
  const preset = makePreset(asked, family, kinds, schedule);
  tellLimits(asked, preset);
  if (family.remark && kinds.includes("sliding")) asked.warn(`${family.remark}.`);
  const [key, convention] = windowKey(asked, family);
  const number = kinds.includes("sliding") ? asked.get(key) : null;
  const { decided, warnings } = asked;
  const file = Object.hasOwn(text, ARCHITECTURE) ? "GGUF file" : "config.json";
  return {
    preset: { ...preset, source: `a ${file} of the family ${kind}`, notes: warnings },
    family: kind,
    decided,
    warnings,
    window: typeof number === "number" ? number : null,
    convention,
  };
}

/**
 * The JSON of a file.
 * @param {string} text
 * @returns {unknown}
 * @throws {Error} With one sentence, for a file that is none.
 */
export function parseConfig(text) {
  if (text.length > MOST_TEXT)
    throw new Error(`the file is longer than ${thousands(MOST_TEXT)} characters, and no config.json is`);
  let found;
  try {
    found = /** @type {unknown} */ (JSON.parse(text));
  } catch {
    throw new Error("the file is not whole JSON");
  }
  let level = [found];
  for (let depth = 0; depth < MOST_LEVELS; depth++)
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  if (level.length) throw new Error(TOO_DEEP);
  return found;
}
