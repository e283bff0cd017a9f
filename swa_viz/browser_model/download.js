// Fetch the packed files of the live model, and say how far it is:
//
//   download(live, names, onProgress) -> Promise of {name: Uint8Array}, unpacked
//
// `live` is {base, sizes, <name>: <file>, ...}: the manifest, and the absolute address of its folder,
// which ends in a slash.  `onProgress(done, total)` counts the bytes that travel.  A file is named by
// its content, so what the browser's Cache Storage has is never out of date; files of older versions
// are deleted from it.  Where there is no such storage (plain http, a sandboxed frame), the files are
// simply fetched.  `gunzip(bytes)` unpacks bytes that are at hand already.

const SHELF = "swa-viz-live";
const GZIP = [0x1f, 0x8b];

// Storage that may be missing, forbidden or full: then nothing is kept, and nothing else changes.
async function ifAllowed(use) {
  try {
    return await use();
  } catch {
    return undefined;
  }
}

const openShelf = () => ifAllowed(() => globalThis.caches?.open(SHELF));

// Unpack, unless the host's own compression has led the browser to do it already.
export async function gunzip(bytes) {
  if (GZIP.some((byte, i) => bytes[i] !== byte)) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

// All bytes of a response; `onBytes(n)` hears how many have come so far.
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

async function fetchFresh(url, onBytes) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} could not be fetched: ${response.status}`);
  return readAll(response, onBytes);
}

// The bytes, unpacked, or null if they are not what the manifest promises.
async function wholeFile(packed, size) {
  const bytes = await gunzip(packed).catch(() => null);
  return bytes?.length === size.unpacked ? bytes : null;
}

// One file, unpacked: from the shelf, else from the host.
async function fetchFile(url, size, shelf, onBytes) {
  const known = await ifAllowed(() => shelf?.match(url));
  const kept = known && (await wholeFile(await readAll(known, onBytes), size));
  if (kept) return kept;
  const packed = await fetchFresh(url, onBytes);
  const bytes = await wholeFile(packed, size);
  if (!bytes) throw new Error(`${url} is damaged`);
  if (shelf) await ifAllowed(() => shelf.put(url, new Response(packed)));
  return bytes;
}

// Files of this folder that the manifest no longer names.
async function forgetOthers(live, shelf) {
  const current = new Set(Object.keys(live.sizes).map((name) => live.base + live[name]));
  for (const { url } of await shelf.keys()) {
    if (url.startsWith(live.base) && !current.has(url)) await shelf.delete(url);
  }
}

export async function download(live, names, onProgress) {
  const shelf = await openShelf();
  const total = names.reduce((sum, name) => sum + live.sizes[name].download, 0);
  const arrived = new Map();
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
  return Object.fromEntries(names.map((name, i) => [name, files[i]]));
}
