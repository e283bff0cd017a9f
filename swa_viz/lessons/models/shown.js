// What the lab shows for some values of its knobs: the two models, and what is counted of them.

/** @import { ModelPreset, Pattern } from "../../web/core/types.d.ts" */
/** @import { ModelsLab, ModelsValues } from "./controls.js" */

import { bytesOf, leastRooms, modelFlops, modelPairs } from "../../cost.js";
import { bandOf } from "../../patterns/pattern.js";
import { fullLayers, hasCache, windowsOf, withoutWindows } from "../../presets/preset.js";
import { roundStackReach, stackReach } from "../../reach.js";
import { nameOf, OWN } from "./controls.js";
import { unpacked } from "./packed.js";

/**
 * A number with the windows of the model, and with full attention in all its layers.
 * @typedef {{windowed: number, full: number}} Both
 *
 * What is counted of a model at one length.
 * @typedef {object} Counted
 * @property {string} name
 * @property {ModelPreset} preset
 * @property {boolean[]} full - Which of its layers are full.
 * @property {Pattern[]} windows - What the others read.
 * @property {number | null | undefined} reach - Null for the whole text; undefined where it is not counted.
 * @property {number | undefined} rounded - The rule of thumb, where it applies.
 * @property {Both} pairs - In all layers and heads.
 * @property {Both} flops
 * @property {Both | null} bytes - Null for an encoder, which keeps nothing.
 *
 * @typedef {{first: Counted, second: Counted, tokens: number}} Shown
 */

/**
 * The models of each lab that was opened.
 * @type {WeakMap<object, Readonly<Record<string, ModelPreset>>>}
 */
const opened = new WeakMap();

/**
 * All models, by their names.
 * @param {ModelsLab} lab
 * @returns {Readonly<Record<string, ModelPreset>>}
 */
export function presetsOf(lab) {
  const sent = lab.data.extra.presets;
  const presets = opened.get(sent) ?? unpacked(sent);
  opened.set(sent, presets);
  return presets;
}

/**
 * How many keys a query reads at most in a layer that is not full.
 * @param {Pattern} pattern
 * @returns {number}
 */
export function keysIn(pattern) {
  const [back, ahead] = bandOf(pattern) ?? [pattern.chunk_size - 1, 0];
  return back + ahead + 1;
}

/**
 * The keys that the largest window of a model reads; 0 if it has none.
 * @param {Counted} model
 * @returns {number}
 */
export const largestWindow = ({ windows }) => Math.max(0, ...windows.map(keysIn));

/**
 * What does not depend on the length, by the model: it is asked for in every frame of a drag.
 * @type {WeakMap<ModelPreset, ReturnType<typeof lookAt>>}
 */
const seen = new WeakMap();

/** @param {ModelPreset} preset */
function lookAt(preset) {
  const full = fullLayers(preset);
  const someFull = full.some(Boolean);
  return {
    full,
    windows: windowsOf(preset),
    rival: withoutWindows(preset),
    keeps: hasCache(preset),
    reach: someFull ? null : stackReach(preset.layer_schedule),
    rounded: someFull ? undefined : roundStackReach(preset.layer_schedule),
  };
}

/**
 * What is counted of a model.
 * @param {string} name
 * @param {ModelPreset} preset
 * @param {number} tokens
 * @returns {Counted}
 */
export function countedOf(name, preset, tokens) {
  const { rival, keeps, ...facts } = seen.get(preset) ?? lookAt(preset);
  seen.set(preset, { rival, keeps, ...facts });
  /** @param {(preset: ModelPreset) => number} number */
  const both = (number) => ({ windowed: number(preset), full: number(rival) });
  return {
    name,
    preset,
    ...facts,
    pairs: both((model) => modelPairs(model, tokens)),
    flops: both((model) => modelFlops(model, tokens)),
    bytes: keeps ? both((model) => bytesOf(leastRooms(model, tokens))) : null,
  };
}

/**
 * @param {ModelsLab} lab
 * @param {ModelsValues} values
 * @returns {Shown}
 */
export function shownFor(lab, values) {
  const { tokens, own } = values;
  /** @param {"first" | "second"} which */
  const model = (which) => {
    const name = nameOf(lab, values, which);
    return countedOf(name, name === OWN && own ? own.preset : presetsOf(lab)[name], tokens);
  };
  return { first: model("first"), second: model("second"), tokens };
}
