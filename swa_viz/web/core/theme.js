// Colours: one picture language on all pages (Okabe-Ito hues, each with a second sign elsewhere), read
// from the style sheet, in which every theme states its own.

/**
 * A colour as red, green and blue, each from 0 to 255.
 * @typedef {number[]} Colour
 */

/**
 * The colours of the picture language, by their names in the style sheet.
 * @typedef {Record<typeof NAMES[number], Colour>} Palette
 */
const NAMES = /** @type {const} */ ([
  "query",
  "key",
  "outside",
  "pinned",
  "reach",
  "evicted",
  "pending",
  "most",
  "paper",
  "ink",
  "line",
]);

/**
 * The colour that a style sheet means by "#rgb", "#rrggbb" or "rgb(r, g, b)".
 * @param {string} text
 * @returns {Colour}
 */
function parseColour(text) {
  if (text.startsWith("#")) {
    const hex = text.length === 4 ? [...text.slice(1)].map((c) => c + c).join("") : text.slice(1, 7);
    return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16));
  }
  return (text.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}

/**
 * The looks of each lab: reading them costs the browser a pass over its styles, so it is done once.
 * @type {WeakMap<Element, {colours: Palette, font: string}>}
 */
const looks = new WeakMap();

/** @param {Element} root */
function isDark(root) {
  const [red, green, blue] = parseColour(getComputedStyle(root).getPropertyValue("background-color"));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

/**
 * Set data-theme on the root from the background that the host page gives us, and call `redraw`
 * when that background changes.  A host without theme variables follows the system.
 * @param {HTMLElement} root
 * @param {() => void} redraw
 * @returns {void}
 */
export function followTheme(root, redraw) {
  sense(root);
  root.addEventListener("transitionend", (event) => {
    if (event.target === root && sense(root)) redraw();
  });
}

/** @param {HTMLElement} root */
function sense(root) {
  looks.delete(root);
  const theme = isDark(root) ? "dark" : "light";
  const changed = root.dataset.theme !== theme;
  root.dataset.theme = theme;
  return changed;
}

/**
 * Take the colours of paper, which is light, or go back to those of the page.  What is drawn must be
 * drawn anew.
 * @param {HTMLElement} root - Of a lab.
 * @param {boolean} isPaper
 * @returns {void}
 */
export function takePaper(root, isPaper) {
  root.toggleAttribute("data-paper", isPaper);
  sense(root);
}

/** @param {Element} element */
function readLooks(element) {
  const style = getComputedStyle(element);
  const named = NAMES.map((name) => [name, parseColour(style.getPropertyValue(`--${name}`).trim())]);
  return { colours: /** @type {Palette} */ (Object.fromEntries(named)), font: style.fontFamily };
}

/** @param {Element} element */
function looksOf(element) {
  const root = element.closest(".lab") ?? element;
  const known = looks.get(root) ?? readLooks(element);
  looks.set(root, known);
  return known;
}

/**
 * The colours of the picture language, read from the style sheet.
 * @param {Element} element - Any element of a lab.
 * @returns {Palette}
 */
export const palette = (element) => looksOf(element).colours;

/**
 * The family of letters for a canvas.
 * @param {Element} element - Any element of a lab.
 * @returns {string}
 */
export const fontOf = (element) => looksOf(element).font;

/**
 * A colour as a style sheet writes it.
 * @param {Colour} colour
 * @param {number} [alpha] - From 0, which is invisible, to 1.
 * @returns {string}
 */
export function rgb([red, green, blue], alpha = 1) {
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}
