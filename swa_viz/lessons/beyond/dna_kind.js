// DNA: what a model expects of each base, from the bases that its window holds.

/** @import { DnaLab, Shown, Stored } from "./dna_words.js" */
/** @import { Kind } from "./kind.js" */

import { segmented } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import { percent } from "../../wording/numbers.js";
import * as bitsView from "./dna_bits.js";
import * as lettersView from "./dna_letters.js";
import * as result from "./dna_result_card.js";
import { BASES, baseSentence, placeOf, sharesAt, stretchSentence } from "./dna_words.js";
import { bytesOf, storedOf } from "./kind.js";

/**
 * What is to be shown.
 * @param {Stored} stored
 * @param {Record<string, Uint8Array>} bytes
 * @param {DnaLab["values"]} values
 * @returns {Shown}
 */
function shownFor(stored, bytes, { stretch, base, pickedBase, window: size }) {
  const { bases } = stored.shown[stretch];
  const at = placeOf(stored.windows, size);
  bytes[stretch] ??= bytesOf(stored.shown[stretch].expected);
  const [windowed, full] = [at, stored.windows.length - 1].map((each) => sharesAt(bytes[stretch], each, bases.length));
  return { ...{ stored, stretch, bases, at, windowed, full }, base: pickedBase ?? base, window: size };
}

/**
 * The four bases, each with what is expected of it at this window and in full attention.
 * @param {Shown} shown
 */
function barsOf({ bases, base, windowed, full }) {
  const rows = [...BASES].map((each, i) => {
    const shares = [windowed, full].map((all) => all[base][i]);
    const bars = ["windowed", "full"].map((name, side) =>
      h("span", { class: `fill ${name}`, style: `width: ${100 * shares[side]}%` }),
    );
    const came = each === bases[base] ? " ✓" : "";
    const numbers = shares.map((share) => h("td", {}, percent(share)));
    return h("tr", {}, h("th", { scope: "row" }, `${each}${came}`), h("td", { class: "track" }, bars), numbers);
  });
  const head = h(
    "tr",
    {},
    ["base", "", "window", "full"].map((each) => h("th", { scope: "col" }, each)),
  );
  return [h("thead", {}, head), h("tbody", {}, rows)];
}

/**
 * Make the kind.
 * @param {DnaLab} lab
 * @returns {Kind}
 */
export function render(lab) {
  const stored = /** @type {Stored} */ (storedOf(lab, "dna"));
  const bytes = /** @type {Record<string, Uint8Array>} */ ({});
  const letters = card("What does the window hold?", "");
  const text = lettersView.render(letters.element.appendChild(h("div")), {
    onPoint: (pickedBase) => lab.point({ pickedBase }),
    onChoose: (base) => lab.commit({ base, pickedBase: null }),
  });
  const bits = bitsView.render(letters.element.appendChild(h("div")));
  const choice = segmented(lab.data.knobs.stretch, lab.values.stretch, {
    onChange: (stretch) => lab.commit({ stretch, pickedBase: null }),
  });
  const next = card("Which base comes?", "");
  const table = h("table", { class: "bars", "aria-label": "What the model expects" });
  const room = h("div", { "data-view": "dna-next" }, table);
  next.element.append(room);

  /** @type {Kind["update"]} */
  function update(/** @type {DnaLab["values"]} */ values) {
    const shown = shownFor(stored, bytes, values);
    choice.set(lab.values.stretch);
    const said = stretchSentence(shown);
    const size = stored.windows[shown.at];
    letters.sentence.textContent =
      size === shown.window ? said : `${said} Bits were stored for some windows only: these are those of W = ${size}.`;
    next.sentence.textContent = baseSentence(shown);
    text.update(shown, said);
    bits.update(shown, said);
    table.replaceChildren(...barsOf(shown));
    return {};
  }
  const below = h("div", { class: "pair" }, result.renderCopies(stored), result.renderBits(stored));
  return { main: letters.element, beside: next.element, below, controls: [choice.element], update };
}
