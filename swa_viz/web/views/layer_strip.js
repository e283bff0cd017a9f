// The strip of layers: one button each, and a click gives the layer its next pattern.
//
// render(knob, {onChange(letters, index | null)}) -> {element, update}
//   update({letters, schedule, counting, shown}): `schedule` are the patterns of all layers;
//   `counting`: how many of them count, the others rest; `shown`: the one on screen, or null.

import { h, svg } from "../core/dom.js";
import { nPinned } from "../../patterns/pattern.js";
import { keyRanges } from "../../patterns/ranges.js";
import { patternName, patternWord, scheduleOf } from "../../patterns/schedule.js";

const TINY = 9;

// A pattern's matrix at the size of a letter, with a window of three.
function glyph(letter, sinks) {
  const [pattern] = scheduleOf({ schedule: letter, window: 3, sinks: Math.min(sinks, 1) });
  const cells = [];
  for (let query = 0; query < TINY; query++)
    for (const [start, stop, step] of keyRanges(pattern, query, TINY))
      for (let key = start; key < stop; key += step) cells.push(`M${key} ${query}h1v1h-1Z`);
  return svg(
    "svg",
    { class: "glyph", viewBox: `0 0 ${TINY} ${TINY}`, "aria-hidden": "true" },
    svg("path", { class: "below", d: `M0 0L${TINY} ${TINY}H0Z` }),
    svg("path", { class: "read", d: cells.join("") }),
  );
}

export function render(knob, { onChange }) {
  const cycle = Object.keys(knob.letters);
  let letters = knob.default;
  const spoken = h("span", { class: "sr-only", role: "status" });

  const nextOf = (letter, by) => cycle.at((cycle.indexOf(letter) + by) % cycle.length);

  // The next click may come before the next frame, so the letters change at once.
  function turn(index, by) {
    letters = letters.slice(0, index) + nextOf(letters[index], by) + letters.slice(index + 1);
    spoken.textContent = `Layer ${index + 1}: ${knob.letters[letters[index]]}`;
    onChange(letters, index);
  }

  function press(event, index) {
    const turns = { ArrowDown: 1, ArrowUp: -1 };
    const moves = { ArrowRight: 1, ArrowLeft: -1 };
    if (event.key in turns) turn(index, turns[event.key]);
    else if (event.key in moves) buttons[index + moves[event.key]]?.focus();
    else return;
    event.preventDefault();
  }

  const buttons = [...knob.default].map((_, index) =>
    h("button", {
      type: "button",
      class: "layer",
      onclick: (event) => turn(index, event.shiftKey ? -1 : 1),
      onkeydown: (event) => press(event, index),
    }),
  );
  const reset = h(
    "button",
    {
      type: "button",
      class: "link",
      onclick: () => {
        letters = knob.default;
        spoken.textContent = "All layers have windows again";
        buttons[0].focus();
        onChange(letters, null);
      },
    },
    "all windows",
  );
  const head = h(
    "div",
    { class: "strip-head" },
    h("span", {}, knob.label),
    h("span", {}, knob.fixed ? "" : "click to change"),
    reset,
  );
  const element = h(
    "div",
    { class: "control layer-strip", role: "group", "aria-label": knob.label },
    head,
    h("div", { class: "layer-row" }, buttons),
    spoken,
  );

  let drawn = "";
  function update(next) {
    letters = next.letters;
    const looks = JSON.stringify([next.schedule, next.counting, next.shown]);
    if (looks === drawn) return;
    drawn = looks;
    reset.hidden = letters === knob.default;
    buttons.forEach((button, index) => {
      const pattern = next.schedule[index];
      const sinks = nPinned(pattern);
      const star = sinks ? h("span", { class: "star" }, "★") : null;
      button.dataset.letter = letters[index];
      button.disabled = knob.fixed || index >= next.counting;
      button.classList.toggle("shown", index === next.shown);
      button.setAttribute(
        "aria-label",
        `Layer ${index + 1}: ${patternName(pattern)}, click for ${knob.letters[nextOf(letters[index], 1)]}`,
      );
      button.replaceChildren(
        h("span", { class: "top" }, h("strong", {}, index + 1), glyph(letters[index], sinks), star),
        h("span", {}, patternWord(pattern)),
      );
    });
  }

  return { element, update };
}
