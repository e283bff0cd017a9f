// Which W?  What every program makes of the window number that stands in a model's file: which_window.py.

/** @import { Convention } from "../patterns/conventions.js" */
/** @import { ModelPreset, Pattern } from "../web/core/types.d.ts" */

import { fromConvention, keysInside, withNumber } from "../patterns/conventions.js";

/**
 * A program's rule with the number in it, the keys that a query then reads, and our pattern.
 * @typedef {object} Read
 * @property {string} name
 * @property {string} says
 * @property {number | null} keys - null where the program refuses the number.
 * @property {number | null} more - How many keys more that is than the model was made for.
 * @property {Pattern | null} pattern
 */

/**
 * The number in the model's file, and the convention in which its own code reads it; null without windows.
 * Where the preset does not say it, that is its narrowest window.
 * @param {ModelPreset} preset
 * @returns {{number: number, own: string} | null}
 */
export function statedWindow({ stated_window: stated, layer_schedule: layers }) {
  if (stated) return { number: stated[0], own: stated[1] };
  /** @param {"window_size" | "radius"} field @param {string} kind */
  const numbers = (field, kind) => layers.filter((layer) => layer.kind === kind).map((layer) => Number(layer[field]));
  const [sizes, radii] = [numbers("window_size", "sliding"), numbers("radius", "centred")];
  if (sizes.length) return { number: Math.min(...sizes), own: "transformers" };
  return radii.length ? { number: Math.min(...radii), own: "bidirectional" } : null;
}

/**
 * What every program makes of a number that the model's own code reads by the convention `own`.
 * Programs for encoders are compared with each other, and so are programs for decoders.
 * @param {number} number
 * @param {string} own
 * @param {Record<string, Convention>} conventions
 * @returns {Read[]}
 */
export function whichWindow(number, own, conventions) {
  const madeFor = keysInside(fromConvention(number, conventions[own]).pattern);
  const alike = Object.entries(conventions).filter(([, { kind }]) => kind === conventions[own].kind);
  return alike.map(([name, convention]) => {
    const { pattern, even } = fromConvention(number, convention);
    const keys = even ? keysInside(pattern) : null;
    const more = keys === null ? null : keys - madeFor;
    return { name, says: withNumber(convention.says, number), keys, more, pattern: even ? pattern : null };
  });
}
