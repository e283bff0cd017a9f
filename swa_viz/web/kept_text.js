// The visitor's own sentence follows from page to page and survives a reload: it is kept in this tab
// of this browser alone.  A frame without an origin of its own keeps nothing.

/** @import { LabData, TextKnob } from "./core/types.d.ts" */

const NAME = "swa_viz.text";

/**
 * Keep a text, or forget it if it is the page's own.
 * @param {string} text
 * @param {TextKnob} knob
 * @returns {void}
 */
export function keepText(text, knob) {
  try {
    if (text === knob.default) window.sessionStorage.removeItem(NAME);
    else window.sessionStorage.setItem(NAME, text);
  } catch {
    // Storage may be forbidden, or full: then the text stays on its page.
  }
}

/**
 * The values of a lab with the visitor's text; a text that a link names goes before it, and so does the
 * page's own text if the link changes a word of it.
 * @param {LabData} data
 * @returns {LabData["values"]}
 */
export function withKeptText({ knobs, values }) {
  const knob = knobs.text;
  if (knob?.kind !== "text" || knob.fixed || values.text !== knob.default || values.edit) return values;
  try {
    const text = window.sessionStorage.getItem(NAME);
    return text === null ? values : { ...values, text };
  } catch {
    return values;
  }
}
