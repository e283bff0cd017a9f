// Files that are made in this browser, given to the visitor.

import { h } from "./dom.js";

const KEPT_MS = 60_000;

/**
 * Let the browser save a file.
 * @param {Blob} file
 * @param {string} name
 * @returns {void}
 */
export function handOver(file, name) {
  const address = URL.createObjectURL(file);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
