// A lab in a frame tells the page around it how high it is, so that it needs no scroll bar of its own.

/** @import { LabData } from "./core/types.d.ts" */

// Below the lab, as above it.
const EDGE = 10;

/**
 * How far the page is scrolled above an element, whoever scrolls it: on the server's pages that is a box
 * of the host, outside of our shadow.
 * @param {Element} element
 */
function scrolledAbove(element) {
  let sum = 0;
  /** @type {Node | null} */
  let node = element;
  while (node) {
    if (node instanceof Element) sum += node.scrollTop;
    node = node.parentNode ?? (node instanceof ShadowRoot ? node.host : null);
  }
  return sum;
}

/**
 * Tell the page around this one, now and whenever it changes.  What is told is no secret, so it is told
 * to whoever framed the page.
 * @param {HTMLElement} root - Of the lab.
 * @param {LabData} data
 * @returns {void}
 */
export function tellHeight(root, { name, embedded }) {
  if (!embedded || window.parent === window) return;
  let told = 0;
  function tell() {
    if (!root.isConnected) return;
    const height = Math.ceil(root.getBoundingClientRect().bottom + scrolledAbove(root)) + EDGE;
    if (height === told) return;
    told = height;
    window.parent.postMessage({ type: "swa-viz:height", height, name }, "*");
    window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
  }
  new ResizeObserver(tell).observe(root);
}
