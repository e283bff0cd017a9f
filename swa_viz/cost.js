// Counting: how many score pairs a whole text costs, what that saves, and the bytes of keys and values.
// Closed forms, so that nothing is counted cell by cell while the hand moves; tests hold them equal to
// counting, and to cost.py, which says more about each.

import { keptBy, looksAhead, statedBy } from "./patterns/pattern.js";
import { keysRead } from "./patterns/ranges.js";
import { headsOf } from "./presets/preset.js";
import { countKept } from "./slots.js";
import { thousands } from "./wording/numbers.js";

/** @import { LayerHeads, ModelPreset, Pattern, Schedule } from "./web/core/types.d.ts" */

/**
 * Score pairs of a whole text of n tokens: the cells of the matrix that are read.
 * @param {Pattern} pattern
 * @param {number} n
 * @returns {number}
 */
export function pairsOf(pattern, n) {
  return n ? statedBy(pattern).pairs(pattern, n) : 0;
}

/**
 * Score pairs of the queries up to one of them: its row of the matrix and those above.
 * @param {Pattern} pattern
 * @param {number} query
 * @param {number} n
 * @returns {number}
 */
export function pairsUpTo(pattern, query, n) {
  let pairs = 0;
  for (let row = 0; row <= query; row++) pairs += keysRead(pattern, row, n);
  return pairs;
}

/**
 * @template Part
 * @param {readonly Part[]} parts
 * @param {(part: Part, i: number) => number} number
 */
const sumOf = (parts, number) => parts.reduce((sum, part, i) => sum + number(part, i), 0);

/**
 * How many tokens a layer keeps at most; Infinity if it never forgets.
 * @param {Pattern} pattern
 */
function keptTokens(pattern) {
  if (looksAhead(pattern)) throw new RangeError(`there is no cache for “${pattern.kind}”: it reads later tokens`);
  return countKept(keptBy(pattern), Infinity);
}

/**
 * The keys and values that all layers hold after so many tokens, in bytes: a lower bound.
 * @param {Schedule} schedule
 * @param {number} seqLen
 * @param {number} nKvHeads
 * @param {number} headDim
 * @param {number} [bytesPerElement] - Two in bfloat16.
 * @returns {number}
 * @throws {RangeError} If a layer looks ahead: then there is no cache.
 */
export function kvCacheBytes(schedule, seqLen, nKvHeads, headDim, bytesPerElement = 2) {
  const tokens = sumOf(schedule, (pattern) => Math.min(seqLen, keptTokens(pattern)));
  return 2 * bytesPerElement * tokens * nKvHeads * headDim;
}

/**
 * The score pairs of a whole text in all layers and all query heads of a model.
 * @param {ModelPreset} preset
 * @param {number} n
 * @returns {number}
 */
export const modelPairs = (preset, n) => overLayers(preset, n, ({ n_heads: heads }) => heads);

/**
 * Multiplications and additions of attention over a whole text, in all layers of a model.
 * @param {ModelPreset} preset
 * @param {number} n
 * @returns {number}
 */
export const modelFlops = (preset, n) =>
  overLayers(preset, n, (heads) => 2 * heads.n_heads * (heads.head_dim + heads.value_dim));

/**
 * @param {ModelPreset} preset
 * @param {number} n
 * @param {(heads: LayerHeads) => number} perPair - What one pair of a layer counts.
 */
function overLayers(preset, n, perPair) {
  const heads = headsOf(preset);
  return sumOf(preset.layer_schedule, (pattern, i) => perPair(heads[i]) * pairsOf(pattern, n));
}

/**
 * Room for the keys and values of some layers: so many tokens in each, and so many numbers of a token.
 * @typedef {{layers: number, tokens: number, numbers: number}} Room
 *
 * What an engine makes of a model and a length.
 * @typedef {(preset: ModelPreset, seqLen: number) => Room[]} Rooms
 */

/**
 * The kinds of layers that store anything: those that keep as many tokens, and as many numbers of each.
 * @param {ModelPreset} preset
 * @returns {Room[]} `tokens` is Infinity where a layer never forgets.
 */
function kindsOf(preset) {
  /** @type {Map<string, Room>} */
  const kinds = new Map();
  const heads = headsOf(preset);
  preset.layer_schedule.forEach((pattern, i) => {
    if (preset.shared_kv_layers.includes(i)) return;
    const tokens = keptTokens(pattern);
    const numbers = heads[i].n_kv_heads * (heads[i].head_dim + heads[i].value_dim);
    const layers = (kinds.get(`${tokens} ${numbers}`)?.layers ?? 0) + 1;
    kinds.set(`${tokens} ${numbers}`, { layers, tokens, numbers });
  });
  return [...kinds.values()];
}

/**
 * The lower bound: what must be kept, and nothing else.
 * @type {Rooms}
 */
export const leastRooms = (preset, seqLen) =>
  kindsOf(preset).map((kind) => ({ ...kind, tokens: Math.min(kind.tokens, seqLen) }));

/** llama.cpp reads prompts in batches of so many tokens, and reserves in such steps. */
const [LLAMA_CPP_BATCH, LLAMA_CPP_STEP] = [512, 256];
/** Tokens in a page of vLLM. */
const VLLM_PAGE = 16;

/**
 * The next multiple of `step`.
 * @param {number} number
 * @param {number} step
 */
const roundedUp = (number, step) => Math.ceil(number / step) * step;

/**
 * The cells that llama.cpp reserves for a sequence of up to so many tokens.
 * @type {Rooms}
 */
export function llamaCppRooms(preset, seqLen) {
  const full = roundedUp(seqLen, LLAMA_CPP_STEP);
  return kindsOf(preset).map((kind) => ({
    ...kind,
    tokens: roundedUp(Math.min(full, kind.tokens + LLAMA_CPP_BATCH), LLAMA_CPP_STEP),
  }));
}

/**
 * The pages that vLLM holds of a sequence of so many tokens: groups of layers, the last one filled up, and
 * pages as large as the widest layer needs.
 * @type {Rooms}
 */
export function vllmRooms(preset, seqLen) {
  const kinds = kindsOf(preset);
  const group = Math.min(...kinds.map(({ layers }) => layers));
  const widest = Math.max(...kinds.map(({ numbers }) => numbers));
  return kinds.map(({ layers, tokens: kept, numbers }) => {
    const inPage = Math.floor((VLLM_PAGE * widest) / numbers);
    const pages = Math.ceil(seqLen / inPage) - Math.floor(Math.max(0, seqLen - kept) / inPage);
    return { layers: roundedUp(layers, group), tokens: pages * VLLM_PAGE, numbers: widest };
  });
}

/**
 * The bytes of some rooms.
 * @param {readonly Room[]} rooms
 * @param {number} [bytesPerElement] - Two in bfloat16.
 * @returns {number}
 */
export const bytesOf = (rooms, bytesPerElement = 2) =>
  bytesPerElement * sumOf(rooms, ({ layers, tokens, numbers }) => layers * tokens * numbers);

/**
 * The closed form with this text's numbers in it, or how it was counted where there is none.
 * @param {Pattern} pattern
 * @param {number} n
 * @returns {string}
 */
export function formulaText(pattern, n) {
  return statedBy(pattern).formula(pattern, n);
}

/**
 * What the saving grows to for a text much longer than the window: "N/(2W), here N/12".
 * @param {Pattern} pattern
 * @returns {string} Empty where it does not grow.
 */
export function limitText(pattern) {
  const limit = statedBy(pattern).limit(pattern);
  return limit ? `${limit[0]}, here N/${thousands(limit[1])}` : "";
}
