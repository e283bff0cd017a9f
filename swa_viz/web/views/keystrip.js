// The row of keys: all tokens in one line, and which of them the chosen query reads.
//
// render(element) -> {update({words | null, seqLen, pattern, full, query})}
// Few tokens are drawn one by one, as on the other pages; many as stretches of one kind.

import { h, svg } from "../core/dom.js";
import { isPinned, visible } from "../../patterns/pattern.js";
import { readable } from "../core/text.js";

const DRAWN_SINGLY = 40;
const HEIGHT = 26;

function roleOf({ pattern, full, query }, key) {
  if (key === query) return "query";
  if (visible(pattern, query, key)) return isPinned(pattern, key) ? "pinned" : "key";
  return visible(full, query, key) ? "outside" : "future";
}

function chips(data) {
  return Array.from({ length: data.seqLen }, (_, key) => {
    const text = data.words ? readable(data.words[key]) : String(key + 1);
    return h("li", { class: "chip", "data-role": roleOf(data, key) }, h("bdi", {}, text));
  });
}

function stretches(data) {
  const found = [];
  for (let key = 0; key < data.seqLen; key++) {
    const role = roleOf(data, key);
    const open = found[found.length - 1];
    if (open?.role === role) open.stop = key + 1;
    else found.push({ role, start: key, stop: key + 1 });
  }
  return found;
}

function bar(data) {
  const shape = ({ role, start, stop }) =>
    svg("rect", {
      x: start,
      width: stop - start,
      y: role === "query" ? 0 : 4,
      height: HEIGHT - (role === "query" ? 0 : 8),
      class: role,
    });
  return svg(
    "svg",
    { viewBox: `0 0 ${data.seqLen} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    stretches(data).map(shape),
  );
}

// Where along the bar the numbers of its ends and of the query stand.
function ruler({ seqLen, query }) {
  const place = (key) => `left:${(100 * (key + 0.5)) / seqLen}%`;
  const near = (key) => Math.abs(key - query) < seqLen * 0.08;
  const ends = [0, seqLen - 1].filter((key) => !near(key));
  return h(
    "div",
    { class: "ruler", "aria-hidden": "true" },
    ends.map((key) => h("span", { style: place(key) }, key + 1)),
    h("span", { style: place(query), class: "query" }, query + 1),
  );
}

export function render(element) {
  function update(data) {
    const singly = data.seqLen <= DRAWN_SINGLY;
    const picture = singly
      ? [h("ol", { class: "key-chips" }, chips(data))]
      : [h("div", { class: "key-bar" }, bar(data), ruler(data))];
    element.replaceChildren(...picture);
  }
  return { update };
}
