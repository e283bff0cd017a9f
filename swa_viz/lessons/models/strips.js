// The layers of two models, a bar for each: full ones are as high as the room, windows the lower the fewer
// keys they read.

/** @import { Counted } from "./shown.js" */

import { headsOf } from "../../presets/preset.js";
import { h, onWidth, svg } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { arrowed, listenToPointer, pointWord } from "../../web/views/pointing.js";
import { thousands } from "../../wording/numbers.js";
import { keysIn } from "./shown.js";
import { windowText } from "./words.js";

const FIRST_WIDTH = 320;
const [HIGH, FOOT] = [40, 10];
/** The smallest bar, and the largest of a window: a full layer is always higher. */
const [LOWEST, HIGHEST] = [0.2, 0.8];
/** Windows of so many keys are the lowest and the highest. */
const [FEWEST, MOST] = [64, 16_384];

/** @typedef {ReturnType<typeof open>} Strip */

/**
 * How many keys a layer reads at most; null if it reads all.
 * @param {Counted} model
 * @param {number} i
 */
const keysOf = ({ preset, full }, i) => (full[i] ? null : keysIn(preset.layer_schedule[i]));

/** @param {number} keys */
function heightOf(keys) {
  const share = Math.log(keys / FEWEST) / Math.log(MOST / FEWEST);
  return HIGH * (LOWEST + (HIGHEST - LOWEST) * Math.min(Math.max(share, 0), 1));
}

/**
 * Make the strips.
 * @param {HTMLElement} element
 * @returns {{update: (models: readonly Counted[]) => void}}
 */
export function render(element) {
  const told = h("p", { class: "told", role: "status" });
  const strips = ["first", "second"].map((which) => open(which, told));
  element.dataset.view = "strips";
  const legend = h("ul", { class: "keys" });
  element.replaceChildren(...strips.flatMap(({ title, picture }) => [title, picture]), legend, told);
  offer(element, { table: () => tableOf(strips.flatMap(({ model }) => (model ? [model] : []))) });
  onWidth(element, (width) => {
    for (const strip of strips) {
      strip.width = width;
      paint(strip);
    }
  });
  return {
    update(models) {
      strips.forEach((strip, i) => {
        strip.model = models[i];
        strip.asked = null;
        paint(strip);
      });
      legend.replaceChildren(...legendOf(models));
      told.textContent = `${pointWord()} a layer to read it.`;
      told.classList.add("unsaved");
    },
  };
}

/**
 * @param {string} which
 * @param {HTMLElement} told
 */
function open(which, told) {
  const picture = svg("svg", { class: `layers-of ${which}`, height: HIGH + FOOT, tabindex: 0, role: "img" });
  const strip = {
    told,
    picture,
    title: h("h3"),
    model: /** @type {Counted | null} */ (null),
    width: FIRST_WIDTH,
    asked: /** @type {number | null} */ (null),
  };
  const byFinger = listenToPointer(picture, {
    at: (event) => layerAt(strip, event.clientX - picture.getBoundingClientRect().left),
    point: (layer) => ask(strip, layer),
  });
  picture.addEventListener("blur", () => byFinger() || ask(strip, null));
  picture.addEventListener("keydown", (event) => press(strip, event));
  return strip;
}

/**
 * @param {Strip} strip
 * @param {number} left - In CSS pixels.
 */
function layerAt({ model, width }, left) {
  const layer = Math.floor((left / width) * (model?.full.length ?? 0));
  return model && layer >= 0 && layer < model.full.length ? layer : null;
}

/**
 * @param {Strip} strip
 * @param {KeyboardEvent} event
 */
function press(strip, event) {
  const next = arrowed(event, strip.asked ?? -1, strip.model?.full.length ?? 0);
  if (next !== null) ask(strip, next);
}

/**
 * @param {Strip} strip
 * @param {number | null} layer
 */
function ask(strip, layer) {
  if (layer === strip.asked) return;
  strip.asked = layer;
  paint(strip);
  const { model, told } = strip;
  told.textContent = model && layer !== null ? layerText(model, layer) : `${pointWord()} a layer to read it.`;
  told.classList.toggle("unsaved", layer === null);
}

/**
 * What a layer is.
 * @param {Counted} model
 * @param {number} i
 */
function layerText({ preset, full }, i) {
  const { n_heads: heads, n_kv_heads: stored, head_dim: width } = headsOf(preset)[i];
  const reads = full[i] ? "full attention" : windowText(preset.layer_schedule[i]);
  const more = [
    `${heads} query heads`,
    preset.shared_kv_layers.includes(i)
      ? "the keys and values of an earlier layer"
      : `${stored} stored ${stored === 1 ? "head" : "heads"} of ${thousands(width)} numbers`,
    preset.nope_layers.includes(i) ? "no positions" : "",
  ];
  return `${preset.label}, layer ${i + 1} of ${full.length}: ${reads}; ${more.filter(Boolean).join(", ")}.`;
}

/** @param {Strip} strip */
function paint({ model, picture, title, width, asked }) {
  if (!model) return;
  const { preset, full } = model;
  const pitch = width / full.length;
  title.textContent = preset.label;
  const nFull = full.filter(Boolean).length;
  picture.setAttribute(
    "aria-label",
    `${preset.label}: ${full.length} layers, ${nFull} full. Arrow keys read them out.`,
  );
  picture.setAttribute("width", String(width));
  picture.setAttribute("viewBox", `0 0 ${width} ${HIGH + FOOT}`);
  picture.replaceChildren(
    ...full.flatMap((isFull, i) => {
      const keys = keysOf(model, i);
      const height = keys === null ? HIGH : heightOf(keys);
      const [x, wide] = [i * pitch + 1, Math.max(pitch - 2, 1)];
      const shared = preset.shared_kv_layers.includes(i) ? " shared" : "";
      const looks = `layer-bar ${isFull ? "full" : "window"}${shared}${i === asked ? " asked" : ""}`;
      const bar = svg("rect", { class: looks, x, y: HIGH - height, width: wide, height, rx: Math.min(2, wide / 3) });
      const silent = preset.nope_layers.includes(i);
      const dot = { class: "silent", cx: x + wide / 2, cy: HIGH + FOOT - 4, r: Math.min(3, wide / 2) };
      return silent ? [bar, svg("circle", dot)] : [bar];
    }),
  );
}

/**
 * What the bars mean that are on screen.
 * @param {readonly Counted[]} models
 */
function legendOf(models) {
  const all = models.map(({ preset }) => preset);
  const entries = [
    { words: "window: higher with more keys", looks: "window", height: 8, there: models.some((m) => m.windows.length) },
    { words: "full attention", looks: "full", height: 13, there: models.some(({ full }) => full.some(Boolean)) },
    {
      words: "stores nothing of its own",
      looks: "full shared",
      height: 13,
      there: all.some(({ shared_kv_layers: shared }) => shared.length),
    },
  ];
  const bars = entries.filter(({ there }) => there);
  const rows = bars.map(({ words, looks, height }) => {
    const bar = svg("rect", { class: `layer-bar ${looks}`, x: 1, y: 14 - height, width: 10, height, rx: 2 });
    return legendRow(bar, words);
  });
  const dot = svg("circle", { class: "silent", cx: 6, cy: 7, r: 3 });
  return all.some(({ nope_layers: silent }) => silent.length) ? [...rows, legendRow(dot, "no positions")] : rows;
}

/**
 * @param {SVGElement} sign
 * @param {string} words
 */
const legendRow = (sign, words) =>
  h(
    "li",
    {},
    svg("svg", { class: "layers-of", width: 12, height: 14, "aria-hidden": true }, sign),
    h("span", {}, words),
  );

/**
 * All layers, a row for each.
 * @param {readonly Counted[]} models
 */
function tableOf(models) {
  const columns = ["model", "layer", "pattern", "keys", "query_heads", "stored_heads", "key_width", "value_width"];
  const rows = models.flatMap((model) => {
    const { preset, full } = model;
    return headsOf(preset).map((heads, i) => [
      preset.label,
      i + 1,
      full[i] ? "full" : windowText(preset.layer_schedule[i]),
      keysOf(model, i),
      heads.n_heads,
      preset.shared_kv_layers.includes(i) ? 0 : heads.n_kv_heads,
      heads.head_dim,
      heads.value_dim,
    ]);
  });
  return { columns, rows };
}
