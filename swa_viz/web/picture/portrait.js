// A part of the page as a picture: its boxes, words, SVG shapes and canvases, where they stand.  So
// what is saved is what was seen, and a new view needs nothing for it.

/** @import { Mark, Picture } from "./marks.d.ts" */
/** @import { Line } from "./lines_of_text.js" */
/** @import { Scene } from "./scene.js" */

import { offerOf } from "../core/offer.js";
import { drawBox } from "./boxes.js";
import { fitting, measured } from "./letters.js";
import { linesOf } from "./lines_of_text.js";
import { outlineOf } from "./outlines.js";
import { RecordingPen } from "./recording_pen.js";
import { SHAPE, extend, placeOf } from "./scene.js";

/** What no picture shows: it is only heard, or it only serves on the screen. */
const LEFT_OUT = ".sr-only, .unsaved";

/**
 * The picture of a part of the page.
 * @param {Element} view
 * @returns {Picture}
 */
export function portrait(view) {
  const { left, top, height } = view.getBoundingClientRect();
  /** @type {Mark[]} */
  const marks = [];
  const extent = { right: left };
  visit(view, { marks, view, left, top, alpha: 1, room: Infinity, extent, underlined: null });
  return { marks, width: extent.right - left, height };
}

/**
 * @param {Element} element
 * @param {CSSStyleDeclaration} style
 */
const isLeftOut = (element, { display, visibility }) =>
  display === "none" || visibility === "hidden" || element.matches(LEFT_OUT);

/**
 * @param {Element} element
 * @param {Scene} scene
 */
function visit(element, scene) {
  const style = getComputedStyle(element);
  const alpha = scene.alpha * Number(style.opacity);
  if (!alpha || isLeftOut(element, style)) return;
  const inner = { ...scene, alpha };
  if (element instanceof SVGElement) return visitShape(element, style, inner);
  const box = element.getBoundingClientRect();
  drawBox(style, box, inner);
  if (element instanceof HTMLCanvasElement) return drawCanvas(element, box, inner);
  drawPseudo(element, style, box, inner);
  if (style.textDecorationLine === "underline") inner.underlined = style;
  if (style.textOverflow === "ellipsis") inner.room = Math.min(inner.room, box.right - scene.left);
  for (const child of element.childNodes) {
    if (child instanceof Element) visit(child, inner);
    else if (child instanceof Text) drawLines(linesOf(child), style, inner);
  }
}

/**
 * What a style sheet puts before an element's words, or below its box.
 * @param {Element} element
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 * @param {Scene} scene
 */
function drawPseudo(element, style, box, scene) {
  const before = getComputedStyle(element, "::before");
  const after = getComputedStyle(element, "::after");
  const words = /^"(.+)"$/.exec(before.content)?.[1].trim();
  const first = element.firstChild;
  if (words && first instanceof Text) {
    const [line] = linesOf(first);
    if (line) drawLines([{ ...line, text: words, left: box.left, right: line.left }], before, scene);
  }
  if (after.content === '""' && after.position === "absolute") {
    const border = parseFloat(style.borderTopWidth);
    const [left, top, width, height] = [after.left, after.top, after.width, after.height].map(parseFloat);
    const bar = new DOMRect(box.left + border + left, box.top + border + top, width, height);
    drawBox(after, bar, { ...scene, alpha: scene.alpha * Number(after.opacity) });
  }
}

/**
 * @param {CSSStyleDeclaration} style
 * @returns {{weight: string, size: number, family: string}}
 */
const fontOf = ({ fontWeight, fontSize, fontFamily }) => ({
  weight: fontWeight,
  size: parseFloat(fontSize),
  family: fontFamily,
});

/**
 * @param {Line[]} lines
 * @param {CSSStyleDeclaration} style
 * @param {Scene} scene
 */
function drawLines(lines, style, scene) {
  const font = fontOf(style);
  for (const { text, left, right, top, height } of lines) {
    const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = measured(text, font);
    const room = scene.room - (left - scene.left);
    const length = Math.min(right - left, room);
    const y = top + (height * up) / (up + down);
    extend(scene, left + length);
    if (scene.underlined) underline(scene.underlined, { left, y, length }, scene);
    scene.marks.push({
      text: right - left > room + 1 ? fitting(text, font, room) : text,
      x: left,
      y,
      anchor: "start",
      font,
      fill: style.color,
      length,
      matrix: placeOf(scene),
      alpha: scene.alpha,
    });
  }
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {{left: number, y: number, length: number}} words
 * @param {Scene} scene
 */
function underline(style, { left, y, length }, scene) {
  const [lower, width] = [style.textUnderlineOffset, style.textDecorationThickness].map(
    (size) => parseFloat(size) || 1,
  );
  const d = `M${left} ${y + lower + width / 2}h${length}`;
  const stroke = style.textDecorationColor;
  scene.marks.push({ ...SHAPE, d, stroke, width, matrix: placeOf(scene), alpha: scene.alpha });
}

/**
 * The canvas of a view is drawn again, by a pen that keeps what it draws.
 * @param {HTMLCanvasElement} canvas
 * @param {DOMRect} box
 * @param {Scene} scene
 */
function drawCanvas(canvas, { left, top, width, height }, scene) {
  const { marks, view, alpha } = scene;
  extend(scene, left + width);
  const place = new DOMMatrix().translate(left - scene.left, top - scene.top);
  offerOf(view)?.draw?.(new RecordingPen(marks, place.scale(width / canvas.width, height / canvas.height), alpha));
}

/**
 * An element of an SVG picture, and what stands in it.
 * @param {SVGElement} element
 * @param {CSSStyleDeclaration} style
 * @param {Scene} scene
 */
function visitShape(element, style, scene) {
  const at = element instanceof SVGGraphicsElement ? element.getScreenCTM() : null;
  if (!at) return;
  const { marks, alpha } = scene;
  extend(scene, element.getBoundingClientRect().right);
  const matrix = [at.a, at.b, at.c, at.d, at.e - scene.left, at.f - scene.top];
  if (element instanceof SVGTextElement) return drawWords(element, style, { ...scene, matrix });
  const d = outlineOf(element);
  const width = parseFloat(style.strokeWidth);
  const dash = style.strokeDasharray === "none" ? "" : style.strokeDasharray.replace(/px/g, "");
  const looks = { width, dash, cap: style.strokeLinecap, matrix };
  const filled = alpha * Number(style.fillOpacity);
  const drawn = alpha * Number(style.strokeOpacity);
  if (d && style.fill !== "none") marks.push({ ...SHAPE, d, fill: style.fill, matrix, alpha: filled });
  if (d && style.stroke !== "none") marks.push({ ...SHAPE, ...looks, d, stroke: style.stroke, alpha: drawn });
  for (const child of element.children) visit(child, scene);
}

/**
 * @param {SVGTextElement} element
 * @param {CSSStyleDeclaration} style
 * @param {Scene & {matrix: number[]}} scene
 */
function drawWords(element, style, { marks, alpha, matrix }) {
  const anchor = /** @type {"start" | "middle" | "end"} */ (style.textAnchor);
  const [x, y] = ["x", "y"].map((name) => Number(element.getAttribute(name)));
  const looks = { anchor, font: fontOf(style), fill: style.fill, length: element.getComputedTextLength() };
  marks.push({ text: element.textContent ?? "", x, y, ...looks, matrix, alpha });
}
