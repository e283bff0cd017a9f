// A pen that writes down what it is told to draw: so a view that draws on a canvas becomes vectors,
// by the very functions that draw it on the screen.

/** @import { Pen } from "../core/pen.d.ts" */
/** @import { Hatch, Mark } from "./marks.d.ts" */

import { penOf } from "../core/dom.js";
import { fontIn, measured } from "./letters.js";
import { rounded } from "./outlines.js";

/** @type {Record<string, "start" | "middle" | "end">} */
const ANCHORS = { left: "start", start: "start", center: "middle", right: "end", end: "end" };

/** @implements {Pen} */
export class RecordingPen {
  /** @type {Pen["fillStyle"]} */
  fillStyle = "#000";
  /** @type {Pen["strokeStyle"]} */
  strokeStyle = "#000";
  lineWidth = 1;
  /** @type {CanvasLineCap} */
  lineCap = "butt";
  font = "10px sans-serif";
  /** @type {CanvasTextAlign} */
  textAlign = "start";
  /** @type {CanvasTextBaseline} */
  textBaseline = "alphabetic";
  imageSmoothingEnabled = true;
  outline = "";
  /** @type {object[]} */
  kept = [];

  /**
   * @param {Mark[]} marks - What is drawn comes here.
   * @param {DOMMatrix} place - Where it stands.
   * @param {number} alpha
   */
  constructor(marks, place, alpha) {
    this.marks = marks;
    this.place = place;
    this.alpha = alpha;
  }

  save() {
    const { fillStyle, strokeStyle, lineWidth, lineCap, font, textAlign, textBaseline, place } = this;
    this.kept.push({ fillStyle, strokeStyle, lineWidth, lineCap, font, textAlign, textBaseline, place });
  }

  restore() {
    Object.assign(this, this.kept.pop());
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  translate(x, y) {
    this.place = this.place.translate(x, y);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  scale(x, y) {
    this.place = this.place.scale(x, y);
  }

  /** @param {number} angle - In radians. */
  rotate(angle) {
    this.place = this.place.rotate((angle * 180) / Math.PI);
  }

  beginPath() {
    this.outline = "";
  }

  closePath() {
    this.outline += "Z";
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  moveTo(x, y) {
    this.outline += `M${x} ${y}`;
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  lineTo(x, y) {
    this.outline += `L${x} ${y}`;
  }

  /** @type {Pen["rect"]} */
  rect(x, y, width, height) {
    this.outline += rounded(x, y, width, height, 0);
  }

  /** @type {Pen["roundRect"]} */
  roundRect(x, y, width, height, radius) {
    this.outline += rounded(x, y, width, height, radius);
  }

  /**
   * @param {string} d
   * @param {Partial<{fill: string | Hatch, stroke: string}>} colours
   */
  mark(d, { fill = "none", stroke = "none" }) {
    const { a, b, c, d: down, e, f } = this.place;
    const looks = { width: this.lineWidth, cap: this.lineCap, dash: "", alpha: this.alpha };
    if (d) this.marks.push({ d, fill, stroke, ...looks, matrix: [a, b, c, down, e, f] });
  }

  fill() {
    this.mark(this.outline, { fill: /** @type {any} */ (this.fillStyle) });
  }

  stroke() {
    this.mark(this.outline, { stroke: String(this.strokeStyle) });
  }

  /** @type {Pen["fillRect"]} */
  fillRect(x, y, width, height) {
    this.mark(rounded(x, y, width, height, 0), { fill: /** @type {any} */ (this.fillStyle) });
  }

  /** @type {Pen["strokeRect"]} */
  strokeRect(x, y, width, height) {
    this.mark(rounded(x, y, width, height, 0), { stroke: String(this.strokeStyle) });
  }

  /** @type {Pen["measureText"]} */
  measureText(text) {
    return measured(text, fontIn(this.font));
  }

  /** @type {Pen["fillText"]} */
  fillText(text, x, y) {
    const font = fontIn(this.font);
    const { a, b, c, d, e, f } = this.place;
    const { width, fontBoundingBoxAscent: high } = measured(text, font);
    const lower = high - measured(text, font, this.textBaseline).fontBoundingBoxAscent;
    this.marks.push({
      text,
      x,
      y: y + lower,
      anchor: ANCHORS[this.textAlign],
      font,
      fill: String(this.fillStyle),
      length: width,
      matrix: [a, b, c, d, e, f],
      alpha: this.alpha,
    });
  }

  /** @type {Pen["createPattern"]} */
  createPattern() {
    return null;
  }

  /**
   * @param {string} colour
   * @param {number} scale
   * @returns {any}
   */
  hatched(colour, scale) {
    return { hatch: colour, scale };
  }

  /**
   * An image of few colours as areas: the neighbours in a row that look alike are one stretch.
   * @type {Pen["drawImage"]}
   */
  drawImage(image, x, y, width, height) {
    const [across, down] = [image.width, image.height];
    if (!across || !down) return;
    const pixels = new Uint32Array(penOf(image).getImageData(0, 0, across, down).data.buffer);
    /** @type {Map<number, string>} */
    const areas = new Map();
    const [wide, high] = [width / across, height / down];
    for (let row = 0; row < down; row++)
      for (let start = 0, stop = 0; start < across; start = stop) {
        const colour = pixels[row * across + start];
        while (stop < across && pixels[row * across + stop] === colour) stop++;
        const d = rounded(x + start * wide, y + row * high, (stop - start) * wide, high, 0);
        if (colour >>> 24) areas.set(colour, (areas.get(colour) ?? "") + d);
      }
    for (const [colour, d] of areas)
      this.mark(d, { fill: `rgb(${colour & 255}, ${(colour >> 8) & 255}, ${(colour >> 16) & 255})` });
  }
}
