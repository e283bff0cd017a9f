// Ask a `config.json` for its values, whatever they are, and keep what was asked: config_values.py.
// Every refusal is an Error with the same sentence as there.

import { thousands } from "../wording/numbers.js";

const MOST_SHOWN = 40;
const LARGEST_SHOWN = 10 ** 15;
/** No text is longer: `LARGEST` of patterns/pattern.py. */
export const LARGEST = 2 ** 31 - 1;
/** No model has more layers. */
export const MOST_LAYERS = 1000;

/** @typedef {Readonly<Record<string, unknown>>} Config  an object of the file */

/**
 * A key that decided something, the value it has, in words, and what that means.
 * @typedef {{key: string, value: string, means: string}} Decided
 */

/**
 * Is this an object of JSON, and no list?
 * @param {unknown} value
 * @returns {value is Config}
 */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What an object holds under a key, and nothing that every object has.
 * @param {Config} config
 * @param {string} key
 * @returns {unknown}
 */
export const held = (config, key) => (Object.hasOwn(config, key) ? config[key] : undefined);

/** @param {number} value */
function spokenNumber(value) {
  if (Number.isNaN(value)) return "no number";
  if (!(-LARGEST_SHOWN < value && value < LARGEST_SHOWN)) return "a number that is too large";
  return Number.isInteger(value) ? String(Math.trunc(value) + 0) : "a number with a fraction";
}

/** @param {string} value */
function spokenText(value) {
  const letters = Array.from(value.slice(0, 2 * MOST_SHOWN + 2));
  const kept = letters
    .slice(0, MOST_SHOWN)
    .map((letter) => (letter >= " " && letter <= "~" && letter !== '"' && letter !== "\\" ? letter : "?"))
    .join("");
  return letters.length > MOST_SHOWN ? `"${kept}…"` : `"${kept}"`;
}

/**
 * A value of a file as words in a sentence: short, harmless, and the same in both languages.
 * @param {unknown} value
 * @returns {string}
 */
export function spoken(value) {
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return spokenNumber(value);
  if (typeof value === "string") return spokenText(value);
  if (Array.isArray(value)) return `a list of ${value.length} ${value.length === 1 ? "entry" : "entries"}`;
  return "an object";
}

/**
 * A whole number of the file, between two bounds.
 * @param {unknown} value
 * @param {string} name
 * @param {number} [atLeast]
 * @param {number} [atMost]
 * @returns {number}
 * @throws {Error} For anything else.
 */
export function whole(value, name, atLeast = 1, atMost = LARGEST) {
  if (typeof value === "number" && Number.isInteger(value) && atLeast <= value && value <= atMost) return value + 0;
  const bounds = `a whole number from ${thousands(atLeast)} to ${thousands(atMost)}`;
  throw new Error(`${name} must be ${bounds}, but it is ${spoken(value)}`);
}

/** A model's config, what its family takes where it is silent, and what has been decided by it. */
export class Asked {
  /**
   * @param {Config} config
   * @param {Config} defaults
   * @param {Record<string, string>} names - The family's own words for common keys: theirs, ours.
   */
  constructor(config, defaults, names) {
    this.config = config;
    this.defaults = defaults;
    /** @type {Map<string, string>} */
    this.theirs = new Map();
    for (const [theirs, ours] of Object.entries(names))
      if (Object.hasOwn(config, theirs) || !Object.hasOwn(config, ours)) this.theirs.set(ours, theirs);
    /** @type {Decided[]} */
    this.decided = [];
    /** @type {string[]} */
    this.warnings = [];
  }

  /**
   * What the file calls a key.
   * @param {string} key
   */
  name(key) {
    return this.theirs.get(key) ?? key;
  }

  /**
   * Does the file hold the key, even if it is null?
   * @param {string} key
   */
  says(key) {
    return Object.hasOwn(this.config, this.name(key));
  }

  /**
   * Does the file hold the key, with a value that is not null?
   * @param {string} key
   */
  has(key) {
    return (held(this.config, this.name(key)) ?? null) !== null;
  }

  /**
   * The value of a key: the file's, else its family's, else null.
   * @param {string} key
   * @returns {unknown}
   */
  get(key) {
    return (this.says(key) ? this.config[this.name(key)] : held(this.defaults, key)) ?? null;
  }

  /**
   * The same, of a key that must have a value.
   * @param {string} key
   */
  needed(key) {
    const value = this.get(key);
    if (value === null) throw new Error(`the file does not say ${this.name(key)}`);
    return value;
  }

  /**
   * A whole number that must be there.
   * @param {string} key
   * @param {number} [atLeast]
   * @param {number} [atMost]
   */
  whole(key, atLeast = 1, atMost = LARGEST) {
    return whole(this.needed(key), this.name(key), atLeast, atMost);
  }

  /**
   * A whole number, or null where it is null or missing.
   * @param {string} key
   * @param {number} [atLeast]
   * @param {number} [atMost]
   */
  optional(key, atLeast = 1, atMost = LARGEST) {
    const value = this.get(key);
    return value === null ? null : whole(value, this.name(key), atLeast, atMost);
  }

  /**
   * A switch, or null where it is null or missing.
   * @param {string} key
   * @returns {boolean | null}
   */
  isOn(key) {
    const value = this.get(key);
    if (value === null || typeof value === "boolean") return value;
    throw new Error(`${this.name(key)} must be true or false, but it is ${spoken(value)}`);
  }

  /**
   * A list with one entry for each layer; of a longer one, its beginning.
   * @param {string} key
   * @param {number} nLayers
   * @returns {unknown[]}
   */
  entries(key, nLayers) {
    const [name, value] = [this.name(key), this.get(key)];
    if (!Array.isArray(value)) throw new Error(`${name} must be a list, but it is ${spoken(value)}`);
    const found = `${name} is ${spoken(value)}, but there are ${nLayers} layers`;
    if (value.length < nLayers) throw new Error(found);
    if (value.length > nLayers)
      this.warn(
        `${found}: the first ${nLayers} are read, and the others are often those of a second head that predicts ahead.`,
      );
    return value.slice(0, nLayers);
  }

  /**
   * Keep that a key decided something.
   * @param {string} key
   * @param {string} means
   */
  decide(key, means) {
    const name = this.name(key);
    const taken = this.get(key) === null ? "" : `, taken as ${spoken(this.get(key))}`;
    const value = this.says(key) ? spoken(this.get(key)) : `not in the file${taken}`;
    const isSame = (/** @type {Decided} */ one) => one.key === name && one.value === value && one.means === means;
    if (!this.decided.some(isSame)) this.decided.push({ key: name, value, means });
  }

  /**
   * Keep a warning, once.
   * @param {string} sentence
   */
  warn(sentence) {
    if (!this.warnings.includes(sentence)) this.warnings.push(sentence);
  }
}
