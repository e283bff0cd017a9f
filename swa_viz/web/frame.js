// One update per frame, for all labs.
//
// A lab keeps two sets of values: where the hand is, and what is shown.  If the model keeps up with
// the hand, the picture moves on when its numbers have come, so that it is always whole; if not, it
// moves at once, and says that its numbers follow.

/** @import { Request } from "./core/types.d.ts" */
/** @import { Answer } from "./engine/answer_cache.js" */
/** @import { Message } from "./hosts/render.d.ts" */
/** @import { AnyLab, Drawing } from "./lab.js" */

import { requestKey } from "../answers/request.js";

/** @typedef {AnyLab["values"]} AnyValues */

/**
 * What the badge of a lab is told: the answers that are on screen.
 * @typedef {{update: (answers: Answer[]) => void}} Badge
 */

/** @typedef {ReturnType<typeof openFrame>} Frame */

const RESTING_MS = 160;

/**
 * What moves from frame to frame.
 * @param {AnyLab} lab
 * @param {Badge} badge
 * @param {(message: Message) => void} send - Tells the host.
 */
export function openFrame(lab, badge, send) {
  return {
    lab,
    badge,
    send,
    /** What the lesson draws; nothing before it is built. */
    view: /** @type {Drawing} */ ({ element: lab.root, paint: () => {}, needs: () => [] }),
    /** The values that are on screen. */
    shown: { ...lab.values },
    /** Has the hand let go? */
    settled: true,
    /** Was the last move one of the hand, which does not wait, or of the pointer? */
    withHand: false,
    /** Where the knobs stood when the hand let go, and has the host not heard of it? */
    knobs: knobsOf(lab),
    moved: false,
    /** How many sets of values wait for their numbers before they are shown, and the last of them. */
    awaited: 0,
    latest: /** @type {AnyValues | null} */ (null),
    /** What the picture that the hand wants still lacks. */
    lacks: /** @type {Request[]} */ ([]),
    /** What has been asked and not been answered yet, and the timer of what is to be asked. */
    pending: "",
    timer: 0,
    /** Is an update planned, and must the picture be drawn anew then? */
    scheduled: false,
    stale: true,
  };
}

/**
 * Plan an update for the next frame.
 * @param {Frame} frame
 * @returns {void}
 */
function schedule(frame) {
  if (frame.scheduled) return;
  frame.scheduled = true;
  requestAnimationFrame(() => {
    frame.scheduled = false;
    adopt(frame);
    if (frame.stale) paint(frame);
    report(frame);
  });
}

/**
 * Draw anew in the next frame.
 * @param {Frame} frame
 * @returns {void}
 */
export function repaint(frame) {
  frame.stale = true;
  schedule(frame);
}

/**
 * Take a move of the hand, or of the pointer.
 * @param {Frame} frame
 * @param {Record<string, unknown>} changes - New values.
 * @param {boolean} withHand
 * @returns {void}
 */
export function move(frame, changes, withHand) {
  Object.assign(frame.lab.values, changes);
  frame.withHand = withHand;
  schedule(frame);
}

/**
 * Take what the hand has let go of; the host is to hear of it.
 * @param {Frame} frame
 * @param {Record<string, unknown>} changes - New values.
 * @returns {void}
 */
export function release(frame, changes) {
  frame.settled = true;
  move(frame, changes, true);
  frame.knobs = knobsOf(frame.lab);
  frame.moved = true;
}

/** @param {AnyLab} lab */
const knobsOf = ({ data, values }) => Object.fromEntries(Object.keys(data.knobs).map((name) => [name, values[name]]));

/**
 * Draw what is shown, at once: who prints does not wait for the next frame.
 * @param {Frame} frame
 * @returns {void}
 */
export function paint(frame) {
  const { engine } = frame.lab;
  frame.stale = false;
  frame.view.paint(frame.shown);
  const needs = frame.view.needs(frame.shown);
  const answers = needs.map(engine.peek).filter((answer) => answer !== null);
  frame.badge.update(answers);
  // No model is loaded for a picture that asks for none.
  if (answers.length || (needs.length && !engine.server)) setTimeout(engine.start);
}

/**
 * @param {AnyValues} one
 * @param {AnyValues | null} other
 */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * The requests of some values that are not answered yet.
 * @param {Frame} frame
 * @param {AnyValues} values
 */
const lacking = ({ lab, view }, values) => view.needs(values).filter((request) => !lab.engine.peek(request));

/**
 * Show what the hand has set: together with its numbers if they come quickly, else at once.
 * @param {Frame} frame
 */
function adopt(frame) {
  const { engine } = frame.lab;
  const wanted = { ...frame.lab.values };
  const requests = (frame.lacks = lacking(frame, wanted));
  const isAwaited = frame.awaited > 0;
  if (isAwaited && (frame.awaited >= engine.atOnce(requests) || same(wanted, frame.latest))) return;
  if (requests.length && frame.withHand && engine.quick(requests)) {
    frame.awaited++;
    frame.latest = wanted;
    engine.ask(requests).then(() => show(frame, wanted));
    return;
  }
  if (isAwaited) return;
  askFor(frame, requests);
  frame.stale ||= !same(wanted, frame.shown);
  frame.shown = wanted;
}

/**
 * The numbers have come: show them, and go on with what the hand has set since.
 * @param {Frame} frame
 * @param {AnyValues} values
 */
function show(frame, values) {
  frame.awaited--;
  if (!lacking(frame, values).length) {
    frame.shown = values;
    frame.stale = true;
  }
  adopt(frame);
  schedule(frame);
}

/**
 * What is missing is asked for once.  An engine on a server waits until the hand lets go, and until a
 * pointer rests.
 * @param {Frame} frame
 * @param {Request[]} requests
 */
function askFor(frame, requests) {
  const { lab, withHand } = frame;
  const key = requests.map(requestKey).join();
  if (key === frame.pending) return;
  clearTimeout(frame.timer);
  if (!requests.length || !lab.mayRun()) return;
  const ask = () => {
    frame.pending = key;
    lab.engine.ask(requests).then(() => {
      if (frame.pending === key) frame.pending = "";
      repaint(frame);
    });
  };
  if (withHand || lab.engine.live) ask();
  else frame.timer = setTimeout(ask, RESTING_MS);
}

/**
 * What the host should hear of this frame, in one message: where the hand let go of the knobs, and
 * what is waiting for an answer.
 * @param {Frame} frame
 */
function report(frame) {
  const { engine } = frame.lab;
  if (!engine.hasNews() && !frame.moved) return;
  frame.moved = false;
  frame.send({ knobs: frame.knobs, requests: engine.unanswered() });
}
