// Play: the query walks along the text, and everything that a lab shows of it follows.
//
// A walk only points, so the address stays as it is; where it ends, the token is locked as by a click.
// It stops when the visitor moves anything, and it makes no step that nobody would see.

/** @import { Pattern, Schedule } from "./core/types.d.ts" */
/** @import { AnyLab } from "./lab.js" */

import { pairsUpTo } from "../cost.js";
import { isFull } from "../patterns/pattern.js";
import { isUniform, patternWord } from "../patterns/schedule.js";
import { button } from "./core/controls.js";
import { h, svg } from "./core/dom.js";
import { FULL } from "./runs.js";
import { counted, thousands } from "../wording/numbers.js";

/**
 * Where the query stands, in a text of `seqLen` tokens, and what is counted: the patterns of one or
 * more layers, beside full attention.
 * @typedef {object} Walked
 * @property {number} query
 * @property {number} seqLen
 * @property {Schedule} schedule
 * @property {Pattern} [full] - What full attention means here; causal without it.
 */

/**
 * The controls, for the bar; the line of the counts, for the picture.
 * @typedef {object} Play
 * @property {HTMLElement} element
 * @property {HTMLElement} count
 * @property {(walked: Walked) => void} update
 */

/** @typedef {ReturnType<typeof open>} View */

const STEP_MS = 700;
// A long text walks faster, so that nobody waits for its end.
const LONGEST_WALK_MS = 30_000;
const SPEEDS = [0.5, 1, 2];
const ICONS = {
  play: "M3 1.5v11l9-5.5z",
  pause: "M3 2h3v10h-3zM8 2h3v10h-3z",
  back: "M9 2.5v9l-5-4.5z",
  on: "M5 2.5v9l5-4.5z",
};
const [PLAY, PAUSE] = ["Play the window along the text", "Pause"];
const LESS_MOTION = "Your system asks for less motion, so the query moves only when you step it with these buttons.";

/**
 * Make the controls of a lab whose query is its value `token`, counted from 1, or 0 for the last.
 * @param {AnyLab} lab
 * @param {(token: number) => Promise<unknown>} [prepare] - Asks for what the picture of a token needs;
 *   the query goes there when it has come.
 * @returns {Play}
 */
export function render(lab, prepare = () => Promise.resolve()) {
  const view = open(lab, prepare);
  view.element.hidden = Boolean(lab.data.knobs.token.fixed);
  view.element.addEventListener("keydown", (event) => press(view, event));
  show(view);
  return {
    element: view.element,
    count: view.count,
    update: (walked) => update(view, walked),
  };
}

/**
 * @param {AnyLab} lab
 * @param {(token: number) => Promise<unknown>} prepare
 */
function open(lab, prepare) {
  const toggle = button("", () => (view.walk ? stop(view) : start(view)), { class: "button go" });
  const back = button("", () => step(view, -1), { class: "button step", "aria-label": "One token back" });
  const on = button("", () => step(view, 1), { class: "button step", "aria-label": "One token on" });
  back.append(icon("back"));
  on.append(icon("on"));
  const options = SPEEDS.map((speed) => h("option", { value: speed, selected: speed === 1 }, `${speed}×`));
  const speed = h("select", { class: "speed", "aria-label": "Speed" }, options);
  const parts = [toggle, back, on, speed];
  const counts = h("span");
  const said = h("span", { class: "sr-only", role: "status" });
  const view = {
    lab,
    prepare,
    ...{ toggle, back, on, speed, counts, said },
    element: h("div", { class: "play", role: "group", "aria-label": "Play", "data-knob": "play" }, parts),
    count: h("p", { class: "count" }, counts, h("span", { class: "less-motion" }, ` ${LESS_MOTION}`), said),
    walked: /** @type {Walked} */ ({ query: 0, seqLen: 0, schedule: [] }),
    /** The walk that is under way. */
    walk: /** @type {{token: number} | null} */ (null),
    stop: () => stop(view),
    /** Is the next count to be told to those who cannot see it? */
    isTold: false,
  };
  return view;
}

/** @param {keyof typeof ICONS} name */
const icon = (name) => svg("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));

/** May something move by itself now? */
const mayMove = () => !document.hidden && !window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Begin at the token after the chosen one, or anew behind the last.
 * @param {View} view
 */
function start(view) {
  const { query, seqLen } = view.walked;
  if (!seqLen || !mayMove()) return;
  view.said.textContent = "";
  view.isTold = false;
  view.lab.makeWay();
  view.walk = { token: 0 };
  view.lab.walks.add(view.stop);
  show(view);
  goTo(view, view.walk, query < seqLen - 1 ? query + 2 : 1, 0);
}

/**
 * Go to a token after a while, and then on to the next ones.
 * @param {View} view
 * @param {NonNullable<View["walk"]>} walk - Nothing happens if it is not under way any more.
 * @param {number} token
 * @param {number} pause - In milliseconds.
 */
async function goTo(view, walk, token, pause) {
  await Promise.all([view.prepare(token), new Promise((done) => setTimeout(done, pause))]);
  if (walk !== view.walk) return;
  if (!mayMove() || !view.element.isConnected) return stop(view);
  const { seqLen } = view.walked;
  walk.token = token;
  view.lab.point({ token });
  if (token >= seqLen) return stop(view);
  goTo(view, walk, token + 1, Math.min(STEP_MS, LONGEST_WALK_MS / seqLen) / Number(view.speed.value));
}

/**
 * Stop a walk if there is one: the query stays where it is.
 * @param {View} view
 */
function stop(view) {
  if (!view.walk) return;
  const { token } = view.walk;
  view.walk = null;
  view.lab.walks.delete(view.stop);
  show(view);
  if (token && view.element.isConnected) land(view, token);
}

/**
 * @param {View} view
 * @param {number} by - One token on, or -1.
 */
function step(view, by) {
  const { query, seqLen } = view.walked;
  stop(view);
  if (query + by >= 0 && query + by < seqLen) land(view, query + by + 1);
}

/**
 * The query stays on a token, and the address follows.
 * @param {View} view
 * @param {number} token
 */
function land(view, token) {
  view.isTold = true;
  view.lab.commit({ token });
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function press(view, event) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by || event.target === view.speed) return;
  event.preventDefault();
  step(view, by);
}

/**
 * The button is that of what it does.  Nothing is read aloud while the query walks.
 * @param {View} view
 */
function show({ lab, toggle, walk }) {
  const words = walk ? PAUSE : PLAY;
  toggle.replaceChildren(icon(walk ? "pause" : "play"));
  toggle.setAttribute("aria-label", words);
  toggle.title = words;
  for (const region of lab.root.querySelectorAll("[role=status]"))
    region.setAttribute("aria-live", walk ? "off" : "polite");
}

/**
 * @param {View} view
 * @param {Walked} walked
 */
function update(view, walked) {
  view.walked = walked;
  view.counts.replaceChildren(...countOf(walked));
  if (view.isTold) view.said.textContent = view.counts.textContent;
  view.isTold = false;
}

/**
 * The pairs in the rows of the matrix up to the query's: "Up to token 7 of 19, full attention scores 28
 * pairs and the window scores 22."
 * @param {Walked} walked
 */
function countOf({ query, seqLen, schedule, full = FULL }) {
  const layers = schedule.length;
  const all = layers * pairsUpTo(full, query, seqLen);
  const some = schedule.reduce((sum, pattern) => sum + pairsUpTo(pattern, query, seqLen), 0);
  const where = layers > 1 ? ` in ${counted(layers, "layer")}` : "";
  const other = schedule.every(isFull) ? [] : [`, and ${nameOf(schedule)} scores `, bold(some)];
  const pairs = [bold(all), all === 1 ? " pair" : " pairs", where];
  return ["Up to token ", bold(query + 1), ` of ${thousands(seqLen)}, full attention scores `, ...pairs, ...other, "."];
}

/** @param {number} number */
const bold = (number) => h("strong", {}, thousands(number));

/** @param {Schedule} schedule */
function nameOf(schedule) {
  if (!isUniform(schedule)) return "your schedule";
  return patternWord(schedule[0]) === "window" ? "the window" : "this pattern";
}
