// The bundled readers of digits, which this page runs by itself.

/** @import { Matrix, Sizes } from "../../experiments/digits.js" */
/** @import { Reader } from "./image_reader_words.js" */

import { digitReader } from "../../experiments/digits.js";
import { bytesOf } from "./kind.js";

/**
 * A reader as the page holds it, its numbers in letters (base64).
 * @typedef {object} Packed
 * @property {Sizes} sizes
 * @property {Readonly<Record<string, {numbers: string, scales: string}>>} matrices
 * @property {Readonly<Record<string, string>>} vectors
 *
 * @typedef {(greys: readonly number[]) => number[]} Read
 */

/**
 * The same names with something made of each thing.
 * @template From
 * @template To
 * @param {Readonly<Record<string, From>>} things
 * @param {(thing: From) => To} make
 */
const each = (things, make) => Object.fromEntries(Object.entries(things).map(([name, thing]) => [name, make(thing)]));

/**
 * @param {Packed} packed
 * @param {Reader} reader
 * @returns {Read}
 */
function unpacked({ sizes, matrices, vectors }, { schedule }) {
  const parameters = {
    matrices: each(
      matrices,
      ({ numbers, scales }) =>
        /** @type {Matrix} */ ({
          numbers: new Int8Array(bytesOf(numbers).buffer),
          scales: new Float32Array(bytesOf(scales).buffer),
        }),
    ),
    vectors: each(vectors, (letters) => new Float32Array(bytesOf(letters).buffer)),
  };
  return digitReader(parameters, sizes, schedule);
}

/**
 * How probable each of the ten digits is to each of the readers, which are unpacked when they first read.
 * @param {Readonly<Record<string, Packed>>} packed
 * @param {readonly Reader[]} readers
 * @returns {(greys: readonly number[]) => number[][]}
 */
export function readersOf(packed, readers) {
  /** @type {Read[]} */
  let made = [];
  let last = { key: "", chances: /** @type {number[][]} */ ([]) };
  return (greys) => {
    if (!made.length) made = readers.map((reader) => unpacked(packed[reader.name], reader));
    const key = greys.join();
    if (key !== last.key) last = { key, chances: made.map((read) => read(greys)) };
    return last.chances;
  };
}
