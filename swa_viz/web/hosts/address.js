// The page's own address, where the knobs stand.  It changes without a new entry in the browser's
// history, so that Back always leads to the page before.

// Some places allow no change of a page's address but behind its "#": a frame that is a sandbox, a
// blob.  There the whole query stands behind this sign, and what stands before it no longer counts.
const BEHIND = "#?";

// Browsers refuse more than about a hundred changes in half a minute, and a key that is held down
// makes more.
const PAUSE_MS = 350;

/** The address without what stands behind its "#". */
const address = () => window.location.href.split("#")[0];

/**
 * What the address says of the knobs.
 * @returns {URLSearchParams}
 */
export function query() {
  const { hash, search } = window.location;
  return new URLSearchParams(hash.startsWith(BEHIND) ? hash.slice(BEHIND.length) : search);
}

let written = window.location.hash;

/** @param {URLSearchParams} next */
function putBehind(next) {
  written = `${BEHIND}${next}`;
  if (written !== window.location.hash) window.location.replace(address() + written);
}

/** @param {URLSearchParams} next */
function put(next) {
  if (String(next) === String(query())) return;
  if (window.location.hash.startsWith(BEHIND)) return putBehind(next);
  const search = String(next) && `?${next}`;
  const { history, location } = window;
  try {
    history.replaceState(history.state, "", address().split("?")[0] + search + location.hash);
  } catch {
    putBehind(next);
  }
}

/**
 * What is to be written, and the page that it belongs to: another one may be open by then.
 * @type {{next: URLSearchParams, path: string} | null}
 */
let wanted = null;
let timer = 0;

function flush() {
  timer = 0;
  if (!wanted) return;
  const { next, path } = wanted;
  wanted = null;
  if (path !== window.location.pathname) return;
  put(next);
  timer = setTimeout(flush, PAUSE_MS);
}

/**
 * Write a query into the address: now, or after a short pause if it has just been written.
 * @param {URLSearchParams} next
 * @returns {void}
 */
export function write(next) {
  wanted = { next, path: window.location.pathname };
  if (!timer) flush();
}

window.addEventListener("pagehide", flush);

/**
 * Call `tell` when somebody puts another link to this very page into the address bar.
 * @param {() => void} tell
 * @returns {void}
 */
export function onOtherLink(tell) {
  window.addEventListener("hashchange", () => window.location.hash !== written && tell());
}
