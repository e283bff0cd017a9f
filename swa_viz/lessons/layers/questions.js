// What the layers lab asks about its stack.

/** @import { Stack } from "../../web/questions/reaching.js" */
/** @import { Scene } from "./lab.js" */

import { scheduleOf } from "../../patterns/schedule.js";
import { ceiling, depth, oldest, width } from "../../web/questions/reaching.js";

/** The kinds of question, by their names in the address. */
export const KINDS = { depth, ceiling, width, oldest };

/**
 * What the questions are about.
 * @param {Pick<Scene, "values" | "tokens" | "query">} scene
 * @param {boolean} waiting - Are these the tokens of another text?
 * @returns {Stack | null}
 */
export function sceneOf({ values, tokens, query }, waiting) {
  if (waiting) return null;
  return {
    tokens,
    query,
    layers: values.layers,
    mostLayers: scheduleOf(values).length,
    size: values.window,
    schedule: (size, layers) => scheduleOf({ ...values, window: size }, layers),
  };
}
