// What comes next: the likeliest tokens under two conditions, side by side on one scale.
//
// render(element, data) -> {update}
//   data: {left, right}, each {name, short, list: [{id, piece, share}] or null, pending: words or ""}

import { h } from "../core/dom.js";
import { percent } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";

// What the other condition gives this token; below its tenth all we know is a ceiling.
function elsewhere(list, id) {
  if (!list) return "";
  const found = list.find((entry) => entry.id === id);
  return found ? percent(found.share) : `below ${percent(list[list.length - 1].share)}`;
}

function bar(entry, largest, other) {
  const unknown = other.list && !other.list.some(({ id }) => id === entry.id);
  const blank = entry.piece.startsWith(" ") ? "" : "+";
  return h(
    "li",
    {},
    h(
      "span",
      { class: "word", title: blank ? "continues the word" : "starts a new word" },
      h("bdi", {}, blank + readable(entry.piece)),
    ),
    h("span", { class: "track" }, h("span", { class: "fill", style: `width:${(100 * entry.share) / largest}%` })),
    h("span", { class: "share" }, percent(entry.share)),
    h("span", { class: unknown ? "other gone" : "other" }, elsewhere(other.list, entry.id)),
  );
}

function column(side, other, largest, kind) {
  const rows = side.list ? side.list.map((entry) => bar(entry, largest, other)) : [];
  const head = h(
    "li",
    { class: "head" },
    h("span", { class: "word" }, "token"),
    h("span", { class: "track" }),
    h("span", { class: "share" }, "here"),
    h("span", { class: "other" }, other.short),
  );
  return h(
    "div",
    { class: `column ${kind}${side.pending ? " pending" : ""}` },
    h("h3", {}, side.name),
    h("p", { class: "lead" }, side.pending || ""),
    h("ol", { class: "bars" }, head, rows),
  );
}

export function render(element, data) {
  function update({ left, right }) {
    const shares = [left, right].flatMap(({ list }) => (list ?? []).map(({ share }) => share));
    const largest = Math.max(...shares, 0.01);
    element.replaceChildren(
      h("div", { class: "columns" }, column(left, right, largest, "full"), column(right, left, largest, "windowed")),
    );
  }
  update(data);
  return { update };
}
