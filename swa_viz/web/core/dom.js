// Build elements from plain data.  Text always becomes a text node, so what a visitor types can
// never turn into markup.

import { whileAlive } from "./while_alive.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * What an element holds: nodes, texts and numbers, in lists of lists; null and undefined are nothing.
 * @typedef {Node | string | number | null | undefined} Child
 * @typedef {Child | Child[]} Children
 */

/**
 * An element's attributes.  `on...` is a listener, `style` is a text of declarations, true is an
 * attribute without a value, and undefined, null and false are no attribute.
 * @typedef {Record<string, unknown>} Attributes
 */

/**
 * @template {HTMLElement | SVGElement} Made
 * @param {Made} element
 * @param {Attributes} attributes
 * @param {Children[]} children
 * @returns {Made}
 */
function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    const event = name.startsWith("on") ? name.slice("on".length) : "";
    if (event) element.addEventListener(event, /** @type {EventListener} */ (value));
    else if (name === "style")
      element.style.cssText = String(value); // pages with a strict policy forbid the attribute
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  const kept = children.flat().filter((child) => child !== null && child !== undefined);
  element.append(...kept.map((child) => (typeof child === "number" ? String(child) : child)));
  return element;
}

/**
 * Build an HTML element: h("button", {class: "chip", onclick: go}, "Go").
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Children} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  return build(document.createElement(tag), attributes, children);
}

/**
 * A link to a page of somebody else's, which opens beside ours.  Nothing is loaded before it is followed.
 * @param {string} url - One of ours, never a visitor's.
 * @param {string} words
 * @returns {HTMLAnchorElement}
 */
export function outsideLink(url, words) {
  return h("a", { href: url, target: "_blank", rel: "noopener" }, words);
}

/**
 * Build an SVG element, as `h` builds one of HTML.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Children} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * What one draws with on a canvas.
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 * @throws {Error} If the browser cannot draw.
 */
export function penOf(canvas) {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser cannot draw on a canvas");
  return pen;
}

/** In CSS pixels; every paper in use is wider than that. */
export const PAPER_WIDTH = 640;

/**
 * Who hears of the width of each element, and how wide it is on the screen.
 * @type {WeakMap<Element, {tell: (width: number) => void, width: number}>}
 */
const widths = new WeakMap();

/**
 * Call `tell` with the element's width once it is on the page, and whenever the width changes.
 * Asking for the width in every frame would make the browser lay the page out in every frame.  Paper
 * is laid out when nobody can measure any more, so before that it is told a width that every paper has.
 * @param {Element} element
 * @param {(width: number) => void} tell - The width is in CSS pixels.
 * @returns {void}
 */
export function onWidth(element, tell) {
  const heard = { tell, width: 0 };
  widths.set(element, heard);
  new ResizeObserver(([{ contentRect }]) => {
    if (!contentRect.width) return;
    heard.width = contentRect.width;
    tell(heard.width);
  }).observe(element);
  whileAlive(window, "beforeprint", element, (printed) => tellWidth(printed, PAPER_WIDTH));
  whileAlive(window, "afterprint", element, (printed) => tellWidth(printed, Infinity));
}

/**
 * @param {Element} element
 * @param {number} most
 */
function tellWidth(element, most) {
  const heard = widths.get(element);
  if (heard?.width) heard.tell(Math.min(heard.width, most));
}

/**
 * A card and the parts that a lab fills anew.
 * @typedef {object} Card
 * @property {HTMLElement} element - The whole card.
 * @property {HTMLElement} heading
 * @property {HTMLElement} sentence - It says what the picture shows.
 * @property {HTMLElement} badges - Room for short facts with numbers.
 */

/**
 * A card: a heading, a sentence that says what the picture shows, room for badges, and the picture.
 * @param {string} title
 * @param {string} lead
 * @param {...Children} children
 * @returns {Card}
 */
export function card(title, lead, ...children) {
  const heading = h("h2", {}, title);
  const badges = h("div", { class: "badges" });
  const sentence = h("p", { class: "lead" }, lead);
  const element = h("section", { class: "card" }, h("header", {}, heading, badges), sentence, ...children);
  return { element, heading, sentence, badges };
}

/**
 * Replace the badges of a card: short facts with numbers.
 * @param {HTMLElement} badges
 * @param {(string | Node)[]} texts
 * @returns {void}
 */
export function setBadges(badges, texts) {
  badges.replaceChildren(...texts.map((text) => h("span", { class: "badge" }, text)));
}
