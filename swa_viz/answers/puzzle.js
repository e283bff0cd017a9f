// What a small model says at the end of a puzzle, and where it looks: the same as puzzle.py.

/** @import { AskedPlace, Limits, Payload, PuzzlePayload, Request } from "../web/core/types.d.ts" */
/** @import { Reading, SmallModels, Table } from "../browser_model/small_models.js" */

import { Refusal, fill } from "./limits.js";

const N_LIKELIEST = 8;

/**
 * Make answers with the small models.
 * @param {SmallModels} models
 * @param {Limits} limits
 * @returns {(request: Request) => Promise<Payload>} A request that asks for the impossible is answered with
 *   the sentence why.
 */
export function openPuzzles(models, limits) {
  return async (request) => {
    try {
      return await answerPuzzle(models, limits, request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { tokens: [], empty: fill(limits.refused, { reason: error.message }) };
    }
  };
}

/**
 * @param {SmallModels} models
 * @param {Limits} limits
 * @param {Request} request
 * @returns {Promise<PuzzlePayload>}
 */
async function answerPuzzle({ table, has, open }, limits, { model, text, start, schedule }) {
  if (!has(model)) {
    const known = Object.keys(table.models).filter(has).join(", ");
    throw new Refusal(fill(limits.unknown_model, { model, known }));
  }
  if (schedule.length) throw new Refusal(limits.own_schedule);
  const words = wordsOf(text, table, limits);
  const first = firstAsked(start, table, limits);
  const { causal } = table.models[model];
  const ids = words.map((word, place) => (!causal && place >= first ? table.blank : table.words.indexOf(word)));
  const reading = await (await open(model))(ids);
  const places = words.map((_, place) => place).slice(first);
  const queries = places.map((place) => place - Number(causal));
  return {
    tokens: words,
    asked: places.map((place, i) => said(reading, table, words[place], place, queries[i])),
    weights: queries.map((query) => weightsOf(reading, query, table.length)),
    spans: reading.spans && byHead(reading, (at) => row(reading.spans, at, table.length)),
    gates: reading.gates && byHead(reading, (at) => row(reading.gates, at, 1)[0]),
  };
}

/**
 * The words of a puzzle.
 * @param {string} text
 * @param {Table} table
 * @param {Limits} limits
 */
function wordsOf(text, table, limits) {
  const words = text.split(" ");
  if (words.length !== table.length)
    throw new Refusal(fill(limits.puzzle_words, { words: table.length, found: words.length }));
  const position = words.findIndex((word) => !table.words.includes(word));
  if (position >= 0) throw new Refusal(fill(limits.puzzle_word, { position }));
  return words;
}

/**
 * Where the words begin that are asked for.
 * @param {number | null} start
 * @param {Table} table
 * @param {Limits} limits
 */
function firstAsked(start, { length, most_asked: most }, limits) {
  const first = start ?? length - 1;
  if (first < length - most || first >= length) throw new Refusal(fill(limits.puzzle_start, { most }));
  return first;
}

/**
 * So many numbers of a flat array.
 * @param {Float32Array | null} numbers
 * @param {number} at
 * @param {number} length
 */
const row = (numbers, at, length) => [...(numbers?.subarray(at * length, (at + 1) * length) ?? [])];

/**
 * One thing for each head of each layer, by its place among all heads.
 * @template Made
 * @param {Reading} reading
 * @param {(at: number) => Made} make
 */
const byHead = ({ nLayers, nHeads }, make) =>
  Array.from({ length: nLayers }, (_, layer) =>
    Array.from({ length: nHeads }, (_each, head) => make(layer * nHeads + head)),
  );

/**
 * What a query gives to each token, in each layer and head.
 * @param {Reading} reading
 * @param {number} query
 * @param {number} length
 */
function weightsOf(reading, query, length) {
  const { rows, weights } = reading;
  return byHead(reading, (at) => row(weights, at * rows + query - (length - rows), length));
}

/**
 * What the model says in one place.
 * @param {Reading} reading
 * @param {Table} table
 * @param {string} right
 * @param {number} place
 * @param {number} query
 * @returns {AskedPlace}
 */
function said({ rows, logits }, { words, length }, right, place, query) {
  const scores = row(logits, query - (length - rows), logits.length / rows);
  const most = Math.max(...scores);
  const grown = scores.map((score) => Math.exp(score - most));
  const sum = grown.reduce((all, part) => all + part, 0);
  const likeliest = words
    .map((word, token) => /** @type {const} */ ([word, grown[token] / sum]))
    .sort(([, one], [, other]) => other - one)
    .slice(0, N_LIKELIEST);
  return { place, query, right, share: grown[words.indexOf(right)] / sum, likeliest };
}
