// The card that says how to measure other texts, models and windows from the command line.

/** @import { ChooseLab, ChooseValues } from "./controls.js" */

import { asTyped, takesWindow } from "../../patterns/schedule_text.js";
import { copyButton } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import { OWN } from "./controls.js";
import { ownRun } from "./shown.js";

const WINDOWS = [8, 16, 32, 64, 128];
const OPTIONS = '--schedules windows "1 sink" 1:1 3:1 5:1 --tokens 256 --out sweep.csv';

/**
 * The command that measures what the page shows, and the visitor's own schedule with its W.
 * @param {string} model
 * @param {ChooseValues} values
 */
function commandFor(model, { schedule, window }) {
  const own = schedule && takesWindow(schedule) ? [window] : [];
  const windows = [...new Set([...WINDOWS, ...own])].sort((one, other) => one - other);
  const rows = schedule ? ` --schedule ${asTyped(schedule)}` : "";
  const read = `--models ${model} --texts yours.txt --windows ${windows.join(" ")}`;
  return `python -m swa_viz.experiments sweep ${read}${rows} ${OPTIONS}`;
}

/**
 * Make the card.
 * @param {ChooseLab} lab
 * @returns {{element: HTMLElement, update: (values: ChooseValues) => void}}
 */
export function render(lab) {
  const code = h("code");
  const where = lab.data.served
    ? "Above, under “Measure your own text”, this server does it."
    : "This page has no server: run the lab yourself, and its page measures a text that you paste.";
  const frame = card(
    "Your own text, model and windows",
    `${where} The command measures whole files and any model in a folder, says what to take, and goes on where it ` +
      "was stopped.",
    h("pre", { class: "command", tabindex: 0 }, code),
    copyButton("Copy the command", () => code.textContent ?? ""),
  );
  /** @param {ChooseValues} values */
  function update(values) {
    const { measured } = values;
    const model = measured === OWN ? (ownRun(lab)?.model ?? "tiny-swa") : measured;
    code.textContent = commandFor(model, values);
  }
  return { element: frame.element, update };
}
