// Digits that were held out, and what each reader takes the chosen one for, or what a visitor makes of it.

/** @import { ImageLab, Stored } from "./image_kind.js" */
/** @import { Reader } from "./image_reader_words.js" */

import { button } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import { laterPart } from "../../web/later.js";
import { percent } from "../../wording/numbers.js";
import { pixelPad } from "./image_pad.js";
import { PALEST, SIDE, digitPicture } from "./image_pictures.js";
import { words } from "./image_reader_words.js";
import { readersOf } from "./image_readers.js";

const WAITING = "The readers are being fetched…";
const FAILED = "The readers could not be fetched. Choose a digit to try again.";
const EMPTY = Array(SIDE ** 2).fill(PALEST);

/**
 * What a row says: the digit that a reader names, and how sure it is; of a digit that was changed nobody knows
 * what it is.
 * @param {Reader} reader
 * @param {readonly number[] | undefined} chances
 * @param {number | null} label
 */
function cellsOf(reader, chances, label) {
  if (!chances) return [words(reader), "…", "…"];
  const named = chances.indexOf(Math.max(...chances));
  if (label === null) return [words(reader), named, percent(chances[named])];
  return [words(reader), `${named} ${named === label ? "✓" : "✗"}`, percent(chances[label])];
}

/**
 * A table of what the readers say.
 * @param {readonly Reader[]} readers
 */
function tableOf(readers) {
  const [body, sure] = [h("tbody"), h("th")];
  const head = h("tr", {}, h("th", {}, "window"), h("th", {}, "takes it for"), sure);
  const element = h(
    "table",
    { class: "plain", "aria-label": "What each reader takes the digit for" },
    h("thead", {}, head),
    body,
  );
  /**
   * @param {readonly (readonly number[])[]} chances - Empty while the readers are not here.
   * @param {number | null} label
   */
  function update(chances, label) {
    sure.textContent = label === null ? "its chance" : "chance of the truth";
    const rows = readers.map((reader, i) => cellsOf(reader, chances[i], label));
    body.replaceChildren(...rows.map((cells) => h("tr", {}, ...cells.map((text) => h("td", {}, text)))));
  }
  return { element, update };
}

/**
 * The readers: fetched when they are first needed, and again after that failed.
 * @param {ImageLab} lab
 * @param {readonly Reader[]} readers
 */
function fetchedReaders(lab, readers) {
  const notice = h("p", { class: "lead", role: "status" });
  let read = /** @type {ReturnType<typeof readersOf> | null} */ (null);
  let isAsked = false;
  function ask() {
    isAsked = true;
    notice.textContent = WAITING;
    laterPart(lab.data, "readers").then(
      (packed) => {
        read = readersOf(packed, readers);
        notice.textContent = "";
        lab.repaint();
      },
      () => (notice.textContent = FAILED),
    );
  }
  /**
   * What they say; nothing yet while they are on their way.
   * @param {readonly number[]} greys
   */
  function chances(greys) {
    if (!isAsked) ask();
    return read ? read(greys) : [];
  }
  /** Ask once more, if they did not come. */
  const askAgain = () => (isAsked = read !== null);
  return { notice, chances, askAgain };
}

/**
 * Make the digits' buttons, the pad, and the table beside it.
 * @param {ImageLab} lab
 * @param {Stored} stored
 * @returns {{element: HTMLElement, update: (values: ImageLab["values"]) => void}}
 */
export function examplesOf(lab, { examples, shown, readers }) {
  const chosen = shown.map((name) => /** @type {Reader} */ (readers.find((reader) => reader.name === name)));
  const { notice, chances, askAgain } = fetchedReaders(lab, chosen);
  /** @param {number} i */
  function choose(i) {
    askAgain();
    lab.commit({ picture: "digit", digit: i + 1, pointedSpot: null, greys: null });
  }
  /** @param {readonly number[] | null} greys */
  function draw(greys) {
    if (lab.values.picture !== "digit") lab.commit({ picture: "digit" });
    lab.point({ pointedSpot: null, greys });
  }
  const chips = examples.map(({ label }, i) =>
    h("button", { type: "button", class: "chip", onclick: () => choose(i) }, label),
  );
  const [table, pad] = [tableOf(chosen), pixelPad(draw)];
  const undo = button("As it was", () => draw(null), { class: "button small" });
  const clear = button("Clear", () => draw(EMPTY), { class: "button small" });
  const element = h(
    "div",
    { "data-view": "digit-examples" },
    h("p", { class: "lead" }, "Held-out digits. Draw on one: the readers run in this page and name it anew."),
    h("div", { class: "digits" }, chips),
    notice,
    h("div", { class: "drawn" }, h("div", {}, pad.element, h("div", { class: "digits" }, clear, undo)), table.element),
  );

  /** @param {ImageLab["values"]} values */
  function update({ digit, greys }) {
    const example = examples[digit - 1];
    chips.forEach((chip, i) => chip.setAttribute("aria-pressed", String(i === digit - 1 && !greys)));
    undo.hidden = !greys;
    const now = greys ?? example.greys;
    pad.update(now, digitPicture(now, "").image);
    table.update(chances(now), greys ? null : example.label);
  }
  return { element, update };
}
