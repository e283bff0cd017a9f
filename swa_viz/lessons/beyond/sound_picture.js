// A sound over time: its spectrogram, what is said, and below each other what each model names in its window.

/** @import { Table } from "../../web/core/offer.js" */
/** @import { Shown, Stretch } from "./sound_words.js" */

import { h, onWidth, svg } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { keysOf } from "../../web/views/keys.js";
import { arrowed, listenToPointer } from "../../web/views/pointing.js";
import { ARRIVAL } from "../../web/views/read_text.js";
import { bytesOf } from "./kind.js";
import { SIDES, SIDE_WORDS, SILENT, runsOf, stretchesOf } from "./sound_words.js";

const FIRST_WIDTH = 640;
/** Heights in CSS pixels: a band of the spectrogram, a line of words, the bar of a window, a strip of names. */
const [BAND, WORDS, BAR, STRIP, GAP] = [3, 15, 7, 20, 6];
/** Decibels above the faintest: below the first nothing is drawn, from the last on nothing gets darker. */
const [FAINT, LOUD, LEVELS] = [42, 88, 9];
const LETTER = 11;
const LEGEND = {
  row: "the frame",
  key: ARRIVAL.key,
  inlayers: ARRIVAL.inlayers,
  wrong: "named wrongly",
};

/** Signs of names that are wrong: each digit has a letter, and so has a silence that is none. */
const WRONG = Object.fromEntries([...`0123456789${SILENT}`].map((sign, i) => [sign, "abcdefghijk"[i]]));
const RIGHT = Object.fromEntries(Object.entries(WRONG).map(([sign, letter]) => [letter, sign === SILENT ? "–" : sign]));

/** @typedef {ReturnType<typeof open>} View */

/**
 * Draw into an element; it shows nothing before its first update.
 * @param {HTMLElement} element
 * @param {{onPoint: (frame: number | null) => void, onChoose: (frame: number) => void}} callbacks
 * @returns {{update: (shown: Shown, words: string) => void}}
 */
export function render(element, callbacks) {
  const view = open(element);
  listenToPointer(view.picture, {
    at: (event) => frameAt(view, event),
    point: callbacks.onPoint,
    choose: callbacks.onChoose,
    tap: (frame) => callbacks.onChoose(frame),
  });
  view.picture.addEventListener("keydown", (event) => {
    const next = view.shown && arrowed(event, view.shown.frame, view.shown.clip.labels.length);
    if (next !== null) callbacks.onChoose(next);
  });
  onWidth(element, (width) => {
    view.width = width;
    paint(view);
  });
  return {
    update(shown, words) {
      view.shown = shown;
      view.picture.setAttribute("aria-label", `${words} Arrow keys move from frame to frame.`);
      paint(view);
    },
  };
}

/** @param {HTMLElement} element */
function open(element) {
  const picture = svg("svg", { class: "sound", tabindex: 0, role: "img" });
  const legend = keysOf(LEGEND);
  element.dataset.view = "sound";
  element.replaceChildren(picture, h("div", { class: "legend" }, legend.element));
  const view = {
    picture,
    shown: /** @type {Shown | null} */ (null),
    width: FIRST_WIDTH,
    /** The spectrogram of the recording that is shown, made once. */
    drawn: { name: "", paths: /** @type {SVGElement[]} */ ([]) },
  };
  offer(element, { table: () => tableOf(view.shown) });
  return view;
}

/**
 * Every frame: what is said, and what each model names.
 * @param {Shown | null} shown
 * @returns {Table}
 */
function tableOf(shown) {
  const columns = ["frame", "milliseconds", "said", ...SIDES.map((side) => `named_${side}`)];
  if (!shown) return { columns, rows: [] };
  const { clip, name, at, stored } = shown;
  const signs = [clip.labels, ...SIDES.map((side) => stored.named[name][side][at])];
  const rows = [...clip.labels].map((_, i) => [
    i,
    i * stored.how.frame_ms,
    ...signs.map((each) => (each[i] === SILENT ? "" : each[i])),
  ]);
  return { columns, rows };
}

/**
 * The frame below the pointer.
 * @param {View} view
 * @param {PointerEvent | MouseEvent} event
 */
function frameAt({ picture, shown }, event) {
  if (!shown) return null;
  const { left, width } = picture.getBoundingClientRect();
  const count = shown.clip.labels.length;
  return Math.min(Math.max(Math.floor(((event.clientX - left) / width) * count), 0), count - 1);
}

/** @param {View} view */
function paint(view) {
  const { picture, shown, width } = view;
  if (!shown) return;
  const { clip, name, at, stored, frame } = shown;
  const count = clip.labels.length;
  const step = width / count;
  if (view.drawn.name !== name) view.drawn = { name, paths: spectrogram(clip.frames, stored.how.n_bands) };
  let y = BAND * stored.how.n_bands;
  const image = svg("g", { transform: `scale(${step} ${BAND})`, class: "loud" }, ...view.drawn.paths);
  const shapes = [image, ...strip("what is said", clip.labels, clip.labels, y, step)];
  y += WORDS + STRIP + GAP;
  for (const side of SIDES) {
    const { read, reached } = stretchesOf(side, shown);
    shapes.push(bar("through", reached, y + WORDS, step), bar("read", read, y + WORDS, step));
    shapes.push(...strip(SIDE_WORDS[side], stored.named[name][side][at], clip.labels, y, step, BAR + 2));
    y += WORDS + BAR + 2 + STRIP + GAP;
  }
  shapes.push(svg("rect", { class: "now", x: frame * step, y: 0, width: Math.max(step, 2), height: y - GAP }));
  shapes.push(...times(count * stored.how.frame_ms, width, y));
  picture.setAttribute("width", String(width));
  picture.setAttribute("height", String(y + WORDS));
  picture.setAttribute("viewBox", `0 0 ${width} ${y + WORDS}`);
  picture.replaceChildren(...shapes);
}

/**
 * How loud each band is in each frame, the lowest band at the bottom: a path for each level, darker where louder.
 * @param {string} letters
 * @param {number} bands
 * @returns {SVGElement[]}
 */
function spectrogram(letters, bands) {
  const bytes = bytesOf(letters);
  const levelOf = (/** @type {number} */ byte) =>
    Math.min(Math.max(Math.ceil(((byte - FAINT) / (LOUD - FAINT)) * LEVELS), 0), LEVELS);
  const outlines = Array.from({ length: LEVELS + 1 }, () => "");
  for (let band = 0; band < bands; band++) {
    const levels = Array.from({ length: bytes.length / bands }, (_, i) => levelOf(bytes[i * bands + band]));
    for (let from = 0, to = 0; from < levels.length; from = to) {
      while (levels[to] === levels[from]) to++;
      outlines[levels[from]] += `M${from} ${bands - 1 - band}h${to - from}v1h${from - to}z`;
    }
  }
  return outlines.map((d, level) => svg("path", { d: level ? d : "", "fill-opacity": (level / LEVELS).toFixed(2) }));
}

/**
 * Names as boxes, below their words; a name that is wrong looks so.
 * @param {string} words
 * @param {string} signs
 * @param {string} labels
 * @param {number} y
 * @param {number} step
 * @param {number} [below] - Room between words and boxes.
 */
function strip(words, signs, labels, y, step, below = 0) {
  const top = y + WORDS + below;
  const boxes = runsOf([...signs].map((sign, i) => (sign === labels[i] ? sign : WRONG[sign])).join(""));
  return [
    svg("text", { class: "words", x: 0, y: y + WORDS - 3 }, words),
    ...boxes.flatMap(({ sign, from, to }) => {
      const right = !(sign in RIGHT);
      if (sign === SILENT) return [];
      const wide = (to - from) * step;
      const box = svg("rect", {
        class: right ? "name" : "name wrong",
        x: from * step,
        y: top,
        width: wide,
        height: STRIP,
      });
      const middle = { x: ((from + to) / 2) * step, y: top + STRIP - 6, "text-anchor": "middle" };
      const shown = right ? sign : RIGHT[sign];
      return wide < LETTER ? [box] : [box, svg("text", middle, shown)];
    }),
  ];
}

/**
 * The bar of a window.
 * @param {string} name
 * @param {Stretch} stretch
 * @param {number} y
 * @param {number} step
 */
const bar = (name, [from, to], y, step) =>
  svg("rect", { class: name, x: from * step, y, width: (to - from) * step, height: BAR });

/**
 * The marks of the time axis.
 * @param {number} ms
 * @param {number} width
 * @param {number} y
 */
function times(ms, width, y) {
  const marks = Array.from({ length: Math.floor(ms / 500) + 1 }, (_, i) => i * 500).filter((each) => each < ms);
  return marks.map((each) =>
    svg("text", { class: "words", x: (each / ms) * width, y: y + WORDS - 3 }, each ? `${each / 1000}` : "0 s"),
  );
}
