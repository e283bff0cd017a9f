// The boxes of a page as marks of a picture: their background and their border.

/** @import { Scene } from "./scene.js" */

import { rounded } from "./outlines.js";
import { SHAPE, extend, placeOf } from "./scene.js";

const SIDES = /** @type {const} */ (["Top", "Right", "Bottom", "Left"]);
const CLEAR = /^(transparent|rgba\(.*, 0\))$/;
const GRADIENT = "linear-gradient";

/**
 * The background of a box, and its border.
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 * @param {Scene} scene
 * @returns {void}
 */
export function drawBox(style, box, scene) {
  const { left, top, width, height } = box;
  const looks = { ...SHAPE, matrix: placeOf(scene), alpha: scene.alpha };
  const radius = parseFloat(style.borderTopLeftRadius) || 0;
  const ramp = style.backgroundImage.startsWith(GRADIENT) ? style.backgroundImage : "";
  const colours = ramp.match(/rgba?\([^)]*\)/g) ?? [];
  const step = width / colours.length;
  const isFilled = !CLEAR.test(style.backgroundColor);
  if (isFilled)
    scene.marks.push({ ...looks, d: rounded(left, top, width, height, radius), fill: style.backgroundColor });
  colours.forEach((fill, i) => {
    scene.marks.push({ ...looks, d: rounded(left + i * step, top, step + 0.3, height, 0), fill });
  });
  const isLined = drawBorder(style, box, scene);
  if (isFilled || isLined || ramp) extend(scene, left + width);
}

/**
 * The border of a box: all around, or only above it.
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 * @param {Scene} scene
 * @returns {boolean} Whether there is one.
 */
function drawBorder(style, { left, top, width, height }, { marks, ...scene }) {
  /** @param {typeof SIDES[number]} side */
  const widthOf = (side) => (style[`border${side}Style`] === "none" ? 0 : parseFloat(style[`border${side}Width`]));
  const widths = SIDES.map(widthOf);
  const [line] = widths;
  if (!line) return false;
  const isWhole = widths.every((each) => each === line);
  const radius = parseFloat(style.borderTopLeftRadius) || 0;
  const around = rounded(left + line / 2, top + line / 2, width - line, height - line, radius - line / 2);
  marks.push({
    ...SHAPE,
    d: isWhole ? around : `M${left} ${top + line / 2}h${width}`,
    stroke: style.borderTopColor,
    width: line,
    dash: style.borderTopStyle === "dashed" ? `${3 * line} ${2 * line}` : "",
    matrix: placeOf({ marks, ...scene }),
    alpha: scene.alpha,
  });
  return true;
}
