// The badge that says which engine computed what is on screen, and how far the model's download is.
//
// render(engine) -> {element, update(answers)}; `answers` are those on screen, as far as they are here.

import { button } from "../core/controls.js";
import { h } from "../core/dom.js";

const SOURCES = {
  browser: "in your browser",
  rounded: "in your browser, from weights rounded to ten bits",
  server: "on the server",
  file: "in Python, when this file was made",
};
const MEGABYTE = 1e6;

function sourceText(answers) {
  const engines = [...new Set(answers.map(({ engine }) => engine))];
  if (!engines.length) return "";
  const times = answers.filter(({ ms }) => ms !== null).map(({ ms }) => ms);
  const slowest = times.length ? `, ${Math.max(Math.round(Math.max(...times)), 1)} ms a run` : "";
  return `computed ${engines.map((name) => SOURCES[name]).join(" and ")}${slowest}`;
}

const total = (live) => Object.values(live.sizes).reduce((sum, { download }) => sum + download, 0) / MEGABYTE;

// What happens to the model in this browser, in words.
function progressText({ state, progress, reason }, served) {
  if (state === "loading" && !progress) return "loading the model into your browser…";
  if (state === "loading") {
    const [done, all] = progress;
    if (done === all) return "starting the model in your browser…";
    return `loading the model into your browser: ${Math.round((100 * done) / all)} % of ${(all / MEGABYTE).toFixed(0)} MB`;
  }
  if (state === "failed" && !served) return `The model cannot run here: ${reason}.`;
  return "";
}

export function render({ engine, data }) {
  const dot = h("i", { class: "dot", "aria-hidden": "true" });
  const words = h("span");
  const source = h("span", {}, dot, words);
  const bar = h("progress", { max: 1, "aria-label": "Download of the model" });
  const news = h("span", { role: "status" });
  const load = button(
    `Run it here${data.live?.sizes ? ` (${total(data.live).toFixed(0)} MB)` : ""}`,
    () => engine.browser.start(true),
    { class: "button small" },
  );
  const element = h("p", { class: "engine" }, source, bar, news, load);

  function update(answers) {
    const browser = engine.browser ?? { state: "idle" };
    const rest =
      data.offered && answers.length ? "; what is greyed out needs the model, which is not in this file" : "";
    const said = sourceText(answers) + rest;
    words.textContent = said;
    news.textContent = progressText(browser, data.served);
    const [done, all] = browser.progress ?? [0, 1];
    bar.hidden = browser.state !== "loading";
    bar.value = done / all;
    load.hidden = browser.state !== "spared";
    element.dataset.engine = answers.length ? answers[answers.length - 1].engine : "";
    source.hidden = !said;
    element.hidden = !said && !news.textContent && load.hidden;
  }
  return { element, update };
}
