// Program code: which names a query still reads where they stood last, and what each of them costs.

/** @import { ModelFacts } from "../../web/core/types.d.ts" */
/** @import { CodeLab, Reading, Row, Shown } from "./code_words.js" */
/** @import { Kind } from "./kind.js" */

import { card, h } from "../../web/core/dom.js";
import * as modelMenu from "../../web/model_menu.js";
import { keysOf } from "../../web/views/keys.js";
import * as readText from "../../web/views/read_text.js";
import { counted } from "../../wording/numbers.js";
import { noticeOf } from "../../wording/whole_words.js";
import { codeBox } from "./code_box.js";
import * as costCard from "./code_cost_card.js";
import * as storedCard from "./code_stored_card.js";
import { HOW, NO_READING, absence, countText, shownFor, tableOf } from "./code_words.js";
import { rolesFor } from "./reading.js";

const LEGEND = {
  asks: "the query: the token before the chosen name, which predicts it",
  ...readText.ARRIVAL,
};
const LEAD = "Boxes are names that stood before. Choose one: the code is coloured by what its query reads.";

/**
 * The card with the code, and the box in which one writes it.
 * @param {CodeLab} lab
 * @param {() => readonly Row[]} rowsNow
 */
function codeCard(lab, rowsNow) {
  const frame = card("Which names does it still read?", "");
  const room = frame.element.appendChild(h("div"));
  const about = {
    name: "code",
    label: "The code as tokens.",
    table: () => tableOf(rowsNow()),
  };
  const view = readText.render(room, about, {
    onPoint: (mark) => lab.point({ pickedName: mark }),
    onChoose: (mark) => lab.commit({ name: mark + 1, pickedName: null }),
  });
  room.querySelector(".read-text")?.classList.add("typed");
  const legend = keysOf(LEGEND);
  const box = codeBox(lab);
  const models = modelMenu.render(lab, ["sequence", "window"]).map(({ element }) => element);
  frame.element.append(h("div", { class: "legend" }, legend.element), box.element, ...models);

  /** @param {Shown} shown */
  function update(shown) {
    const { full, rows, chosen, windows } = shown;
    const { tokens } = full;
    const row = rows[chosen];
    frame.sentence.textContent = row ? `${countText(shown)} ${LEAD}` : absence(lab, full);
    view.update({
      pieces: tokens,
      roles: row ? rolesFor(tokens.length, row.query, windows) : tokens.map(() => "after"),
      marks: rows.map(({ start, stop, how, age, name }) => ({
        ...{ start, stop, role: how },
        title: `${name}: stood last ${counted(age, "token")} before the query, read ${HOW[how]}`,
      })),
      chosen,
      about: row ? [row.earlier, row.earlierStop] : null,
    });
  }
  return { element: frame.element, box, update };
}

/**
 * Make the kind.
 * @param {CodeLab} lab
 * @returns {Kind}
 */
export function render(lab) {
  const { n_layers: layers } = /** @type {ModelFacts} */ (lab.data.model);
  let shown = /** @type {Shown} */ ({ full: NO_READING, rows: [], windows: { size: 1, layers }, chosen: -1 });
  const code = codeCard(lab, () => shown.rows);
  const cost = costCard.render(lab);

  /** @type {Kind["update"]} */
  function update(/** @type {CodeLab["values"]} */ values) {
    const [found, other] = lab.requests(values).map(lab.engine.peek);
    const full = found ? { ...NO_READING, .../** @type {Partial<Reading>} */ (found) } : shown.full;
    shown = shownFor(values, full, found ? other : null, layers);
    code.box.set(lab.values.code);
    code.box.say(found ? noticeOf(full.notice, full.tokens) : "");
    code.update(shown);
    cost.update(shown);
    return { stale: !found, most: full.tokens.length };
  }
  return { main: code.element, beside: cost.element, below: storedCard.render(lab), update };
}
