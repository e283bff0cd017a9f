// Build elements from plain data.  Text always becomes a text node, so what a visitor types can
// never turn into markup.

const SVG = "http://www.w3.org/2000/svg";

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style")
      element.style.cssText = value; // markup's way is forbidden to strict pages
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
