// One number, many programs: how many keys each of them reads when its window is set to it.

/** @import { Convention } from "../../patterns/conventions.js" */
/** @import { Pattern } from "../../web/core/types.d.ts" */
/** @import { WindowData, WindowLab } from "./chosen.js" */

import { fromConvention, inOurWords, keysText, sidesOf, withNumber } from "../../patterns/conventions.js";
import { card, h, outsideLink, svg } from "../../web/core/dom.js";
import { windowOf } from "./chosen.js";

/**
 * A program, and what it makes of the number.
 * @typedef {object} Row
 * @property {string} key
 * @property {Convention} convention
 * @property {Pattern} pattern
 * @property {number} number - What was used.
 * @property {boolean} even - Else the number was odd and had to be even.
 */

/**
 * How many keys a picture shows before and after its query.
 * @typedef {{before: number, after: number}} Sides
 */

const ROOM = 272;
const CELLS = { smallest: 3, largest: 8 };
const HEIGHT = 12;
const HEADS = ["Program", "Its rule", "Keys read", "Ours", "Around the query"];
/** @type {Convention} */
const OURS = {
  ...{ label: "this lab", says: "0 ≤ age < w", source: "this lab", url: "" },
  ...{ kind: "sliding", n_per_unit: 1, extra_keys: 0, rounds_down: false },
};

/**
 * The keys around one query, oldest left: an off-by-one is one more box.
 * @param {Pattern} pattern
 * @param {Sides} widest - Of all pictures, so that their queries stand below each other.
 */
function keysPicture(pattern, widest) {
  const [before, after] = sidesOf(pattern);
  const boxes = widest.before + widest.after + 1;
  const cell = Math.min(CELLS.largest, ROOM / boxes);
  if (cell < CELLS.smallest) return null;
  /** @param {number} age */
  const box = (age) =>
    svg("rect", {
      x: (widest.before - age) * cell,
      y: 1,
      width: 0.75 * cell,
      height: HEIGHT - 2,
      rx: cell / 5,
      class: age === 0 ? "query" : "key",
    });
  const ages = Array.from({ length: before + after + 1 }, (_, i) => before - i);
  const width = boxes * cell;
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, "aria-hidden": "true", class: "keys-picture" },
    ages.map(box),
  );
}

/**
 * @param {Row[]} rows
 * @returns {Sides}
 */
function widestOf(rows) {
  const sides = rows.map(({ pattern }) => sidesOf(pattern));
  return { before: Math.max(...sides.map(([before]) => before)), after: Math.max(...sides.map(([, after]) => after)) };
}

/**
 * How many keys a program's number stands for: "w + 1".
 * @param {Convention} convention
 */
function inTheirNumber({ kind, n_per_unit: perUnit, extra_keys: extra, rounds_down: roundsDown }) {
  if (roundsDown) return "2⌊w / 2⌋ + 1";
  if (kind === "chunked") return "1 to w";
  if (kind === "centred") return perUnit === 2 ? "w + 1" : `2w ${extra < 0 ? "−" : "+"} 1`;
  return extra ? `w + ${extra}` : "w";
}

/**
 * What each program makes of a number, ours first.
 * @param {WindowData} data
 * @param {number} number
 * @returns {Row[]}
 */
function rowsFor({ conventions }, number) {
  return Object.entries({ ours: OURS, ...conventions }).map(([key, convention]) => ({
    key,
    convention,
    ...fromConvention(number, convention),
  }));
}

/**
 * Where a program's rule is written, as a link where there is a page for it.
 * @param {Convention} convention
 */
const sourceOf = ({ source, url }) => (url ? outsideLink(url, source) : source);

/**
 * Does the number mean another count of keys than in the row above?
 * @param {Row[]} rows
 * @param {number} at
 */
function startsGroup(rows, at) {
  /** @param {Row} row */
  const kindOf = ({ convention: { kind, extra_keys: extra } }) => (kind === "sliding" ? extra : kind);
  return at > 0 && kindOf(rows[at]) !== kindOf(rows[at - 1]);
}

/**
 * @param {Row} row
 * @param {string} name
 * @param {Sides} widest
 * @param {{isChosen: boolean, starts: boolean}} marks - Is it drawn above, and does it start a group?
 * @param {() => void} choose
 */
function rowElement({ key, convention, pattern, number, even }, name, widest, { isChosen, starts }, choose) {
  const odd = even ? "" : ` (with ${number}: it must be even)`;
  const button = h("button", { type: "button", class: "link", onclick: choose, "data-key": key }, name);
  const count = keysText(pattern);
  return h(
    "tr",
    { "aria-current": isChosen ? "true" : null, class: starts ? "starts" : null },
    h("th", { scope: "row" }, button, h("small", {}, sourceOf(convention))),
    h("td", { class: "rule" }, withNumber(convention.says, number), h("small", {}, odd)),
    h("td", { class: "count" }, count, h("small", {}, inTheirNumber(convention))),
    h("td", { class: "count" }, inOurWords(pattern)),
    h("td", { class: "keys-around" }, keysPicture(pattern, widest)),
  );
}

/**
 * Make the table.
 * @param {WindowLab} lab
 * @param {WindowData} data
 * @returns {{element: HTMLElement, update: (shown: {number: number, chosen: string | null}) => void}}
 */
export function render(lab, data) {
  const names = lab.data.knobs.convention.choices;
  const body = h("tbody");
  const head = h(
    "tr",
    {},
    HEADS.map((name) => h("th", { scope: "col" }, name)),
  );
  const table = h("table", { class: "conventions" }, h("thead", {}, head), body);
  const view = card("", "", h("div", { class: "table-room" }, table));

  /** @param {string} key */
  const choose = (key) => lab.commit({ convention: key, pattern: windowOf(data.conventions[key]) });

  let drawn = "";
  /** @param {{number: number, chosen: string | null}} shown - `chosen` is the row that is drawn above. */
  function update({ number, chosen }) {
    // While the query walks the table stays: to lay it out anew takes longer than all else.
    if (drawn === `${number} ${chosen}`) return;
    drawn = `${number} ${chosen}`;
    const rows = rowsFor(data, number);
    const widest = widestOf(rows);
    view.heading.textContent = `“A window of ${number}”, as ${rows.length} programs read it`;
    view.sentence.textContent =
      "The first programs read as many keys as the number says, the next ones read one more, Llama 4 reads in " +
      "chunks, and the last ones read keys on both sides. Choose a row to draw its band above. Blue: the query.";
    keepingFocus(body, () =>
      body.replaceChildren(
        ...rows.map((row, at) => {
          const marks = { isChosen: row.key === chosen, starts: startsGroup(rows, at) };
          return rowElement(row, names[row.key], widest, marks, () => choose(row.key));
        }),
      ),
    );
  }
  view.element.dataset.view = "conventions";
  return { element: view.element, update };
}

/**
 * Replace the rows, and give the keyboard back to the button that had it.
 * @param {HTMLElement} body
 * @param {() => void} replace
 */
function keepingFocus(body, replace) {
  const { activeElement } = /** @type {Document | ShadowRoot} */ (body.getRootNode());
  const key = activeElement instanceof HTMLElement ? activeElement.dataset.key : undefined;
  replace();
  if (key) [...body.querySelectorAll("button")].find(({ dataset }) => dataset.key === key)?.focus();
}
