// What the attention lab asks about its text, its layer and its head.

/** @import { Attended, Predicted } from "../../web/questions/predicting.js" */
/** @import { Choose, Question, Reading } from "../../web/questions/question.js" */
/** @import { Shown } from "./shown.js" */

import { isUniform, scheduleOf } from "../../patterns/schedule.js";
import * as predicting from "../../web/questions/predicting.js";
import * as reading from "../../web/questions/reading.js";

/** @typedef {Reading & Predicted & Attended & {hasWeights: boolean}} Scene */

/**
 * A question on the pattern of the layer, with another W: about a layer that hides nothing, or has a window of its
 * own, there is nothing to ask.
 * @param {(reading: Reading, choose: Choose) => Question | null} ask
 * @returns {(scene: Scene, choose: Choose) => Question | null}
 */
const ofPattern = (ask) => (scene, choose) =>
  isUniform([scene.resized(2), scene.resized(3)]) ? null : ask(scene, choose);

/** The kinds of question, by their names in the address. */
export const KINDS = {
  reads: ofPattern(reading.reads),
  expects: predicting.expects,
  /** @type {(scene: Scene, choose: Choose) => Question | null} */
  heaviest: (scene, choose) => (scene.hasWeights ? predicting.heaviest(scene, choose) : null),
  twice: ofPattern(reading.twice),
  loses: predicting.loses,
  pairs: ofPattern(reading.pairs),
  keys: ofPattern(reading.keys),
  needed: ofPattern(reading.needed),
};

/**
 * What the questions are about.
 * @param {Shown} shown
 * @returns {Scene | null} Null while a run is on its way.
 */
export function sceneOf({ values, schedule, full, windowed, query }) {
  if (!windowed) return null;
  const { layer, head, stage } = values;
  return {
    seqLen: full.seqLen,
    query,
    words: full.tokens,
    size: values.window,
    sizeName: "W",
    resized: (size) => scheduleOf({ ...values, window: size })[layer - 1],
    setSize: (size) => ({ window: size }),
    tokens: full.tokens,
    schedule,
    full: full.next,
    windowed: windowed.next,
    hasWeights: stage === "weights",
    layer,
    head,
    weight: (at, key) => windowed.value(layer, head, at, key),
  };
}
