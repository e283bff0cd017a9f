// What a pattern is in the browser: plain data, {kind, ...fields}, and what the file of its kind
// states of it, as pattern.py does.  The file of a kind calls `definePattern`, and no other file
// knows the patterns one by one.  What a kind leaves out is worked out from its predicate.

/** @import { Pattern } from "../web/core/types.d.ts" */

/**
 * @typedef {[start: number, stop: number, step: number]} KeyRange  keys start, start + step, ... below stop
 *
 * The tokens that a layer keeps while text is generated: the first `pinned` for ever, and the `latest` others;
 * null means that it never forgets.
 * @typedef {{pinned: number, latest: number | null}} Kept
 */

/**
 * What the file of a kind states.  `p` is a pattern of that kind, `age` = query - key.
 * @typedef {object} Stated
 * @property {string} label - The same as in Python, for headings.
 * @property {string} word - One word for a pattern in a narrow place.
 * @property {(p: Pattern, age: number, query: number, key: number) => boolean} visible - The predicate.
 * @property {(p: Pattern) => string} rule - The rule with the numbers in it.
 * @property {(p: Pattern) => string} name - What is read in one layer, with its numbers.
 * @property {(p: Pattern) => string} run - The same, of all layers at once.
 * @property {(p: Pattern, query: number, n: number) => KeyRange[]} ranges - The keys as disjoint stretches.
 * @property {(p: Pattern, n: number) => number} pairs - Score pairs of a text of n tokens.
 * @property {(p: Pattern, n: number) => string} formula - How they are counted, with the numbers in it.
 * @property {(p: Pattern) => [formula: string, keys: number] | null} limit - What the saving of a long text
 *   tends to: N over so many keys.
 * @property {(p: Pattern) => [back: number, ahead: number] | null} band - Where all keys of a stretch are
 *   read and no others: how far it goes.
 * @property {(p: Pattern) => Kept} kept - What a layer must keep, so that no later query misses a key.
 * @property {(p: Pattern) => boolean} looksAhead - Can a query read what comes after it?
 * @property {boolean} isFull - Is nothing hidden but the future?
 * @property {(p: Pattern) => number} nPinned - How many tokens at the start are read from any distance.
 * @property {(p: Pattern, key: number) => boolean} isPinned - Is this one of those?
 * @property {string | null} pinnedWords - What such a token is.
 * @property {string | null} hiddenWords - What a key is that full attention reads and this pattern does not.
 * @property {(p: Pattern, age: number, query: number, key: number) => string | null} whyRead
 * @property {(p: Pattern, age: number, query: number, key: number) => string} whyHidden
 * @property {Record<string, (value: number) => string>} say - Words for the numbers of its controls.
 * @property {((values: Record<string, any>) => Pattern) | null} fromControls - Where the fields are not simply
 *   what the controls say.
 * @property {((p: Pattern) => string) | null} adjusted - What to say where a number had to be changed.
 */

/** @type {Map<string, Stated>} */
const KINDS = new Map();

/**
 * @param {Pattern} pattern
 * @returns {string} Its fields as they stand: "chunk_size 6, overlap 2".
 */
function fieldsText(pattern) {
  return Object.entries(pattern)
    .filter(([field]) => field !== "kind")
    .map(([field, value]) => `${field} ${value}`)
    .join(", ");
}

/**
 * The slow, right answers for what a kind does not state.
 * @param {string} kind
 * @returns {Omit<Stated, "visible">}
 */
function workedOut(kind) {
  const label = kind.replaceAll("_", " ");
  const named = (/** @type {Pattern} */ p) => [statedBy(p).label, fieldsText(p)].filter(Boolean).join(": ");
  return {
    label,
    word: label,
    rule: named,
    name: named,
    run: named,
    ranges: (p, query, n) => stretches(keysOf(p, query, n)),
    pairs: (p, n) => {
      let pairs = 0;
      for (let query = 0; query < n; query++)
        for (const [start, stop, step] of statedBy(p).ranges(p, query, n))
          pairs += Math.max(Math.ceil((stop - start) / step), 0);
      return pairs;
    },
    formula: () => "query by query: the keys that each one reads",
    limit: () => null,
    band: () => null,
    kept: () => ({ pinned: 0, latest: null }),
    looksAhead: (p) => ANY_AHEAD.some((query) => ANY_AHEAD.some((key) => key > query && visible(p, query, key))),
    isFull: false,
    nPinned: () => 0,
    isPinned: (p, key) => key < statedBy(p).nPinned(p),
    pinnedWords: null,
    hiddenWords: "hidden by the pattern, read in full attention",
    whyRead: () => null,
    whyHidden: () => "not read in this pattern",
    say: {},
    fromControls: null,
    adjusted: null,
  };
}

const ANY_AHEAD = Array.from({ length: 40 }, (_, position) => position);

/**
 * State what a kind of pattern is.  What is left out is worked out.
 * @param {string} kind
 * @param {Partial<Stated> & Pick<Stated, "visible">} stated
 * @returns {void}
 */
export function definePattern(kind, stated) {
  KINDS.set(kind, { ...workedOut(kind), ...stated });
}

/**
 * What the kind of a pattern states.
 * @param {Pattern} pattern
 * @returns {Stated}
 * @throws {RangeError} for a kind that nobody has defined.
 */
export function statedBy({ kind }) {
  const stated = KINDS.get(kind);
  if (!stated) throw new RangeError(`unknown pattern “${kind}”; known are ${[...KINDS.keys()].join(", ")}`);
  return stated;
}

/**
 * Neighbouring positions as stretches, each [first, stop, 1].
 * @param {number[]} positions - In order.
 * @returns {KeyRange[]}
 */
function stretches(positions) {
  /** @type {KeyRange[]} */
  const found = [];
  for (const position of positions) {
    const open = found[found.length - 1];
    if (open && open[1] === position) open[1] = position + 1;
    else found.push([position, position + 1, 1]);
  }
  return found;
}

/**
 * May `query` read `key`?
 * @param {Pattern} pattern
 * @param {number} query
 * @param {number} key
 * @returns {boolean}
 */
export function visible(pattern, query, key) {
  return statedBy(pattern).visible(pattern, query - key, query, key);
}

/**
 * Can a query read what comes after it?
 * @param {Pattern} pattern
 * @returns {boolean}
 */
export const looksAhead = (pattern) => statedBy(pattern).looksAhead(pattern);

/**
 * Is nothing hidden but the future?
 * @param {Pattern} pattern
 * @returns {boolean}
 */
export const isFull = (pattern) => statedBy(pattern).isFull;

/**
 * [back, ahead] where a query reads all of one stretch and nothing else; null for other patterns.
 * @param {Pattern} pattern
 * @returns {[back: number, ahead: number] | null}
 */
export const bandOf = (pattern) => statedBy(pattern).band(pattern);

/**
 * The keys that a query reads, oldest first.
 * @param {Pattern} pattern
 * @param {number} query
 * @param {number} seqLen
 * @returns {number[]}
 */
export function keysOf(pattern, query, seqLen) {
  const keys = [];
  for (let key = 0; key < seqLen; key++) if (visible(pattern, query, key)) keys.push(key);
  return keys;
}

/**
 * Score pairs of a whole text, cell by cell: slow and obvious, to hold `pairsOf` in cost.js to.
 * @param {Pattern} pattern
 * @param {number} seqLen
 * @returns {number}
 */
export function scorePairs(pattern, seqLen) {
  let pairs = 0;
  for (let query = 0; query < seqLen; query++) pairs += keysOf(pattern, query, seqLen).length;
  return pairs;
}

/**
 * Why a key is read or not, in words.
 * @param {Pattern} pattern
 * @param {number} query
 * @param {number} key
 * @returns {string}
 */
export function why(pattern, query, key) {
  const age = query - key;
  const stated = statedBy(pattern);
  if (!visible(pattern, query, key)) {
    if (age < 0 && !looksAhead(pattern)) return "later than the query: not written yet";
    return stated.whyHidden(pattern, age, query, key);
  }
  if (age === 0) return "the query itself";
  return stated.whyRead(pattern, age, query, key) ?? (age > 0 ? `age ${age}, inside` : `${-age} ahead, inside`);
}

/**
 * Is this key special: kept or read whatever its age?
 * @param {Pattern} pattern
 * @param {number} key
 * @returns {boolean}
 */
export const isPinned = (pattern, key) => statedBy(pattern).isPinned(pattern, key);

/**
 * How many tokens at the start of the text are read from any distance.
 * @param {Pattern} pattern
 * @returns {number}
 */
export const nPinned = (pattern) => statedBy(pattern).nPinned(pattern);

/**
 * What a layer must keep while text is generated, so that no later query misses a key.
 * @param {Pattern} pattern - One that does not look ahead.
 * @returns {Kept}
 */
export const keptBy = (pattern) => statedBy(pattern).kept(pattern);
