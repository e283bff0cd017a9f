// The badge that says which engine computed what is on screen, and how far the model's download is.

/** @import { FolderFiles, LabData } from "../core/types.d.ts" */

import { button } from "../core/controls.js";
import { h } from "../core/dom.js";

/**
 * Who computed an answer, and how long that took; null where nobody knows.
 * @typedef {{engine: string, ms: number | null}} Computed
 */

/**
 * The model in this browser: what happens to it, and why it failed if it did.
 * @typedef {object} Model
 * @property {string} state - "idle", "spared", "loading", "ready" or "failed".
 * @property {number[] | null} progress - Bytes that have come, and all bytes; null before the first.
 * @property {string} reason
 * @property {(anyway: boolean) => void} start
 */

/**
 * Of several sources the last one in this list is named: the numbers that move with the hand are its.
 * @type {Record<string, string>}
 */
const SOURCES = {
  file: "in Python, when this file was made",
  server: "on the server",
  rounded: "in your browser, with parameters rounded to 10 bits",
  browser: "in your browser",
};
const MEGABYTE = 1e6;
const LIGHT_FILE = ". Greyed controls need the model, which is not in this file.";

/**
 * Make the badge of a lab.
 * @param {object} lab
 * @param {{browser: Model | null}} lab.engine
 * @param {Pick<LabData, "live" | "served" | "offered">} lab.data
 * @returns {{element: HTMLElement, follow: () => void, update: (answers: Computed[]) => void}} `follow`
 *   tells how far the download is; `update` hears of the answers that are on screen, as far as they are
 *   here.
 */
export function render({ engine, data }) {
  const words = h("span");
  const source = h("span", {}, h("i", { class: "dot", "aria-hidden": "true" }), words);
  const bar = h("progress", { max: 1, "aria-label": "Download of the model" });
  const news = h("span", { role: "status" });
  const size = data.live?.sizes ? ` (${megabytes(data.live)} MB)` : "";
  const load = button(`Run it here${size}`, () => engine.browser?.start(true), { class: "button small" });
  const element = h("p", { class: "engine" }, source, bar, news, load);

  /** The bytes come in small pieces: what is said of them changes with each percent. */
  function follow() {
    const said = engine.browser ? progressText(engine.browser, data.served) : "";
    if (news.textContent === said) return;
    news.textContent = said;
    const [done, all] = engine.browser?.progress ?? [0, 1];
    bar.value = done / all;
  }

  /** @param {Computed[]} answers */
  function update(answers) {
    const state = engine.browser?.state ?? "idle";
    words.textContent = `${sourceText(answers)}${data.offered && answers.length ? LIGHT_FILE : ""}`;
    follow();
    bar.hidden = state !== "loading";
    load.hidden = state !== "spared";
    element.dataset.engine = answers.at(-1)?.engine ?? "";
    element.dataset.model = state;
    source.hidden = !words.textContent;
    element.hidden = source.hidden && !news.textContent && load.hidden;
  }
  return { element, follow, update };
}

/** @param {FolderFiles} live */
function megabytes({ sizes, at_first: first }) {
  const bytes = first.reduce((sum, name) => sum + sizes[name].download, 0);
  return (bytes / MEGABYTE).toFixed(0);
}

/**
 * "computed in your browser (14 ms a run)", or "" without answers.
 * @param {Computed[]} answers
 */
function sourceText(answers) {
  const source = Object.keys(SOURCES).findLast((name) => answers.some(({ engine }) => engine === name));
  if (!source) return "";
  const slowest = Math.max(...answers.map(({ ms }) => ms ?? 0));
  const time = slowest ? ` (${Math.max(Math.round(slowest), 1)} ms a run)` : "";
  return `computed ${SOURCES[source]}${time}`;
}

/**
 * What happens to the model in this browser, in words.
 * @param {Model} model
 * @param {boolean} served - There is a server that answers in its place.
 */
function progressText({ state, progress, reason }, served) {
  if (state === "failed" && served)
    return `The model cannot run in your browser: ${reason}. The server computes instead.`;
  if (state === "failed") return `The model cannot run here: ${reason}.`;
  if (state !== "loading") return "";
  if (!progress) return "loading the model into your browser…";
  const [done, all] = progress;
  if (done === all) return "starting the model in your browser…";
  const share = Math.round((100 * done) / all);
  return `loading the model into your browser: ${share} % of ${(all / MEGABYTE).toFixed(0)} MB`;
}
