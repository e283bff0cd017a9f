// Read the header of a GGUF file, llama.cpp's format: what it says of its model, as plain data.
// The same as gguf_header.py, where it is explained.

// The types of values, by their numbers: how many bytes, and how DataView reads them.
/** @type {Record<number, [bytes: number, read: (view: DataView, at: number) => number | boolean]>} */
const NUMBERS = {
  0: [1, (view, at) => view.getUint8(at)],
  1: [1, (view, at) => view.getInt8(at)],
  2: [2, (view, at) => view.getUint16(at, true)],
  3: [2, (view, at) => view.getInt16(at, true)],
  4: [4, (view, at) => view.getUint32(at, true)],
  5: [4, (view, at) => view.getInt32(at, true)],
  6: [4, (view, at) => view.getFloat32(at, true)],
  7: [1, (view, at) => view.getUint8(at) !== 0],
  10: [8, (view, at) => Number(view.getBigUint64(at, true))],
  11: [8, (view, at) => Number(view.getBigInt64(at, true))],
  12: [8, (view, at) => view.getFloat64(at, true)],
};
const [U32, TEXT, LIST, U64] = [4, 8, 9, 10];
const VERSIONS = [2, 3];
/** How many bytes of a file a page needs at most. */
export const ENOUGH = 4_000_000;
const LONGEST_TEXT = 200;
const LONGEST_LIST = 1000;

/** The bytes at hand end here. */
class EndOfData extends Error {}

/** Some bytes, and how far they have been read. */
class Bytes {
  /** @param {Uint8Array} data */
  constructor(data) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.at = 0;
  }

  get length() {
    return this.view.byteLength;
  }

  /**
   * Go on.
   * @param {number} length
   */
  skip(length) {
    if (length > this.length - this.at) throw new EndOfData();
    this.at += length;
  }

  /**
   * One number.
   * @param {number} kind
   */
  number(kind) {
    const [length, read] = NUMBERS[kind];
    const start = this.at;
    this.skip(length);
    return read(this.view, start);
  }

  /** A text; null for one that is too long to be the name of anything. */
  text() {
    const length = Number(this.number(U64));
    const start = this.at;
    this.skip(length);
    if (length > LONGEST_TEXT) return null;
    const codes = Array.from({ length }, (_, i) => this.view.getUint8(start + i));
    return String.fromCharCode(...codes.map((code) => (code >= 32 && code <= 126 ? code : 63)));
  }
}

/**
 * A value; null for one that is too long to matter.
 * @param {Bytes} source
 * @param {number} kind
 * @returns {unknown}
 */
function readValue(source, kind) {
  if (kind === TEXT) return source.text();
  if (kind !== LIST) {
    if (!Object.hasOwn(NUMBERS, kind))
      throw new Error(`the file holds a value of the unknown type ${kind}, so it is no GGUF`);
    return source.number(kind);
  }
  return readList(source, Number(source.number(U32)), Number(source.number(U64)));
}

/**
 * A list; null for one that is too long to matter, and for one of texts.
 * @param {Bytes} source
 * @param {number} inner - The type of its entries.
 * @param {number} length
 * @returns {unknown[] | null}
 */
function readList(source, inner, length) {
  if (inner === LIST) throw new Error("the file holds lists of lists, which no model has");
  if (inner !== TEXT && length > LONGEST_LIST && Object.hasOwn(NUMBERS, inner)) {
    source.skip(length * NUMBERS[inner][0]);
    return null;
  }
  const entries = [];
  for (let i = 0; i < Math.min(length, source.length + 1); i++) {
    if (inner === TEXT) source.skip(Number(source.number(U64)));
    else entries.push(readValue(source, inner));
  }
  return inner === TEXT ? null : entries;
}

/**
 * What the beginning of a GGUF file says of its model, {"general.architecture": ..., ...}.
 * @param {Uint8Array} data
 * @returns {Record<string, unknown>}
 * @throws {Error} With one sentence, for other files and for one of which too little is there.
 */
export function readGguf(data) {
  if (String.fromCharCode(...data.subarray(0, 4)) !== "GGUF")
    throw new Error("the file is no GGUF: it does not begin with these four letters");
  const source = new Bytes(data.subarray(0, ENOUGH));
  source.at = 4;
  /** @type {Map<string, unknown>} */
  const found = new Map();
  try {
    if (!VERSIONS.includes(Number(source.number(U32))))
      throw new Error("the file is a GGUF of another version than 2 or 3, or not little-endian");
    source.number(U64); // how many tensors
    const count = Number(source.number(U64));
    for (let i = 0; i < Math.min(count, source.length); i++) {
      const key = source.text();
      const value = readValue(source, Number(source.number(U32)));
      if (key !== null && value !== null) found.set(key, value);
    }
  } catch (error) {
    if (!(error instanceof EndOfData)) throw error;
  }
  if (typeof found.get("general.architecture") !== "string")
    throw new Error("the file ends before it says general.architecture");
  return Object.fromEntries(found);
}
