// One number, nine programs: how many keys each of them reads when its window is set to it.

import { bandOf } from "../../patterns/pattern.js";
import { fromConvention, inOurWords, keysInside, withNumber } from "../../patterns/conventions.js";
import { card, h, svg } from "../../web/core/dom.js";
import { thousands } from "../../wording/numbers.js";

const ROOM = 272;
const CELLS = { smallest: 3, largest: 8 };
const HEIGHT = 12;

// The keys around one query, oldest left: an off-by-one is one more box.
function keysPicture(pattern, widest) {
  const [before, after] = bandOf(pattern);
  const boxes = widest.before + widest.after + 1;
  const cell = Math.min(CELLS.largest, ROOM / boxes);
  if (cell < CELLS.smallest) return null;
  const box = (age) =>
    svg("rect", {
      x: (widest.before - age) * cell,
      y: 1,
      width: 0.75 * cell,
      height: HEIGHT - 2,
      rx: cell / 5,
      class: age === 0 ? "query" : "key",
    });
  const ages = Array.from({ length: before + after + 1 }, (_, i) => before - i);
  const width = boxes * cell;
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, "aria-hidden": "true", class: "keys-picture" },
    ages.map(box),
  );
}

function widestOf(rows) {
  const sides = rows.map(({ pattern }) => bandOf(pattern));
  return { before: Math.max(...sides.map(([b]) => b)), after: Math.max(...sides.map(([, a]) => a)) };
}

// "n + 1": how many keys their number stands for.
function inTheirNumber({ centred, n_per_unit, extra_keys }) {
  if (centred) return n_per_unit === 2 ? "n + 1" : "2n + 1";
  return extra_keys ? `n + ${extra_keys}` : "n";
}

export function render(lab) {
  const { conventions } = lab.data.extra;
  const names = lab.data.knobs.convention.choices;
  const body = h("tbody");
  const table = h(
    "table",
    { class: "conventions" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["Program", "Its rule", "Keys read", "Ours", "Around the query"].map((name) => h("th", { scope: "col" }, name)),
      ),
    ),
    body,
  );
  const view = card("", "", h("div", { class: "table-room" }, table));
  const choose = (key) => lab.commit({ convention: key, pattern: conventions[key]?.centred ? "centred" : "sliding" });

  function row({ key, pattern, number, even, says, source, centred, n_per_unit, extra_keys }, widest, chosen) {
    const odd = even ? "" : ` (with ${number}: it must be even)`;
    return h(
      "tr",
      { "aria-current": key === chosen ? "true" : null },
      h(
        "th",
        { scope: "row" },
        h("button", { type: "button", class: "link", onclick: () => choose(key), "data-key": key }, names[key]),
        h("small", {}, source),
      ),
      h("td", { class: "rule" }, withNumber(says, number), h("small", {}, odd)),
      h(
        "td",
        { class: "count" },
        thousands(keysInside(pattern)),
        h("small", {}, inTheirNumber({ centred, n_per_unit, extra_keys })),
      ),
      h("td", { class: "count" }, inOurWords(pattern)),
      h("td", { class: "keys-around" }, keysPicture(pattern, widest)),
    );
  }

  function update({ number, chosen }) {
    const ours = {
      key: "ours",
      pattern: { kind: "sliding", window_size: number },
      number,
      even: true,
      says: "0 ≤ age < n",
      source: "this lab",
    };
    const theirs = Object.entries(conventions).map(([key, entry]) => ({
      key,
      ...entry,
      ...fromConvention(number, entry),
    }));
    const rows = [ours, ...theirs];
    const focused = body.getRootNode().activeElement?.dataset?.key;
    const widest = widestOf(rows);
    view.heading.textContent = `“A window of ${number}”, as ${rows.length} programs read it`;
    view.sentence.textContent =
      "The same number, up to one key apart in decoders and up to twice as many in encoders. Choose a row to draw its band above. Blue: the query.";
    body.replaceChildren(...rows.map((entry) => row(entry, widest, chosen)));
    if (focused) [...body.querySelectorAll("button")].find(({ dataset }) => dataset.key === focused)?.focus();
  }
  return { element: view.element, update };
}
