// @ts-check
// Fetch the packed files of the live model, and say how far it is.  A file is named by its content, so
// what the browser's Cache Storage has is never out of date; files of older versions are deleted from
// it.  Where there is no such storage (plain http, a sandboxed frame), the files are simply fetched.

/** @import { FileSizes, FolderFiles } from "../web/core/types.d.ts" */

/**
 * The name of a file in the manifest.
 * @typedef {"wasm" | "weights" | "forward" | "influence" | "tokenizer"} FileName
 */

const SHELF = "swa-viz-live";
const GZIP = [0x1f, 0x8b];

/**
 * Use storage that may be missing, forbidden or full: then nothing is kept, and nothing else changes.
 * @template Result
 * @param {() => Promise<Result>} use
 * @returns {Promise<Result | undefined>} Undefined where it is not allowed.
 */
async function ifAllowed(use) {
  try {
    return await use();
  } catch {
    return undefined;
  }
}

const openShelf = () => ifAllowed(async () => globalThis.caches?.open(SHELF));

/**
 * Unpack, unless the host's own compression has led the browser to do it already.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function gunzip(bytes) {
  if (GZIP.some((byte, i) => bytes[i] !== byte)) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

/**
 * All bytes of a response.
 * @param {Response} response
 * @param {(bytes: number) => void} onBytes - It hears how many have come so far.
 */
async function readAll(response, onBytes) {
  if (!response.body) return new Uint8Array();
  const parts = [];
  let length = 0;
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    onBytes(length);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * @param {string} url
 * @param {(bytes: number) => void} onBytes
 */
async function fetchFresh(url, onBytes) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} could not be fetched: ${response.status}`);
  return readAll(response, onBytes);
}

/**
 * The bytes, unpacked, or null if they are not what the manifest promises.
 * @param {Uint8Array<ArrayBuffer>} packed
 * @param {FileSizes} size
 */
async function wholeFile(packed, size) {
  const bytes = await gunzip(packed).catch(() => null);
  return bytes?.length === size.unpacked ? bytes : null;
}

/**
 * One file, unpacked: from the shelf, else from the host.
 * @param {string} url
 * @param {FileSizes} size
 * @param {Cache | undefined} shelf
 * @param {(bytes: number) => void} onBytes
 */
async function fetchFile(url, size, shelf, onBytes) {
  const known = await ifAllowed(async () => shelf?.match(url));
  const kept = known && (await wholeFile(await readAll(known, onBytes), size));
  if (kept) return kept;
  const packed = await fetchFresh(url, onBytes);
  const bytes = await wholeFile(packed, size);
  if (!bytes) throw new Error(`${url} is damaged`);
  if (shelf) await ifAllowed(() => shelf.put(url, new Response(packed)));
  return bytes;
}

/**
 * Delete files of this folder that the manifest no longer names.
 * @param {FolderFiles} live
 * @param {Cache} shelf
 */
async function forgetOthers(live, shelf) {
  const names = /** @type {FileName[]} */ (Object.keys(live.sizes));
  const current = new Set(names.map((name) => live.base + live[name]));
  for (const { url } of await shelf.keys()) {
    if (url.startsWith(live.base) && !current.has(url)) await shelf.delete(url);
  }
}

/**
 * Fetch some files.
 * @param {FolderFiles} live - The manifest, with the absolute address of its folder.
 * @param {readonly FileName[]} names
 * @param {(done: number, total: number) => void} onProgress - It counts the bytes that travel.
 * @returns {Promise<Record<FileName, Uint8Array<ArrayBuffer>>>} The files, unpacked.
 * @throws {Error} If a file is missing or damaged.
 */
export async function download(live, names, onProgress) {
  const shelf = await openShelf();
  const total = names.reduce((sum, name) => sum + live.sizes[name].download, 0);
  /** @type {Map<FileName, number>} */
  const arrived = new Map();
  /**
   * @param {FileName} name
   * @param {number} bytes
   */
  const report = (name, bytes) => {
    arrived.set(name, Math.min(bytes, live.sizes[name].download));
    onProgress(
      [...arrived.values()].reduce((sum, some) => sum + some, 0),
      total,
    );
  };
  const files = await Promise.all(
    names.map((name) => fetchFile(live.base + live[name], live.sizes[name], shelf, (bytes) => report(name, bytes))),
  );
  if (shelf) await ifAllowed(() => forgetOthers(live, shelf));
  const named = Object.fromEntries(names.map((name, i) => [name, files[i]]));
  return /** @type {Record<FileName, Uint8Array<ArrayBuffer>>} */ (named);
}
