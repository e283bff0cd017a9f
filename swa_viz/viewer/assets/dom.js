// Build elements from plain data.  Text always becomes a text node, so what a visitor types can
// never turn into markup.

const SVG = "http://www.w3.org/2000/svg";

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") element.style.cssText = value; // markup's way is forbidden to strict pages
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// An HTML element: h("button", {class: "chip", onclick: go}, "Go").
export function h(tag, attributes = {}, ...children) {
  return build(document.createElement(tag), attributes, children);
}

// The same for SVG.
export function svg(tag, attributes = {}, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

// Call `tell(width)` once the element is on the page, and whenever its width changes.  Asking for
// the width in every frame would make the browser lay the page out in every frame.
export function onWidth(element, tell) {
  new ResizeObserver(([{ contentRect }]) => contentRect.width && tell(contentRect.width)).observe(element);
}

// A card: a heading, a sentence that says what the picture shows, room for badges, and the picture.
export function card(title, lead, ...children) {
  const heading = h("h2", {}, title);
  const badges = h("div", { class: "badges" });
  const sentence = h("p", { class: "lead" }, lead);
  const element = h("section", { class: "card" }, h("header", {}, heading, badges), sentence, ...children);
  return { element, heading, sentence, badges };
}

// Replace the badges of a card: short facts with numbers.
export function setBadges(badges, texts) {
  badges.replaceChildren(...texts.map((text) => h("span", { class: "badge" }, text)));
}

const GROUPED = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

// 12345.6 -> "12,346"
export function thousands(number) {
  return GROUPED.format(Math.round(number));
}

// counted(1, "token") -> "1 token"; counted(4096, "token") -> "4,096 tokens"
export function counted(number, noun) {
  return `${thousands(number)} ${noun}${number === 1 ? "" : "s"}`;
}

// A probability as text: "13.6 %", and never "0.0 %" for something that is not nothing.
export function percent(share) {
  if (share > 0 && share < 0.0005) return "< 0.1 %";
  return `${(100 * share).toFixed(1)} %`;
}

// A weight as text, short enough to stand under a token.
export function weightText(weight) {
  if (weight > 0 && weight < 0.005) return "<.01";
  return weight.toFixed(2);
}
