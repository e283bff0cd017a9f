// Fetch the packed files of the live model, and say how far it is.  A file is named by its content, so
// what the browser's Cache Storage has is never out of date; files of older versions are deleted from
// it, those of other models stay.  Where there is no such storage (plain http, a sandboxed frame), the
// files are simply fetched.

/** @import { FileSizes, FolderFiles } from "../web/core/types.d.ts" */

/**
 * The name of a file in the manifest.
 * @typedef {"wasm" | "weights" | "forward" | "influence" | "step" | "tokenizer" | SmallFile} FileName
 * @typedef {"table" | `${string}.graph` | `${string}.weights`} SmallFile - Of the small models: their table, and
 *   the two files of each.
 */

const SHELF = "swa-viz-live";
const GZIP = [0x1f, 0x8b];
// What the name of a file says of its content: model.<16 digits of SHA-256>.safetensors.gz
const HASH = /\.([0-9a-f]{16})\./;

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
 * Unpack, unless the host's own compression has led the browser to do it already.  The stream comes from
 * a response: in a page opened from a disk, WebKit lets nobody read a blob.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function gunzip(bytes) {
  if (GZIP.some((byte, i) => bytes[i] !== byte)) return bytes;
  const unpacked = new Response(bytes).body?.pipeThrough(new DecompressionStream("gzip"));
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

/** @param {string} url */
const nameOf = (url) => url.split("/").at(-1) ?? url;

/**
 * The bytes that a host sends for a file; none, if it stops early.
 * @param {string} url
 * @param {RequestCache} cache
 * @param {(bytes: number) => void} onBytes
 */
async function fetchFresh(url, cache, onBytes) {
  const response = await fetch(url, { cache }).catch(() => null);
  if (!response) throw new Error(`${nameOf(url)} could not be fetched (no connection)`);
  if (!response.ok) throw new Error(`${nameOf(url)} could not be fetched (${response.status})`);
  return (await ifAllowed(() => readAll(response, onBytes))) ?? new Uint8Array();
}

/**
 * Does a file hold what its name says?  Without https a browser may offer no way to know.
 * @param {string} url
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function isNamedTruly(url, bytes) {
  if (!globalThis.crypto?.subtle) return true;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hash.startsWith(HASH.exec(nameOf(url))?.[1] ?? "");
}

/**
 * The bytes, unpacked, or null if they are not what the manifest and the name promise.
 * @param {Uint8Array<ArrayBuffer>} packed
 * @param {string} url
 * @param {FileSizes} size
 */
async function wholeFile(packed, url, size) {
  const bytes = await gunzip(packed).catch(() => null);
  return bytes?.length === size.unpacked && (await isNamedTruly(url, bytes)) ? bytes : null;
}

/**
 * One file, unpacked: from the shelf, else from the host.  What came damaged is fetched once more, past
 * the browser's own cache, which may hold the damage.
 * @param {string} url
 * @param {FileSizes} size
 * @param {Cache | undefined} shelf
 * @param {(bytes: number) => void} onBytes
 */
async function fetchFile(url, size, shelf, onBytes) {
  const known = await ifAllowed(async () => shelf?.match(url));
  const kept = known && (await ifAllowed(() => readAll(known, onBytes)));
  const bytes = kept && (await wholeFile(kept, url, size));
  if (bytes) return bytes;
  for (const cache of /** @type {RequestCache[]} */ (["default", "reload"])) {
    const packed = await fetchFresh(url, cache, onBytes);
    const fresh = await wholeFile(packed, url, size);
    if (fresh && shelf) await ifAllowed(() => shelf.put(url, new Response(packed)));
    if (fresh) return fresh;
  }
  throw new Error(`${nameOf(url)} is damaged`);
}

/**
 * Delete files of this folder that the manifest no longer names, for whatever model.
 * @param {FolderFiles} live
 * @param {Cache} shelf
 */
async function forgetOthers(live, shelf) {
  const current = new Set(live.kept.map((file) => live.base + file));
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
