// The stage on which every lab stands: first what one moves, then what it changes, then the rest.  The
// bar stays in sight while one scrolls; what is rarely used folds away behind "More".

/** @import { Children } from "./core/dom.js" */
/** @import { ChoiceKnob } from "./core/types.d.ts" */
/** @import { Play } from "./play.js" */

import { button, segmented } from "./core/controls.js";
import { h } from "./core/dom.js";

/**
 * What stands on a stage, from top to bottom.
 * @typedef {object} Parts
 * @property {boolean} embedded - Is it a frame in somebody else's page?  There the picture comes first.
 * @property {Children} [above] - What comes before the bar, in a frame after the picture: the text.
 * @property {Play} [play] - It stands first in the bar, and its counts above the picture.
 * @property {Children} bar - The controls that stay in sight.
 * @property {Children} [more] - The other controls.
 * @property {boolean} [unfolded] - Are these in sight from the start?
 * @property {string} [model] - The model that was chosen among them, if it is not the lesson's own.
 * @property {Children} main - The picture.
 * @property {Children} [beside] - What the model then says: beside the picture, on a phone below it.
 * @property {Children} [below] - Further pictures, below the first one and what stands beside it.
 * @property {HTMLElement} [badge] - Who computed the numbers.
 * @property {HTMLElement} [share] - The buttons that share what is shown.
 * @property {Children} [details] - Everything else.
 * @property {Children} [instead] - What stands below the sentence while there are no pictures.
 */

/**
 * The controls of a lab: those that stay in sight, and those that fold away; `isMoved` says whether one
 * of the latter has been moved, so that they must be in sight.
 * @typedef {{bar: HTMLElement[], more: HTMLElement[], isMoved: boolean}} Controls
 */

/**
 * A stage; `set` shows the pictures, or in their place the sentence `empty`.  Pictures of other values
 * than those of the controls are `stale`.
 * @typedef {object} Stage
 * @property {HTMLElement} element
 * @property {(state: {empty: string, stale: boolean}) => void} set
 */

/** @type {ChoiceKnob} */
const MATRIX = {
  kind: "choice",
  name: "matrix",
  label: "Which matrix is shown",
  default: "window",
  choices: { full: "Full attention", window: "Your pattern" },
};

let serial = 0;

/**
 * Build the stage.
 * @param {Parts} parts
 * @returns {Stage}
 */
export function stage({
  embedded,
  above,
  play,
  bar,
  more,
  unfolded = false,
  model = "",
  main,
  beside,
  below,
  badge,
  share,
  details,
  instead,
}) {
  const folded = more ? fold(more, unfolded, model) : { opener: null, panel: null };
  const note = h("p", { class: "empty", role: "status" });
  const wayOut = h("div", { class: "way-out" }, instead);
  const picture = h("div", { class: "stage-picture" }, play?.count, main);
  const pictures = [
    h(
      "div",
      { class: beside ? "stage-main with-beside" : "stage-main" },
      picture,
      beside && h("div", { class: "stage-beside" }, beside),
      below && h("div", { class: "stage-below" }, below),
    ),
    h("div", { class: "stage-details" }, details),
  ];
  const controls = h("div", { class: "stage-bar" }, play?.element, bar, folded.opener);
  /** @type {Stage["set"]} */
  function set({ empty, stale }) {
    note.textContent = empty;
    wayOut.hidden = empty === "";
    for (const part of pictures) {
      part.hidden = empty !== "";
      part.classList.toggle("stale", stale);
    }
  }
  const [first, rest] = pictures;
  const foot = h("div", { class: "stage-foot" }, badge, share);
  const head = [controls, folded.panel, note, wayOut];
  const parts = embedded ? [head, first, above, foot, rest] : [above, head, first, foot, rest];
  return {
    element: h("div", { class: "stage" }, parts.flat()),
    set,
  };
}

/**
 * Two cards with matrices, side by side; on a phone one of them, and a switch between both.  The switch
 * is no knob of the lesson: what a link shows does not depend on it.
 * @param {HTMLElement} full
 * @param {HTMLElement} windowed
 * @returns {HTMLElement}
 */
export function matrixPair(full, windowed) {
  const choice = segmented(MATRIX, MATRIX.default, { onChange: (word) => (element.dataset.shown = word) });
  const element = h("div", { class: "pair", "data-shown": MATRIX.default }, choice.element, full, windowed);
  return element;
}

/**
 * Controls that are out of sight until a button is pressed.
 * @param {Children} content
 * @param {boolean} unfolded
 * @param {string} model - Named on the button, so that it is in sight while its menu is not.
 */
function fold(content, unfolded, model) {
  const id = `more-${serial++}`;
  const panel = h("div", { class: "stage-more controls", id }, content);
  const label = model ? `More · ${model}` : "More";
  const opener = button(label, () => set(Boolean(panel.hidden)), { class: "button more", "aria-controls": id });
  /** @param {boolean} open */
  function set(open) {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  }
  set(unfolded);
  return { opener, panel };
}
