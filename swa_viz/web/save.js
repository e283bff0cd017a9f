// Every picture can leave the page: a button at its card saves it as SVG, as PNG or, if the view offers
// its numbers, as CSV.  All of it is made in this browser.

import { button } from "./core/controls.js";
import { h } from "./core/dom.js";
import { handOver } from "./core/hand_over.js";
import { offerOf } from "./core/offer.js";
import { csvOf } from "./picture/csv.js";
import { pngFile, svgFile } from "./picture/files.js";
import { sheetOf } from "./picture/sheet.js";

/**
 * What a saved picture says of itself.
 * @typedef {{lab: string, address: () => string, share: (view: string) => void}} Origin
 */

/**
 * Put a button at each picture of a lab that is one.
 * @param {HTMLElement} root - Of the lab.
 * @param {Origin} origin
 * @returns {void}
 */
export function offerFiles(root, origin) {
  for (const view of root.querySelectorAll("[data-view]")) {
    if (!(view instanceof HTMLElement) || !offerOf(view)) continue;
    const menu = menuFor(view, origin);
    const header = view.closest(".card")?.querySelector("header");
    if (header) header.append(menu);
    else view.before(menu);
  }
}

/**
 * @param {HTMLElement} view
 * @param {Origin} origin
 */
function menuFor(view, origin) {
  const name = view.dataset.view ?? "";
  /**
   * @param {string} words
   * @param {string} kind
   * @param {() => Blob | Promise<Blob | null>} make
   */
  const action = (words, kind, make) =>
    button(words, async () => {
      menu.open = false;
      const file = await make();
      if (file) handOver(file, `swa_viz-${origin.lab}-${name}.${kind}`);
    });
  const { table } = offerOf(view) ?? {};
  const menu = h(
    "details",
    { class: "save unsaved", onkeydown: (/** @type {KeyboardEvent} */ event) => close(event), onfocusout: leave },
    h("summary", { class: "button small", "aria-label": `Save this picture: ${name}` }, "Save"),
    h(
      "div",
      { class: "save-menu" },
      action("SVG, vectors", "svg", () => svgFile(sheetOf(view, origin.address()))),
      action("PNG, pixels", "png", () => pngFile(sheetOf(view, origin.address()))),
      table
        ? action("CSV, numbers", "csv", () => new Blob([csvOf(table())], { type: "text/csv;charset=utf-8" }))
        : null,
      button("Link or frame…", () => {
        menu.open = false;
        origin.share(name);
      }),
    ),
  );
  /** @param {KeyboardEvent} event */
  function close(event) {
    if (event.key === "Escape") menu.open = false;
  }
  /** @param {FocusEvent} event */
  function leave(event) {
    if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) menu.open = false;
  }
  return menu;
}
