// A picture as a file: vectors as SVG, or pixels as PNG.

/** @import { Mark, Picture, Shape } from "./marks.d.ts" */

import { penOf, svg } from "../core/dom.js";
import { hatching, STARTS, TILE, WIDTH } from "../core/hatching.js";
import { written } from "./letters.js";

/**
 * A picture that stands for itself.
 * @typedef {Picture & {title: string, address: string, paper: string}} Sheet
 */

const PER_PIXEL = 2;
const [MOST, DIGITS] = [255, 16];
// XML knows no such characters, in no writing.
const UNWRITABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/**
 * A colour as every program reads it, and how much it covers.
 * @param {string} colour - As a style sheet computes it.
 * @returns {[colour: string, alpha: number]}
 */
function literal(colour) {
  if (colour === "none") return [colour, 1];
  if (colour.startsWith("#")) return [colour, 1];
  const numbers = (colour.match(/[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  const [red, green, blue, alpha = 1] = numbers;
  const full = colour.startsWith("color(") ? MOST : 1;
  const hex = [red, green, blue].map((part) =>
    Math.round(part * full)
      .toString(DIGITS)
      .padStart(2, "0"),
  );
  return [`#${hex.join("")}`, alpha];
}

/** @param {string} text */
const writable = (text) => text.replace(UNWRITABLE, "\ufffd");

/**
 * @param {string} name - "fill" or "stroke".
 * @param {string} colour
 * @param {number} alpha
 */
function paint(name, colour, alpha) {
  const [plain, own] = literal(colour);
  const cover = Math.round(own * alpha * 1000) / 1000;
  return { [name]: cover ? plain : "none", [`${name}-opacity`]: cover && cover < 1 ? cover : null };
}

/**
 * A tile of slanted lines.
 * @param {Exclude<Shape["fill"], string>} fill
 * @param {string} id
 */
function tile({ hatch, scale }, id) {
  const size = Math.round(TILE * scale);
  const d = STARTS.map((start) => `M${start * size} ${size}L${(start + 1) * size} 0`).join("");
  const lines = svg("path", { d, fill: "none", ...paint("stroke", hatch, 1), "stroke-width": WIDTH * scale });
  return svg("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" }, lines);
}

/**
 * @param {Mark} mark
 * @param {SVGElement} tiles - Where tiles are kept.
 */
function elementOf(mark, tiles) {
  const { matrix, alpha } = mark;
  const transform = String(matrix) === "1,0,0,1,0,0" ? null : `matrix(${matrix.join(" ")})`;
  if ("text" in mark) {
    const { font, anchor, length, text, x, y, fill } = mark;
    const letters = { "font-family": font.family, "font-size": font.size, "font-weight": font.weight };
    const place = { x, y, "text-anchor": anchor, textLength: length.toFixed(2), lengthAdjust: "spacingAndGlyphs" };
    return svg("text", { ...place, ...letters, ...paint("fill", fill, alpha), transform }, writable(text));
  }
  const { d, fill, stroke, width, dash, cap } = mark;
  const lines =
    stroke === "none" ? {} : { "stroke-width": width, "stroke-dasharray": dash || null, "stroke-linecap": cap };
  if (typeof fill === "string")
    return svg("path", { d, ...paint("fill", fill, alpha), ...paint("stroke", stroke, alpha), ...lines, transform });
  const id = `hatch-${tiles.children.length}`;
  tiles.append(tile(fill, id));
  return svg("path", { d, fill: `url(#${id})`, transform });
}

/**
 * A picture as the text of an SVG file: colours as numbers, words as words, nothing from elsewhere.
 * @param {Sheet} sheet
 * @returns {Blob}
 */
export function svgFile({ marks, width, height, title, address, paper }) {
  const tiles = svg("defs");
  const ground = svg("rect", { width, height, ...paint("fill", paper, 1) });
  const shapes = marks.map((mark) => elementOf(mark, tiles));
  const picture = svg(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" },
    svg("title", {}, writable(title)),
    svg("desc", {}, writable(address)),
    tiles,
    ground,
    shapes,
  );
  const text = new XMLSerializer().serializeToString(picture);
  return new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`], { type: "image/svg+xml" });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Mark} mark
 */
function draw(pen, mark) {
  const [a, b, c, d, e, f] = mark.matrix;
  pen.setTransform(PER_PIXEL * a, PER_PIXEL * b, PER_PIXEL * c, PER_PIXEL * d, PER_PIXEL * e, PER_PIXEL * f);
  pen.globalAlpha = mark.alpha;
  if ("text" in mark) {
    pen.font = written(mark.font);
    pen.textAlign = mark.anchor === "middle" ? "center" : mark.anchor;
    pen.fillStyle = mark.fill;
    // Digits of one width, which the page has, are not known to a canvas.
    pen.letterSpacing = "0px";
    pen.letterSpacing = `${(mark.length - pen.measureText(mark.text).width) / mark.text.length}px`;
    return pen.fillText(mark.text, mark.x, mark.y);
  }
  const path = new Path2D(mark.d);
  const { fill, stroke, width, dash, cap } = mark;
  if (fill !== "none") {
    pen.fillStyle = typeof fill === "string" ? fill : hatching(pen, fill.hatch, fill.scale);
    pen.fill(path);
  }
  if (stroke === "none") return;
  pen.strokeStyle = stroke;
  pen.lineWidth = width;
  pen.lineCap = /** @type {CanvasLineCap} */ (cap);
  pen.setLineDash(dash ? dash.split(/[\s,]+/).map(Number) : []);
  pen.stroke(path);
}

/**
 * The same as a PNG file, with two pixels for each of the page's.
 * @param {Sheet} sheet
 * @returns {Promise<Blob | null>}
 */
export function pngFile({ marks, width, height, paper }) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height].map((side) => Math.round(side * PER_PIXEL));
  const pen = penOf(canvas);
  pen.fillStyle = paper;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  for (const mark of marks) draw(pen, mark);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
