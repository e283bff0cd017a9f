// The part of the share panel about a frame in another page: its options, its lines, and how it looks.

/** @import { AnyLab } from "./lab.js" */
/** @import { FrameWishes } from "./link.js" */

import { copyButton } from "./core/controls.js";
import { h } from "./core/dom.js";
import { frameOf } from "./link.js";
import { SIZES, snippet } from "./snippet.js";

/** @type {Record<string, string>} */
const THEMES = { light: "light", dark: "dark", auto: "automatic" };
/** @type {Record<string, string>} */
const STATES = { free: "moves", fixed: "is fixed", hidden: "is left out" };

/** @typedef {ReturnType<typeof optionsFor>} Options */

let serial = 0;

/**
 * A list of choices.
 * @param {string} label
 * @param {Record<string, string>} choices
 * @param {() => void} onchange
 */
function choice(label, choices, onchange) {
  const options = Object.entries(choices).map(([value, words]) => h("option", { value }, words));
  const id = `share-choice-${serial++}`;
  const select = h("select", { id, onchange }, options);
  return { select, element: h("div", { class: "share-choice" }, h("label", { for: id }, label), select) };
}

/**
 * The views of a lab, by their names, with what each is called.
 * @param {AnyLab} lab
 * @returns {Map<string, string>}
 */
function viewsOf(lab) {
  const views = [...lab.root.querySelectorAll("[data-view]")].filter((view) => view instanceof HTMLElement);
  return new Map(
    views.map((view) => [view.dataset.view ?? "", view.closest(".card")?.querySelector("h2")?.textContent || ""]),
  );
}

/**
 * The controls of a lab, each with the question whether it moves in the frame.
 * @param {AnyLab} lab
 * @param {() => void} update
 */
function knobChoices(lab, update) {
  const { knobs } = lab.data;
  const names = new Set(
    [...lab.root.querySelectorAll("[data-knob]")].map((each) => each.getAttribute("data-knob") ?? ""),
  );
  return [...names]
    .filter((name) => knobs[name])
    .map((name) => ({ name, ...choice(knobs[name].label, STATES, update) }));
}

/**
 * A box for each picture, to show it or not.
 * @param {AnyLab} lab
 * @param {() => void} update
 */
function viewChoices(lab, update) {
  return [...viewsOf(lab)].map(([name, title]) => {
    const box = h("input", { type: "checkbox", checked: true, value: name, onchange: update });
    const words = title && title !== name ? `${title} (${name})` : name;
    return { box, element: h("label", { class: "share-check" }, box, words) };
  });
}

/**
 * @param {AnyLab} lab
 * @param {() => void} update
 */
function optionsFor(lab, update) {
  const sizes = Object.fromEntries(Object.entries(SIZES).map(([name, { words }]) => [name, words]));
  return {
    size: choice("Size", sizes, update),
    theme: choice("Colours", THEMES, update),
    views: viewChoices(lab, update),
    knobs: knobChoices(lab, update),
  };
}

/**
 * @param {Options} options
 * @returns {FrameWishes}
 */
function wishesOf({ theme, views, knobs }) {
  return {
    theme: theme.select.value,
    views: views.filter(({ box }) => box.checked).map(({ box }) => box.value),
    allViews: views.map(({ box }) => box.value),
    knobs: Object.fromEntries(knobs.map(({ name, select }) => [name, select.value])),
  };
}

/**
 * The preview is as high as its page says, where the size allows it.
 * @param {HTMLIFrameElement} preview
 * @param {() => boolean} grows
 */
function followHeight(preview, grows) {
  window.addEventListener("message", ({ source, data }) => {
    const isHeight = source === preview.contentWindow && data?.type === "swa-viz:height";
    if (isHeight && grows()) preview.style.height = `${Number(data.height)}px`;
  });
}

/**
 * Make the part.
 * @param {AnyLab} lab
 * @param {() => void} changed - It is called when an option has changed.
 * @returns {{parts: HTMLElement[], update: () => void, choose: (view: string) => void}} `choose` shows one
 *   picture only.
 */
export function framePart(lab, changed) {
  const options = optionsFor(lab, changed);
  const { size, theme, views, knobs } = options;
  const lines = h("textarea", { readonly: true, rows: 4, "aria-label": "The lines for your page" });
  const preview = h("iframe", { class: "share-preview", title: "How the frame looks" });
  const chosen = () => SIZES[size.select.value];
  followHeight(preview, () => chosen().grows);
  function update() {
    const wishes = wishesOf(options);
    lines.value = snippet(frameOf(lab, wishes, lab.data.static_page).href, chosen(), document.title);
    const address = frameOf(lab, wishes).href;
    if (preview.src !== address) preview.src = address;
    Object.assign(preview.style, { width: chosen().width, height: `${chosen().height}px` });
  }
  /** @param {string} view */
  function choose(view) {
    for (const { box } of views) box.checked = box.value === view;
    update();
  }
  /** @param {{element: HTMLElement}[]} all */
  const elements = (all) => all.map(({ element }) => element);
  const parts = [
    h("h3", {}, "In your own page"),
    h("p", { class: "lead" }, "Paste these lines into the HTML of a course page or of a slide."),
    h("div", { class: "share-options" }, elements([size, theme])),
    ...(views.length > 1 ? [h("fieldset", { class: "share-options" }, h("legend", {}, "Show"), elements(views))] : []),
    ...(knobs.length
      ? [h("details", {}, h("summary", {}, "Controls"), h("div", { class: "share-options" }, elements(knobs)))]
      : []),
    h(
      "div",
      { class: "share-line" },
      lines,
      copyButton("Copy", () => lines.value),
    ),
    h("div", { class: "share-room" }, preview),
  ];
  return { parts, update, choose };
}
