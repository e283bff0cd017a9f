// The hand on the overview: it drags the frame along the text, or moves it with the keyboard, and points at
// blocks.

/** @import { OverviewCallbacks, OverviewData } from "./overview.js" */
/** @import { Panel } from "./overview_drawing.js" */

import { panelAt, perToken } from "./overview_drawing.js";

/**
 * A pair of blocks that somebody points at, in one of the pictures.
 * @typedef {{picture: number, row: number, column: number}} Block
 */

/**
 * What the hand moves.
 * @typedef {object} Moved
 * @property {HTMLCanvasElement} canvas
 * @property {OverviewData} data
 * @property {Panel[]} panels
 * @property {OverviewCallbacks} callbacks
 * @property {{x: number, y: number, first: number, before: number} | null} hold - Where the hand took hold,
 *   where the frame begins there, and where it began before.
 * @property {number | null} moved - Where the hand moved the frame, until it lets go.
 */

// A hand or a finger takes hold of the frame so far beside its middle, in CSS pixels.
const [REACH, BY_FINGER] = [14, 24];
const STEPS_PER_STRETCH = 8;

/**
 * Let a visitor move the frame.
 * @param {Moved} view
 * @param {(block: Block | null) => void} tell - Hears at which pair of blocks a pointer points.
 * @returns {void}
 */
export function listenToHand(view, tell) {
  const { canvas } = view;
  canvas.addEventListener("pointerdown", (event) => {
    tell(blockAt(view, event));
    grab(view, event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (view.hold) drag(view, event);
    else tell(blockAt(view, event));
  });
  for (const end of ["pointerup", "keyup", "blur"]) canvas.addEventListener(end, () => letGo(view));
  // The finger scrolls the page: it did not mean the frame.
  canvas.addEventListener("pointercancel", () => {
    if (view.hold) pan(view, view.hold.before);
    letGo(view);
  });
  canvas.addEventListener("pointerleave", ({ pointerType }) => pointerType !== "touch" && tell(null));
  canvas.addEventListener("keydown", (event) => press(view, event));
}

/**
 * Where the last frame of the text begins.
 * @param {OverviewData} data
 * @returns {number}
 */
export const lastFirst = ({ nTokens, length }) => Math.max(nTokens - length, 0);

/**
 * The frame is to begin elsewhere.
 * @param {Moved} view
 * @param {number} first
 */
function pan(view, first) {
  const next = Math.round(Math.min(Math.max(first, 0), lastFirst(view.data)));
  if (next === (view.moved ?? view.data.first)) return;
  view.moved = next;
  view.callbacks.onPan(next);
}

/** @param {Moved} view */
function letGo(view) {
  const { moved } = view;
  view.hold = view.moved = null;
  if (moved !== null) view.callbacks.onRelease(moved);
}

/**
 * Where an event happened, on the canvas in its own pixels, and how many of them are a CSS pixel.
 * @param {Moved} view
 * @param {PointerEvent} event
 */
function placeOf({ canvas }, event) {
  const box = canvas.getBoundingClientRect();
  const density = canvas.width / box.width;
  return { x: (event.clientX - box.left) * density, y: (event.clientY - box.top) * density, density };
}

/**
 * A hand takes hold of the frame, or brings it to the row of blocks where it is.
 * @param {Moved} view
 * @param {PointerEvent} event
 */
function grab(view, event) {
  const { data, panels, canvas } = view;
  const { x, y, density } = placeOf(view, event);
  const panel = panelAt(panels, x, y);
  if (!panel || event.button) return;
  canvas.setPointerCapture(event.pointerId);
  const scale = perToken(data, panel);
  const middle = (data.first + data.length / 2) * scale;
  const reach = (event.pointerType === "touch" ? BY_FINGER : REACH) * density;
  const isNear = Math.max(Math.abs(x - panel.x - middle), Math.abs(y - panel.y - middle)) < reach;
  const first = isNear ? data.first : (y - panel.y) / scale - data.length / 2;
  view.hold = { x, y, first, before: data.first };
  if (!isNear) pan(view, first);
}

/**
 * The frame goes with the hand along the diagonal: as far as it moves, whichever way.
 * @param {Moved} view
 * @param {PointerEvent} event
 */
function drag(view, event) {
  const { data, panels, hold } = view;
  const { x, y } = placeOf(view, event);
  if (!hold) return;
  const [across, down] = [x - hold.x, y - hold.y];
  const far = Math.abs(across) > Math.abs(down) ? across : down;
  pan(view, hold.first + far / perToken(data, panels[0]));
}

/**
 * The pair of blocks below a pointer.
 * @param {Moved} view
 * @param {PointerEvent} event
 * @returns {Block | null}
 */
function blockAt(view, event) {
  const { data, panels } = view;
  const { x, y } = placeOf(view, event);
  const panel = panelAt(panels, x, y);
  if (!panel) return null;
  const perBlock = data.size * perToken(data, panel);
  const [row, column] = [(y - panel.y) / perBlock, (x - panel.x) / perBlock].map(Math.floor);
  return { picture: panels.indexOf(panel), row, column };
}

/**
 * @param {Moved} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  const { data, moved } = view;
  const here = moved ?? data.first;
  const step = Math.max(1, Math.round(data.length / STEPS_PER_STRETCH));
  /** @type {Record<string, number>} */
  const goes = {
    ...{ ArrowLeft: here - step, ArrowUp: here - step, ArrowRight: here + step, ArrowDown: here + step },
    ...{ PageUp: here - data.length, PageDown: here + data.length, Home: 0, End: lastFirst(data) },
  };
  if (!(event.key in goes)) return;
  event.preventDefault();
  pan(view, goes[event.key]);
}
