// Outlines as an SVG path writes them.

/** @param {number} number */
const short = (number) => Math.round(number * 100) / 100;

/**
 * A rectangle, perhaps with round corners.
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {number} radius
 * @returns {string}
 */
export function rounded(x, y, width, height, radius) {
  const r = short(Math.max(0, Math.min(radius, width / 2, height / 2)));
  const [left, top, right, bottom] = [x, y, x + width, y + height].map(short);
  if (!r) return `M${left} ${top}H${right}V${bottom}H${left}Z`;
  /**
   * @param {number} across
   * @param {number} down
   */
  const corner = (across, down) => `a${r} ${r} 0 0 1 ${across} ${down}`;
  return (
    `M${short(left + r)} ${top}H${short(right - r)}${corner(r, r)}V${short(bottom - r)}${corner(-r, r)}` +
    `H${short(left + r)}${corner(-r, -r)}V${short(top + r)}${corner(r, -r)}Z`
  );
}

/** @type {Record<string, (number: (name: string) => number, text: (name: string) => string) => string>} */
const OUTLINES = {
  path: (_, text) => text("d"),
  rect: (number) => rounded(number("x"), number("y"), number("width"), number("height"), number("rx")),
  line: (number) => `M${number("x1")} ${number("y1")}L${number("x2")} ${number("y2")}`,
  polyline: (_, text) => `M${text("points").trim().replace(/\s+/g, "L")}`,
  circle: (number) => {
    const [x, y, r] = ["cx", "cy", "r"].map(number);
    return rounded(x - r, y - r, 2 * r, 2 * r, r);
  },
};

/**
 * The outline of an element of an SVG picture; "" where it has none.
 * @param {Element} element
 * @returns {string}
 */
export function outlineOf(element) {
  /** @param {string} name */
  const text = (name) => element.getAttribute(name) ?? "";
  return OUTLINES[element.localName]?.((name) => Number(text(name)), text) ?? "";
}
