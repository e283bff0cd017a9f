// The card with the map: how large the windows of all models are, and how many of their layers are full.

/** @import { Mark } from "../../web/views/scatter.js" */
/** @import { ModelsLab } from "./controls.js" */
/** @import { Counted, Shown } from "./shown.js" */

import { card, h } from "../../web/core/dom.js";
import { growingAxis, straightAxis } from "../../web/views/axis.js";
import * as scatter from "../../web/views/scatter.js";
import { counted, percent, thousands } from "../../wording/numbers.js";
import { listed } from "../../wording/text.js";
import { countedOf, largestWindow, presetsOf } from "./shown.js";
import { marksOf } from "./words.js";

/** Models with so few tokens are counted as well: nothing on the map depends on the length. */
const ANY_LENGTH = 1;

/** @param {Counted} model */
const shareOf = ({ full }) => full.filter(Boolean).length / full.length;

/**
 * @param {Counted} model
 * @returns {Mark}
 */
function markOf(model) {
  const { name, preset } = model;
  const [keys, share] = [largestWindow(model), shareOf(model)];
  const [remarks, size] = [marksOf(model), counted(keys, "key")];
  const more = remarks.length ? ` (${remarks.join(", ")})` : "";
  return {
    id: name,
    x: keys,
    y: 100 * share,
    text: String(preset.year).slice(-2),
    dashed: preset.nope_layers.length > 0,
    star: preset.sink_logits,
    label: preset.label,
    words: `${preset.label}, ${preset.year}: windows of ${size}, ${percent(share)} of its layers full${more}`,
  };
}

/**
 * How large the windows of each year were: "2023: 256 to 4,096".
 * @param {readonly Counted[]} models
 */
function yearsText(models) {
  const years = [...new Set(models.map(({ preset }) => preset.year ?? 0))].sort();
  const ranges = years.map((year) => {
    const sizes = models.filter(({ preset }) => preset.year === year).map(largestWindow);
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)].map(thousands);
    return `${year}: ${least === most ? least : `${least} to ${most}`}`;
  });
  return `Windows have not simply become smaller over the years. ${ranges.join("; ")} keys.`;
}

/**
 * Make the card.
 * @param {ModelsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const all = Object.entries(presetsOf(lab)).map(([name, preset]) => countedOf(name, preset, ANY_LENGTH));
  const windowed = all.filter(({ windows }) => windows.length);
  const marks = windowed.map(markOf);
  const without = all.filter(({ windows }) => !windows.length).map(({ preset }) => preset.label);
  const lead =
    "A circle is a model, with the year of its publication. Further right its windows are larger, further up more of " +
    "its layers are full. Models of one place stand side by side. " +
    `${listed(without)} have no windows and are not shown. ${yearsText(windowed)}`;
  const frame = card("Window size against full layers", lead);
  const view = scatter.render(frame.element.appendChild(h("div")), "map", {
    embedded: lab.data.embedded,
    signs: { dashed: "no positions in full layers", star: "sink logits" },
    choose: (name) => lab.commit({ second: name }),
  });
  /** @param {Shown} shown */
  function update({ first, second }) {
    view.update({
      x: growingAxis(
        "keys that the largest window reads",
        marks.map(({ x }) => x),
      ),
      y: straightAxis(
        "full layers in %",
        marks.map(({ y }) => y),
      ),
      marks,
      chosen: [first.name, second.name],
    });
  }
  return { element: frame.element, update };
}
