// What the first page asks about its sentence.

/** @import { Kinds } from "../../web/predict.js" */
/** @import { Predicted } from "../../web/questions/predicting.js" */
/** @import { Reading } from "../../web/questions/question.js" */
/** @import { Runs } from "../../web/runs.js" */

import { expects, loses } from "../../web/questions/predicting.js";
import { reads, pairs, keys, needed } from "../../web/questions/reading.js";

/**
 * The kinds of question, by their names in the address.
 * @type {Kinds<Reading & Predicted>}
 */
export const KINDS = { reads, expects, pairs, loses, keys, needed };

/**
 * What the questions are about.
 * @param {Runs} runs
 * @param {number} window
 * @param {number} nLayers - Of the model.
 * @param {number} query - It is on screen.
 * @returns {(Reading & Predicted) | null} Null while a run is on its way.
 */
export function sceneOf({ full, windowed }, window, nLayers, query) {
  if (!windowed) return null;
  /** @param {number} size */
  const resized = (size) => ({ kind: "sliding", window_size: size });
  return {
    seqLen: full.seqLen,
    query,
    words: full.tokens,
    size: window,
    sizeName: "W",
    resized,
    setSize: (size) => ({ window: size }),
    tokens: full.tokens,
    schedule: Array(nLayers).fill(resized(window)),
    full: full.next,
    windowed: windowed.next,
  };
}
