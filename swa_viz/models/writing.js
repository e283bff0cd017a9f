// A text in the making: read, choose a token, show it, and again, as in writing.py.

/** @import { Writing } from "../web/core/types.d.ts" */
/** @import { RollingCache } from "./cache.js" */

import { choose, stopStrings, uniform } from "./sampling.js";
import { streamDecoder } from "./tokenizer.js";

/**
 * One new token.
 * @typedef {{id: number, text: string, position: number}} NewToken
 */

/**
 * A text in the making.
 * @typedef {object} Writer
 * @property {"" | "length" | "stop" | "end"} ended - Why nothing more comes.
 * @property {() => Promise<NewToken>} step - The next token.
 */

/**
 * Begin to continue some tokens.
 * @param {number[]} ids
 * @param {RollingCache} cache - An empty one.
 * @param {Writing} writing
 * @param {(ids: number[]) => Promise<Float32Array>} read - Reads some more tokens into the cache; the logits
 *   after the last of them.
 * @param {(id: number) => Uint8Array} bytesOf - What a token writes.
 * @returns {Writer}
 */
export function openWriter(ids, cache, writing, read, bytesOf) {
  const decoder = streamDecoder();
  const stops = stopStrings(writing.stop);
  let unread = ids;
  let left = writing.at_most;
  /** @type {Writer} */
  const writer = { ended: left ? "" : "length", step };

  async function step() {
    const logits = await read(unread);
    const position = cache.length;
    const id = choose(logits, writing, uniform(writing.seed, position));
    unread = [id];
    left--;
    return { id, text: shown(decoder.push(bytesOf(id))), position };
  }

  /** @param {string} text */
  function shown(text) {
    if (!left) writer.ended = "length";
    const ready = left ? stops.push(text) : stops.push(text + decoder.rest()) + stops.rest();
    if (stops.found) writer.ended = "stop";
    return ready;
  }
  return writer;
}
