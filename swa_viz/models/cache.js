// The rolling cache of a model in this browser: what each layer still needs, slot by slot, as in cache.py.

/** @import { Model } from "../answers/answer.js" */
/** @import { Held } from "../browser_model/model.js" */
/** @import { Kept } from "../patterns/pattern.js" */
/** @import { Schedule } from "../web/core/types.d.ts" */

import { kvCacheBytes } from "../cost.js";
import { keptBy } from "../patterns/pattern.js";
import { evictedBy, slotOf } from "../slots.js";

const FULL = { kind: "causal" };
const BYTES_PER_NUMBER = Float32Array.BYTES_PER_ELEMENT;

/**
 * What one layer remembers, in arrays that may have room for more slots than are filled.
 * @typedef {object} LayerCache
 * @property {Kept} kept
 * @property {number[]} positions - The position in each slot.
 * @property {number} row - How many numbers the key of a token has.
 * @property {Float32Array} key - Slot after slot.
 * @property {Float32Array} value
 */

/**
 * What a model remembers of one text.
 * @typedef {object} RollingCache
 * @property {number} length - How many tokens were read so far.
 * @property {() => Held[]} held - What each layer holds now.
 * @property {(keys: Float32Array, values: Float32Array, count: number) => void} write - Those of `count` new
 *   tokens, layer after layer.
 * @property {(position: number) => number[]} slots - The slot of a position in each layer.
 * @property {(position: number) => (number | null)[]} evicted - What each layer forgets when it is written.
 * @property {() => number} bytes - Of all keys and values that are held now.
 * @property {() => number} fullBytes - The same if nothing were ever forgotten.
 */

/**
 * An empty cache.
 * @param {Schedule} schedule - Of patterns that do not look ahead.
 * @returns {RollingCache}
 */
export function rollingCache(schedule) {
  /** @type {LayerCache[]} */
  const layers = schedule.map((pattern) => ({ kept: keptBy(pattern), positions: [], row: 0, ...emptyArrays() }));
  const held = () => layers.map(heldBy);
  /** @type {RollingCache} */
  const cache = {
    length: 0,
    held,
    write: (keys, values, count) => {
      const size = keys.length / layers.length;
      layers.forEach((layer, i) => {
        const [key, value] = [keys, values].map((all) => all.subarray(i * size, (i + 1) * size));
        writeLayer(layer, key, value, cache.length, count);
      });
      cache.length += count;
    },
    slots: (position) => layers.map(({ kept }) => slotOf(kept, position)),
    evicted: (position) => layers.map(({ kept }) => evictedBy(kept, position)),
    bytes: () => held().reduce((sum, { key, value }) => sum + key.byteLength + value.byteLength, 0),
    fullBytes: () =>
      kvCacheBytes(
        schedule.map(() => FULL),
        cache.length,
        1,
        layers[0].row,
        BYTES_PER_NUMBER,
      ),
  };
  return cache;
}

/**
 * Read some more tokens, and keep what later ones may read of them.
 * @param {Model} model
 * @param {number[]} ids
 * @param {Schedule} schedule
 * @param {RollingCache} cache
 * @returns {Promise<Float32Array>} The logits after each of them.
 */
export async function extend(model, ids, schedule, cache) {
  const { logits, keys, values } = await model.step(ids, cache.length, schedule, cache.held());
  cache.write(keys, values, ids.length);
  return logits;
}

const emptyArrays = () => ({ key: new Float32Array(), value: new Float32Array() });

/**
 * Put each new token into its slot; of two that share one, the later stays.
 * @param {LayerCache} layer
 * @param {Float32Array} keys
 * @param {Float32Array} values
 * @param {number} first - The position of the first one.
 * @param {number} count
 */
function writeLayer(layer, keys, values, first, count) {
  const row = (layer.row = keys.length / count);
  for (let at = 0; at < count; at++) {
    const slot = slotOf(layer.kept, first + at);
    layer.positions[slot] = first + at;
    layer.key = withRoom(layer.key, (slot + 1) * row);
    layer.value = withRoom(layer.value, (slot + 1) * row);
    layer.key.set(keys.subarray(at * row, (at + 1) * row), slot * row);
    layer.value.set(values.subarray(at * row, (at + 1) * row), slot * row);
  }
}

/**
 * The same numbers in an array of at least this length.
 * @param {Float32Array} numbers
 * @param {number} length
 */
function withRoom(numbers, length) {
  if (numbers.length >= length) return numbers;
  const larger = new Float32Array(2 * length);
  larger.set(numbers);
  return larger;
}

/**
 * @param {LayerCache} layer
 * @returns {Held}
 */
function heldBy({ positions, row, key, value }) {
  const length = positions.length * row;
  return { positions, key: key.subarray(0, length), value: value.subarray(0, length) };
}
