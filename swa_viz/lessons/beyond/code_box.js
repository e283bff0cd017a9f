// The box for the visitor's own code: Enter begins a new line there.

/** @import { TextBox } from "../../web/core/controls.js" */
/** @import { CodeLab } from "./code_words.js" */

import { textBox } from "../../web/core/controls.js";

/**
 * Make the box.
 * @param {CodeLab} lab
 * @returns {TextBox}
 */
export function codeBox(lab) {
  const others = { name: 0, pickedName: null };
  const box = textBox(lab.data.knobs.code, lab.values.code, {
    hasLines: true,
    onInput: (code) => lab.engine.live && lab.set({ code, ...others }),
    onChange: (code) => lab.commit({ code, ...others }),
  });
  box.element.classList.add("typed");
  return box;
}
