// The card in which the model writes on: the text as it comes, how fast, and what both caches take.

/** @import { GeneratePayload } from "../../web/core/types.d.ts" */
/** @import { CacheLab } from "./controls.js" */
/** @import { Shown } from "./shown.js" */
/** @import { Writer, Written } from "./writer.js" */

import { button, textBox } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { numberKnob } from "../../web/number_knob.js";
import { counted, howMany, thousands } from "../../wording/numbers.js";
import { FULL } from "../../web/runs.js";
import { bytesOf } from "./words.js";
import { compareText, endText, speedText } from "./write_words.js";

/** So much of the text before it is quoted. */
const QUOTED = 6;
const INVITATION = "It continues your text through the ring.";

/** @typedef {ReturnType<typeof open>} View */

/**
 * Make the card.
 * @param {CacheLab} lab
 * @param {Writer} writer
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab, writer) {
  const view = open(lab, writer);
  return { element: view.frame.element, update: (shown) => update(view, shown) };
}

/**
 * @param {CacheLab} lab
 * @param {Writer} writer
 */
function open(lab, writer) {
  const frame = card("The model writes", INVITATION);
  const go = button("", () => (writer.running() ? writer.cancel() : begin()), { class: "button small primary" });
  const compare = button("Time it with full attention", () => writer.start(true), { class: "button small" });
  function begin() {
    lab.commit({ token: 0 });
    writer.start(false);
  }
  const before = h("span", { class: "quoted" });
  const added = h("span", { class: "added" });
  const text = h("p", { class: "written-text", dir: "auto", "aria-live": "polite" }, before, added);
  const bytes = h("div", { class: "byte-bars" });
  const says = h("p", { class: "lead", role: "status" });
  const more = settings(lab);
  const room = h("div", { "data-view": "written" }, text, bytes, says);
  frame.badges.replaceWith(go);
  // Where only recorded answers are at hand, nothing is written.
  frame.element.hidden = Boolean(lab.data.offered);
  frame.element.append(room, compare, more.element);
  let shown = /** @type {GeneratePayload | null} */ (null);
  offer(room, { table: () => tableOf(shown) });
  return {
    ...{ lab, writer, frame, go, compare, before, added, text, bytes, says, more, room },
    /** @param {GeneratePayload | null} next */
    show: (next) => (shown = next),
  };
}

/** @param {GeneratePayload | null} payload */
function tableOf(payload) {
  const rows = (payload?.steps ?? []).map((step) => [
    ...[step.position, step.id, step.piece, step.bytes_rolling, step.bytes_full, step.seconds],
  ]);
  return { columns: ["position", "token_id", "token", "bytes_rolling", "bytes_full", "seconds"], rows };
}

/**
 * How the next token is chosen, and when the text ends.
 * @param {CacheLab} lab
 */
function settings(lab) {
  /** @param {number} hundredths */
  const share = (hundredths) => (hundredths / 100).toFixed(2);
  const knobs = {
    new_tokens: numberKnob(lab, "new_tokens", (n) => counted(n, "token")),
    temperature: numberKnob(lab, "temperature", (t) => (t ? share(t) : "0: always the likeliest")),
    top_k: numberKnob(lab, "top_k", (k) => (k ? `the ${counted(k, "likeliest token")}` : "all tokens")),
    top_p: numberKnob(lab, "top_p", share),
    write_seed: numberKnob(lab, "write_seed", (seed) => howMany(seed, "").trim()),
  };
  const stop = textBox(lab.data.knobs.stop, lab.values.stop, { onChange: (words) => lab.commit({ stop: words }) });
  const sliders = Object.values(knobs).map(({ element }) => element);
  const summary = h("summary", {}, "How it chooses");
  const element = h("details", { class: "settings" }, summary, h("div", { class: "controls" }, sliders, stop.element));
  /** @param {CacheLab["values"]} values */
  function set(values) {
    for (const [name, knob] of Object.entries(knobs)) knob.set(values[/** @type {keyof typeof knobs} */ (name)]);
  }
  return { element, set };
}

/**
 * @param {View} view
 * @param {Shown} shown
 */
function update(view, shown) {
  const { lab, writer, frame, go, compare } = view;
  writer.follow(lab.values);
  const isRunning = writer.running() !== null;
  const { written } = shown;
  const other = writer.written(shown.values, true);
  view.more.set(lab.values);
  view.show(written?.payload ?? null);
  go.textContent = isRunning ? "Cancel" : "Write on";
  frame.sentence.textContent = writer.trouble() || leadOf(written);
  compare.hidden = isRunning || !mayCompare(written, other, shown);
  showBytes(view, shown);
  showText(view, shown);
  view.says.textContent = written ? findingOf(written, other, isRunning) : "";
}

/**
 * @param {Written} written
 * @param {Written | null} other - The same with full attention.
 * @param {boolean} isRunning
 */
function findingOf({ payload, isWhole }, other, isRunning) {
  const end = isRunning ? "" : endText(payload, isWhole);
  return `${end} ${compareText(payload, other?.payload ?? null)}`.trim();
}

/**
 * @param {View} view
 * @param {Shown} shown
 */
function showText({ before, added }, { written, prompt }) {
  before.textContent = written ? `…${prompt.slice(-QUOTED).join("").trimStart()}` : "";
  added.textContent = (written?.payload.steps ?? []).map(({ text }) => text).join("");
}

/** @param {Written | null} written */
function leadOf(written) {
  const speed = written ? speedText(written.payload.steps) : "";
  return speed ? `It writes ${speed}.` : INVITATION;
}

/**
 * Is there a text that full attention has not been timed against?
 * @param {Written | null} written
 * @param {Written | null} other
 * @param {Shown} shown
 */
const mayCompare = (written, other, { isAllFull }) => Boolean(written?.isWhole) && other === null && !isAllFull;

/**
 * What both caches take: measured in the model's own cache for what it writes, and counted for the text before.
 * @param {View} view
 * @param {Shown} shown
 */
function showBytes({ lab, bytes }, { written, schedule, prompt }) {
  const last = written?.payload.steps.at(-1);
  const full = schedule.map(() => FULL);
  const [own, all] = last
    ? [last.bytes_rolling, last.bytes_full]
    : [schedule, full].map((layers) => bytesOf(lab, layers, prompt.length - 1));
  bytes.replaceChildren(...byteBar("this cache", own, all, "windowed"), ...byteBar("full cache", all, all, "full"));
}

/**
 * Both caches in one unit, so that they can be compared.
 * @param {number} bytes
 */
const kibibytes = (bytes) => `${bytes < 2 ** 20 ? (bytes / 2 ** 10).toFixed(1) : thousands(bytes / 2 ** 10)} KiB`;

/**
 * @param {string} label
 * @param {number} bytes
 * @param {number} most
 * @param {string} looks
 */
function byteBar(label, bytes, most, looks) {
  const fill = h("span", { class: `fill ${looks}`, style: `width:${(100 * bytes) / most}%` });
  return [h("span", {}, label), h("span", { class: "track" }, fill), h("strong", {}, kibibytes(bytes))];
}
