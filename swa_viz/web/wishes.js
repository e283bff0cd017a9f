// What the address wishes of a lab beside its knobs: `show=tokens,next` shows these views only,
// `hide=matrix-full` leaves some out (controls too, by the names of their knobs), and `lock=window`
// keeps knobs where they are.

/** @import { LabData } from "./core/types.d.ts" */

/**
 * The wishes: names of views and knobs.  An empty `show` shows all views.
 * @typedef {Readonly<Record<"show" | "hide" | "lock", readonly string[]>>} Wishes
 */

const CARD = ".card";
const VIEW = "[data-view]";

/**
 * The wishes that a query names.
 * @param {URLSearchParams} query
 * @returns {Wishes}
 */
export function wishesIn(query) {
  /** @param {string} name */
  const names = (name) =>
    (query.getAll(name).at(-1) ?? "")
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean);
  return { show: names("show"), hide: names("hide"), lock: names("lock") };
}

/**
 * The same data with knobs fixed: those that the address locks, and on a page with recorded answers
 * all that it does not offer.
 * @param {LabData} data
 * @param {Wishes} wishes
 * @returns {LabData}
 */
export function withFixed(data, { lock }) {
  const { offered, knobs } = data;
  const fixed = Object.entries(knobs).map(([name, knob]) => {
    const isFixed = lock.includes(name) || Boolean(offered && !offered.includes(name));
    return [name, isFixed ? { ...knob, fixed: true } : knob];
  });
  return { ...data, knobs: Object.fromEntries(fixed) };
}

/**
 * Leave out of a lab what is not wished for: views, cards without a view that is shown, and controls.
 * A name that no view has is no wish.
 * @param {HTMLElement} root
 * @param {Wishes} wishes
 * @returns {void}
 */
export function leaveOut(root, { show, hide }) {
  const views = [...root.querySelectorAll(VIEW)].filter((view) => view instanceof HTMLElement);
  const shown = show.filter((name) => views.some((view) => view.dataset.view === name));
  /** @param {HTMLElement} view */
  const isShown = ({ dataset: { view = "" } }) => !hide.includes(view) && (!shown.length || shown.includes(view));
  for (const view of views) view.classList.toggle("left-out", !isShown(view));
  for (const card of root.querySelectorAll(CARD)) {
    const inside = views.filter((view) => card.contains(view) || view.contains(card));
    const isEmpty = inside.length ? !inside.some(isShown) : shown.length > 0;
    card.classList.toggle("left-out", isEmpty);
  }
  for (const control of root.querySelectorAll("[data-knob]"))
    if (control instanceof HTMLElement) control.classList.toggle("left-out", hide.includes(control.dataset.knob ?? ""));
}
