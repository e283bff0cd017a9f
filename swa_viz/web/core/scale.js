// The colours of weights and scores: nothing is the page's own background, and more stands out more,
// darker on a light page and brighter on a dark one.  Two hues only, through the colour of a key; numbers
// below nothing go as far the other way, through the colour of a query.
// Every step looks equally large: lightness (L of Björn Ottosson's OKLab) falls or rises in a straight
// line, and the two other coordinates follow it.

/** @import { Colour, Palette } from "./theme.js" */

import { rgb } from "./theme.js";

const [STEPS, STOPS] = [255, 24];
/** Letters are black on what is lighter than this, and white on what is darker: both can be read there. */
const MIDDLE = 0.18;
const [DARK, GAIN, SHIFT, POWER] = [0.04045, 1.055, 0.055, 2.4];
const DARK_LINEAR = 0.0031308;
const DARK_GAIN = 12.92;

/** Linear red, green and blue to the answers of the eye's three cones, and these to OKLab. */
const TO_CONES = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const TO_LAB = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];
/** The way back. */
const FROM_LAB = [
  [1, 0.3963377774, 0.2158037573],
  [1, -0.1055613458, -0.0638541728],
  [1, -0.0894841775, -1.291485548],
];
const FROM_CONES = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
];

/**
 * @param {number[][]} matrix
 * @param {number[]} vector
 */
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, factor, i) => sum + factor * vector[i], 0));

/**
 * How much light a part of a colour stands for, from 0 to 1.
 * @param {number} part - From 0 to 255.
 */
function linear(part) {
  const share = part / 255;
  return share <= DARK ? share / DARK_GAIN : ((share + SHIFT) / GAIN) ** POWER;
}

/** @param {Colour} colour */
function labOf(colour) {
  return times(TO_LAB, times(TO_CONES, colour.map(linear)).map(Math.cbrt));
}

/**
 * @param {number[]} lab
 * @returns {Colour}
 */
function colourOf(lab) {
  const cones = times(FROM_LAB, lab).map((part) => part ** 3);
  return times(FROM_CONES, cones).map((part) => {
    const bent = part <= DARK_LINEAR ? part * DARK_GAIN : GAIN * part ** (1 / POWER) - SHIFT;
    return Math.round(255 * Math.min(Math.max(bent, 0), 1));
  });
}

/** Towards the end below nothing less is left of the query's hue, as a key's fades on the other side. */
const FADED = 0.5;

/** @typedef {number[][]} Anchors - Three colours in OKLab: nothing, between, most. */

/** @param {Palette} palette */
const anchorsAbove = ({ paper, key, most }) => [paper, key, most].map(labOf);

/**
 * As light at each step as the other side.
 * @param {Palette} palette
 */
function anchorsBelow({ paper, query, most }) {
  const [first, middle, last] = [paper, query, most].map(labOf);
  return [first, middle, [last[0], FADED * middle[1], FADED * middle[2]]];
}

/**
 * The colours from nothing to most, as many as a picture can show.
 * @param {Anchors} anchors
 * @returns {Colour[]}
 */
function made(anchors) {
  const [first, middle, last] = anchors.map(([lightness]) => lightness);
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const lightness = first + (i / STEPS) * (last - first);
    const isFar = (lightness - middle) / (last - first) > 0;
    const [from, to] = isFar ? anchors.slice(1) : anchors;
    const part = (lightness - from[0]) / (to[0] - from[0]);
    return colourOf([lightness, ...[1, 2].map((axis) => from[axis] + part * (to[axis] - from[axis]))]);
  });
}

/** @type {WeakMap<Palette, Colour[]>} */
const scales = new WeakMap();
/** @type {WeakMap<Palette, Colour[]>} */
const scalesBelow = new WeakMap();

/**
 * The colour of a share on the scale.
 * @param {number} share - From 0 to 1; what lies outside counts as the nearer end.
 * @param {Palette} palette - The theme's.
 * @returns {Colour}
 */
export function scaleColour(share, palette) {
  const scale = scales.get(palette) ?? made(anchorsAbove(palette));
  scales.set(palette, scale);
  return scale[Math.round(Math.min(Math.max(share, 0), 1) * STEPS)];
}

/**
 * The colour of a share that may be below 0, for numbers with two signs.
 * @param {number} share - From -1 to 1; what lies outside counts as the nearer end.
 * @param {Palette} palette - The theme's.
 * @returns {Colour}
 */
export function signedColour(share, palette) {
  if (share >= 0) return scaleColour(share, palette);
  const scale = scalesBelow.get(palette) ?? made(anchorsBelow(palette));
  scalesBelow.set(palette, scale);
  return scale[Math.round(Math.min(-share, 1) * STEPS)];
}

/**
 * The whole scale as a background, from left to right.
 * @param {Palette} palette - The theme's.
 * @param {number} [first] - Where it begins: 0, or -1 for numbers with two signs.
 * @returns {string}
 */
export function rampOf(palette, first = 0) {
  const shares = Array.from({ length: STOPS + 1 }, (_, i) => first + (i / STOPS) * (1 - first));
  const stops = shares.map((share) => rgb(signedColour(share, palette)));
  return `linear-gradient(90deg, ${stops.join(",")})`;
}

/**
 * Black or white, whichever can be read on a colour.
 * @param {Colour} colour
 * @returns {string}
 */
export function letterColour(colour) {
  const [red, green, blue] = colour.map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > MIDDLE ? "#000" : "#fff";
}
