// Influence chart: how much each token matters to one of them, measured, beside two formulas.
//
// render(element) -> {update}
//   update({tokens, query, measured | null, diluted, facts, near, log})
//   `measured`, `diluted`: one share per token, each summing to 1; `facts` as reachFacts gives them;
//   `near`: {tokens, part}: so many of the nearest tokens carry that part (of what is not on sinks),
//   or null.

import { columns } from "./columns.js";
import { h, onWidth, svg } from "../core/dom.js";
import { counted, percent } from "../../wording/numbers.js";
import { runs } from "../../patterns/rule.js";
import { readable } from "../../wording/text.js";

const HEIGHT = 256;
const TOP = 62;
const FOOT = 46;
const LOWEST = 1e-4;
const STEPS = [0.02, 0.04, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1];
const AGE_STEPS = [1, 2, 5, 10, 20, 50];
const AGE_ROOM = 34;
const HALF_LETTER = 3.2;

const NOTES = { linear: (share) => percent(share).replace(".0 ", " "), log: (share) => `${100 * share} %` };

// A share's height: 0 at the bottom, 1 on top.
function scaleOf(shares, log) {
  if (log) {
    const height = (share) => Math.max(0, 1 - Math.log10(Math.max(share, LOWEST)) / Math.log10(LOWEST));
    return { height, ticks: [1e-4, 1e-3, 1e-2, 1e-1, 1], note: NOTES.log };
  }
  const most = STEPS.find((step) => step >= Math.max(...shares)) ?? 1;
  return { height: (share) => share / most, ticks: [0, 0.5, 1].map((part) => part * most), note: NOTES.linear };
}

export function render(element) {
  const picture = svg("svg", { class: "influence", height: HEIGHT, tabindex: 0, role: "img" });
  const told = h("p", { class: "told" });
  element.replaceChildren(picture, told);
  let current = null;
  let width = 320;
  let place = null;
  let asked = null;

  function paint() {
    if (!element.isConnected || !current?.tokens.length) return;
    const { tokens, query, measured, diluted, log } = current;
    place = columns(width, tokens.length);
    const scale = scaleOf([...diluted, ...(measured ?? [])], log);
    const y = (share) => TOP + (1 - scale.height(share)) * (HEIGHT - TOP - FOOT);
    picture.setAttribute("width", width);
    picture.setAttribute(
      "aria-label",
      `Share of influence on “${readable(tokens[query])}” by token. Arrow keys read it out.`,
    );
    picture.replaceChildren(
      ...axes(scale, y, width),
      ...bars(measured, y),
      dilutedLine(diluted, y),
      within(),
      ...ceilingLine(),
      ...nearBracket(),
      pointer(),
    );
    tell();
  }

  function axes(scale, y, width) {
    const rules = scale.ticks.map((tick) =>
      svg("path", { class: "rule", d: `M${place.gutter} ${y(tick)}H${width - 8}` }),
    );
    const notes = scale.ticks.map((tick) =>
      svg("text", { x: place.gutter - 7, y: y(tick) + 4, class: "right" }, scale.note(tick)),
    );
    const step = AGE_STEPS.find((size) => size * place.pitch >= AGE_ROOM) ?? 100;
    const ages = [];
    for (let age = 0; age <= current.query; age += step)
      ages.push(svg("text", { x: place.middle(current.query - age), y: HEIGHT - FOOT + 17, class: "middle" }, age));
    const titles = [
      svg("text", { x: 0, y: 12, class: "axis" }, "share of the influence"),
      svg(
        "text",
        { x: place.gutter, y: HEIGHT - 8, class: "axis" },
        `tokens back from “${readable(current.tokens[current.query])}”`,
      ),
    ];
    return [...rules, ...notes, ...ages, ...titles];
  }

  function bars(measured, y) {
    if (!measured) return [];
    const gap = place.pitch > 8 ? 3 : place.pitch > 3 ? 1 : 0;
    const boxes = measured.map((share, position) =>
      share > 0 ? `M${place.left(position) + gap / 2} ${y(0)}V${y(share)}h${place.pitch - gap}V${y(0)}Z` : "",
    );
    return [svg("path", { class: "measured", d: boxes.join("") })];
  }

  // Neighbours are joined; a token between two that are never read stands alone, as a dash.
  function dilutedLine(diluted, y) {
    const read = [...diluted.keys()].filter((position) => diluted[position] > 0);
    const dash = place.pitch / 3;
    const lines = runs(read).map(([first, last]) => {
      if (first === last) return `M${place.middle(first) - dash} ${y(diluted[first])}h${2 * dash}`;
      const points = Array.from(
        { length: last - first + 1 },
        (_, i) => `${place.middle(first + i)} ${y(diluted[first + i])}`,
      );
      return `M${points.join("L")}`;
    });
    return svg("path", { class: "diluted", d: lines.join("") });
  }

  // Every token within exact reach, underlined.
  function within() {
    const inside = [...current.facts.row.keys()].filter((position) => current.facts.row[position]);
    const gap = place.pitch > 8 ? 1.5 : 0;
    const lines = runs(inside).map(
      ([first, last]) => `M${place.left(first) + gap} ${HEIGHT - FOOT + 3}H${place.left(last + 1) - gap}`,
    );
    return svg("path", { class: "within", d: lines.join("") });
  }

  // The ceiling stands at the far edge of the oldest token within reach.
  function ceilingLine() {
    const {
      facts: { back },
      query,
    } = current;
    const x = place.left(Math.max(query - back, 0));
    const line = svg("path", { class: "ceiling", d: `M${x} 19V${HEIGHT - FOOT}` });
    const flipped = x > place.left(current.tokens.length) - 150;
    const note = svg(
      "text",
      { x: flipped ? x - 6 : x + 6, y: 29, class: flipped ? "right note" : "note" },
      ceilingText(),
    );
    return [line, note];
  }

  function ceilingText() {
    const {
      facts: { back, sinks, whole, formula, gaps },
      query,
    } = current;
    if (whole) return "no ceiling: the whole text is in reach";
    const outside = formula !== null && back > query ? ", before the text starts" : "";
    return `ceiling: ${back} back${outside}${sinks ? `, and ${counted(sinks, "sink")}` : ""}${gaps ? ", with gaps" : ""}`;
  }

  // How far back most of the influence lies, to set against the ceiling.
  function nearBracket() {
    const { near, query, facts } = current;
    if (!near) return [];
    const [from, to] = [place.left(query + 1 - near.tokens), place.left(query + 1)];
    const y = TOP - 10;
    const words = `${percent(near.part).replace(".0", "")}${facts.sinks ? " of the rest" : ""}: ${near.tokens} nearest`;
    const half = words.length * HALF_LETTER;
    return [
      svg("path", { class: "near", d: `M${from} ${y + 6}V${y}H${to}V${y + 6}` }),
      svg(
        "text",
        { x: Math.min(Math.max((from + to) / 2, place.gutter + half), to - half), y: y - 6, class: "middle note" },
        words,
      ),
    ];
  }

  function pointer() {
    const shown = asked === null || asked >= current.tokens.length ? 0 : place.pitch;
    return svg("rect", {
      class: "pointer",
      x: place.left(asked ?? 0),
      y: TOP - 8,
      width: shown,
      height: HEIGHT - TOP - FOOT + 8,
    });
  }

  function tell() {
    const { tokens, query, measured, diluted } = current;
    if (asked === null || asked >= tokens.length) return (told.textContent = "Point at a bar to read its numbers.");
    const name = `“${readable(tokens[asked])}” (token ${asked + 1})`;
    if (asked > query) return (told.textContent = `${name} comes later: no influence.`);
    if (!current.facts.row[asked])
      return (told.textContent = `${name}, ${query - asked} back: out of reach, no influence.`);
    const real = measured ? percent(measured[asked]) : "on its way";
    told.textContent = `${name}, ${query - asked} back: measured ${real}, diluted kernel ${percent(diluted[asked])}.`;
  }

  function ask(position) {
    if (position === asked) return;
    asked = position;
    paint();
  }

  picture.addEventListener(
    "pointermove",
    (event) => place && ask(place.at(event.clientX - picture.getBoundingClientRect().left)),
  );
  picture.addEventListener("pointerleave", () => ask(null));
  picture.addEventListener("blur", () => ask(null));
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !current) return;
    event.preventDefault();
    ask(Math.min(Math.max((asked ?? current.query) + (asked === null ? 0 : step), 0), current.tokens.length - 1));
  });

  function update(next) {
    current = next;
    paint();
  }

  onWidth(element, (now) => {
    width = now;
    paint();
  });
  return { update };
}
