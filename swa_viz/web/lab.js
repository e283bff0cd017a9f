// What all labs share: the data that they receive, the values of the knobs, the engine, the link.

/** @import { Slider } from "./core/controls.js" */
/** @import { Knob, LabData, ModelFacts, NumberKnob, Request, TextKnob, Values } from "./core/types.d.ts" */
/** @import { Engine } from "./engine/engine.js" */
/** @import { Host } from "./hosts/render.d.ts" */

import { plansFor, requestsFor, requestsNow } from "../answers/request_plan.js";
import { h } from "./core/dom.js";
import { followTheme } from "./core/theme.js";
import { openEngine } from "./engine/engine.js";
import { move, openFrame, paint, release, repaint } from "./frame.js";
import { linkTo } from "./link.js";
import { keepText, withKeptText } from "./kept_text.js";
import { followPrint } from "./print.js";
import { offerFiles } from "./save.js";
import { tellHeight } from "./tell_height.js";
import * as share from "./share.js";
import * as badge from "./views/badge.js";
import { leaveOut, withFixed } from "./wishes.js";

/**
 * A lab: its data, where its knobs stand, and what moves them.  `More` are values that are no knobs.
 * @template {Readonly<Record<string, Knob>>} Knobs
 * @template [More={}]
 * @typedef {object} Lab
 * @property {LabData & {readonly knobs: Knobs}} data
 * @property {Values<Knobs> & More} values - Where the hand is.
 * @property {Engine} engine
 * @property {HTMLElement} root
 * @property {HTMLElement} badge - It says which engine computed what is shown; each lab finds a place
 *   for it.
 * @property {HTMLElement} share - The buttons that share what is shown; each lab finds a place for it.
 * @property {() => void} repaint - Draw anew in the next frame.
 * @property {() => boolean} mayRun - May the engine be asked now?
 * @property {() => boolean} isSettled - Has the hand let go?  What moves under it must wait.
 * @property {(values: Values<Knobs> & More) => Request[]} requests - What the lesson's plans ask of the
 *   model.
 * @property {() => string} waiting - What to say while numbers are missing.
 * @property {Set<() => void>} walks - What moves by itself now: how each of it is stopped.
 * @property {() => boolean} isWalking - Does anything move by itself?
 * @property {() => void} makeWay - Stops it: the hand is about to move something.
 * @property {(changes: Partial<Values<Knobs> & More>) => void} set - Values that move with the hand: they
 *   are shown, but the address stays.
 * @property {(changes: Partial<Values<Knobs> & More>) => void} commit - Values that the hand let go of:
 *   they are shown, and the address follows.
 * @property {(changes: Partial<Values<Knobs> & More>) => void} point - Values that only follow the pointer:
 *   they have no place in the address, and are shown at once.
 */

/** @typedef {Lab<any, any>} AnyLab */

/**
 * What a lesson draws: `paint` shows some values, and `needs` says which requests that takes.
 * @typedef {object} Drawing
 * @property {HTMLElement} element
 * @property {(values: any) => void} paint
 * @property {(values: any) => readonly Request[]} needs
 */

/**
 * Where each lab hears of new data.
 * @type {WeakMap<HTMLElement, (next: LabData) => void>}
 */
const built = new WeakMap();

/**
 * What draws each lab at once.
 * @type {WeakMap<AnyLab, () => void>}
 */
const frames = new WeakMap();

/**
 * Build the lab once per element, then only hand it new data.
 * @param {HTMLElement} element
 * @param {LabData} data
 * @param {Host} host
 * @param {(lab: AnyLab) => Omit<Drawing, "needs"> & Partial<Drawing>} build - Without `needs` a lesson
 *   needs what its plans ask.
 * @returns {void}
 */
export function mount(element, data, host, build) {
  const receive = built.get(element);
  if (receive) return receive(data);

  const lab = openLab(data, host, build);
  lab.engine.receive(data.answers);
  element.replaceChildren(lab.root);
  followTheme(lab.root, lab.repaint);
  lab.repaint();
  built.set(element, (next) => {
    lab.data = withFixed(next, host.wishes);
    lab.engine.receive(next.answers);
    lab.repaint();
  });
}

/**
 * @param {LabData} data
 * @param {Host} host
 * @param {Parameters<typeof mount>[3]} build
 */
function openLab(data, { send, wishes }, build) {
  const engine = openEngine(
    data,
    () => lab.repaint(),
    () => says.follow(),
  );
  const fixed = withFixed(data, wishes);
  const values = withKeptText(fixed);
  const says = badge.render({ engine, data: fixed });
  /** @type {AnyLab} */
  const lab = {
    data: fixed,
    values: { ...values },
    engine,
    root: h("div", { class: "lab", "data-lab": data.name, "data-embedded": data.embedded }),
    badge: says.element,
    share: h("div", { class: "sharing" }),
    repaint: () => repaint(frame),
    mayRun: () => frame.settled || engine.follows(frame.lacks),
    isSettled: () => frame.settled,
    requests: (values) => requestsFor(lab.data.requests, values, /** @type {ModelFacts} */ (lab.data.model)),
    waiting: () => waitingText(lab),
    walks: new Set(),
    isWalking: () => lab.walks.size > 0,
    makeWay: () => lab.walks.forEach((stop) => stop()),
    set: (changes) => {
      lab.makeWay();
      frame.settled = false;
      move(frame, changes, true);
    },
    commit: (changes) => {
      lab.makeWay();
      if (typeof changes.text === "string") keepText(changes.text, /** @type {TextKnob} */ (lab.data.knobs.text));
      release(frame, changes);
    },
    point: (changes) => move(frame, changes, false),
  };
  const shared = share.render(lab, lab.share);
  const foot = followPrint(lab, (printed) => frames.get(printed)?.());
  const frame = openFrame(lab, says, send);
  frames.set(lab, () => paint(frame));
  frame.moved = values !== fixed.values;
  frame.view = { needs: (values) => neededNow(lab, values), ...build(lab) };
  lab.root.append(frame.view.element, foot);
  offerFiles(lab.root, { lab: data.name, address: () => linkTo(lab).href, share: shared.open });
  leaveOut(lab.root, wishes);
  tellHeight(lab.root, data);
  return lab;
}

/**
 * @param {AnyLab} lab
 * @param {AnyLab["values"]} values
 */
const neededNow = ({ data, engine, requests }, values) =>
  requestsNow(plansFor(data.requests, values), requests(values), engine.peek, engine.live);

/** @param {AnyLab} lab */
function waitingText({ engine, mayRun }) {
  return engine.absence() || (mayRun() ? "computing…" : "weights follow when you let go");
}

/**
 * A window's slider goes as far as the text does, so that all of its travel does something; never
 * under the hand.
 * @param {AnyLab} lab
 * @param {Slider} slider
 * @param {string} name - Of the knob.
 * @param {number} seqLen - The length of the text in tokens; 0 while it is not known.
 * @returns {void}
 */
export function fitToText(lab, slider, name, seqLen) {
  if (!lab.isSettled() || !seqLen) return;
  const { at_least: least, at_most: most } = /** @type {NumberKnob} */ (lab.data.knobs[name]);
  slider.set(lab.values[name], { at_most: Math.min(Math.max(seqLen, lab.values[name], least + 1), most) });
}

/**
 * The position of the token that a link or a click holds, if the text is that long; else null.
 * @param {number} token - Counted from 1, or 0 for none.
 * @param {number} seqLen
 * @returns {number | null}
 */
export const heldToken = (token, seqLen) => (token > 0 && token <= seqLen ? token - 1 : null);

/**
 * Is one of these knobs not at its default, or has a link asked of it what it cannot do?
 * @param {AnyLab} lab
 * @param {readonly string[]} names
 * @returns {boolean}
 */
export const anyMoved = ({ data: { knobs }, values }, names) =>
  names.some((name) => values[name] !== knobs[name].default || knobs[name].changed);
