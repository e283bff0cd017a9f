// The addresses that lead to what a lab shows now, with the visitor's text in them: of the page itself,
// and of the page as a frame in somebody else's.

/** @import { LabData } from "./core/types.d.ts" */

/**
 * What a frame shows and what moves in it: `views` are those to show, of `allViews`, and `knobs` says of
 * a control whether it is fixed or left out.
 * @typedef {object} FrameWishes
 * @property {string} theme - "light", "dark" or "auto".
 * @property {string[]} views
 * @property {string[]} allViews
 * @property {Record<string, string>} knobs - "free", "fixed" or "hidden" for each.
 */

const OF_FRAMES = ["embed", "embed_options", "theme", "show", "hide", "lock"];

/**
 * The address of this view.
 * @param {{data: LabData, values: any}} lab
 * @returns {URL}
 */
export function linkTo({ data, values }) {
  const address = new URL(window.location.href);
  address.hash = "";
  for (const [name, knob] of Object.entries(data.knobs)) {
    const value = values[name];
    if (value === undefined || value === knob.default) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  return address;
}

/**
 * The address of this view on its own page, also where it is a frame now.
 * @param {{data: LabData, values: any}} lab
 * @returns {URL}
 */
export function wholePage(lab) {
  const address = linkTo(lab);
  for (const name of OF_FRAMES) address.searchParams.delete(name);
  return address;
}

/**
 * The address of this view as a frame.
 * @param {{data: LabData, values: any}} lab
 * @param {FrameWishes} wishes
 * @param {string} [elsewhere] - The same page on another host.
 * @returns {URL}
 */
export function frameOf(lab, { theme, views, allViews, knobs }, elsewhere = "") {
  const address = wholePage(lab);
  if (elsewhere) address.href = new URL(address.search, elsewhere).href;
  const hidden = allViews.filter((name) => !views.includes(name));
  const isShort = views.length > 0 && views.length <= hidden.length;
  /** @param {string} wish */
  const knobsThatAre = (wish) => Object.keys(knobs).filter((name) => knobs[name] === wish);
  const lists = {
    show: isShort ? views : [],
    hide: [...(isShort ? [] : hidden), ...knobsThatAre("hidden")],
    lock: knobsThatAre("fixed"),
  };
  address.searchParams.set("embed", "true");
  address.searchParams.set("theme", theme);
  for (const [name, names] of Object.entries(lists)) if (names.length) address.searchParams.set(name, names.join(","));
  return address;
}
