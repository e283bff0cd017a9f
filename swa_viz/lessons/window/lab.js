// The window lab: which keys does a query read?  Every pattern's matrix beside full attention's.

import { pairsOf } from "../../cost.js";
import { card, h, setBadges } from "../../web/core/dom.js";
import { thousands } from "../../wording/numbers.js";
import { inOurWords, keysInside, withNumber } from "../../patterns/conventions.js";
import * as keystrip from "../../web/views/keystrip.js";
import { linkButton, mount } from "../../web/lab.js";
import * as matrix from "../../web/views/matrix.js";
import { bandOf, isFull, looksAhead, statedBy } from "../../patterns/pattern.js";
import { keysRead } from "../../patterns/ranges.js";
import { ruleSentence, ruleText } from "../../patterns/sentences.js";
import { readable } from "../../wording/text.js";
import * as conventionTable from "./convention_table.js";
import * as windowControls from "./controls.js";
import * as counts from "./counts.js";
import { EXAMPLES } from "./examples.js";
import { fullBeside } from "./chosen.js";

const NO_MATRIX = {
  tokens: null,
  seqLen: 0,
  pattern: { kind: "causal" },
  full: { kind: "causal" },
  value: null,
  query: null,
  name: "",
};

// "The number 6 in FlashAttention, window_size=(6, 0), reads 7 keys: W = 7 in ours"
function translation(says, { pattern, number }) {
  return `Their rule ${withNumber(says, number)} reads ${thousands(keysInside(pattern))} keys: ${inOurWords(pattern)} in ours`;
}

function swatch(kind, words) {
  return h("li", {}, h("i", { class: `swatch ${kind}` }), words);
}

function build(lab) {
  const { conventions } = lab.data.extra;
  const names = lab.data.knobs.convention.choices;
  const panel = windowControls.render(lab);
  const fullCard = card("", "");
  const bandCard = card("", "");
  const rowCard = card("", "");
  const [fullBox, bandBox, rowBox] = [fullCard, bandCard, rowCard].map(({ element }) => element.appendChild(h("div")));
  const pinned = swatch("pinned", "a sink or global token");
  const legend = h(
    "ul",
    { class: "keys" },
    swatch("key", "read"),
    swatch("outside", "read in full attention only"),
    pinned,
    swatch("row", "the query's row"),
  );
  const costs = counts.render();
  const table = conventionTable.render(lab);

  let hovered = null;
  const locked = () => (lab.values.token > 0 && lab.values.token <= lab.values.tokens ? lab.values.token - 1 : null);
  const lock = (query) => lab.commit({ token: query === null || query === locked() ? 0 : query + 1 });
  const linked = {
    onHover: (cell) => {
      hovered = cell ? cell.query : null;
      lab.repaint();
    },
    onLock: lock,
  };
  const fullView = matrix.render(fullBox, NO_MATRIX, linked);
  const bandView = matrix.render(bandBox, NO_MATRIX, linked);
  const strip = keystrip.render(rowBox);
  const spoken = h("p", { class: "sr-only", role: "status" });
  [fullBox, bandBox].forEach((box) => box.classList.add("room"));

  const onKey = (event) => {
    if (event.key === "Escape" && locked() !== null) lock(null);
    if (event.key === "Enter" && event.target.tagName === "CANVAS" && hovered !== null) lock(hovered);
  };
  const element = h(
    "div",
    { class: "window-lab", onkeydown: onKey },
    panel.element,
    h("div", { class: "pair" }, fullCard.element, bandCard.element),
    h("div", { class: "legend" }, legend),
    rowCard.element,
    spoken,
    costs.element,
    table.element,
    h("div", { class: "row end" }, linkButton(lab)),
  );

  function paint() {
    const chosen = panel.update();
    const { pattern } = chosen;
    const seqLen = lab.values.tokens;
    const full = fullBeside(pattern, seqLen);
    const query = Math.min(hovered ?? locked() ?? seqLen - 1, seqLen - 1);
    const words = EXAMPLES[lab.values.example]?.words?.slice(0, seqLen) ?? null;
    const view = { tokens: words, seqLen, full, value: null, query };
    const both = looksAhead(pattern);
    const sentence = ruleSentence(pattern, query, seqLen, words);
    element.classList.toggle("many", seqLen > 16);
    element.classList.toggle("most", seqLen > 300);
    pinned.hidden = !statedBy(pattern).pinnedWords;

    fullCard.heading.textContent = both ? "Full attention, both ways" : "Full causal attention";
    fullCard.sentence.textContent = both
      ? "An encoder's query reads every key, before and after it"
      : "A query reads every key up to itself: age ≥ 0";
    setBadges(fullCard.badges, [`${thousands(pairsOf(full, seqLen))} pairs`]);
    paintFull({
      ...view,
      name: "Full attention",
      pattern: full,
      told: both ? `Every key: all ${thousands(seqLen)} tokens.` : ruleSentence(full, query, seqLen, words),
    });

    bandCard.heading.textContent = headingOf(chosen);
    bandCard.sentence.textContent = leadOf(chosen);
    setBadges(bandCard.badges, [savingBadge(pairsOf(pattern, seqLen), pairsOf(full, seqLen))]);
    bandView.update({ ...view, name: headingOf(chosen), pattern, told: sentence });

    rowCard.heading.textContent = `What ${words ? `“${readable(words[query])}”` : `token ${query + 1}`} reads`;
    rowCard.sentence.textContent = rowLead();
    setBadges(rowCard.badges, [
      `${thousands(keysRead(pattern, query, seqLen))} of ${thousands(seqLen)} tokens`,
      locked() === null ? "hover a row" : "locked",
    ]);
    spoken.textContent = sentence;
    strip.update({ words, seqLen, pattern, full, query });
    costs.update({ pattern, full, query, seqLen });
    table.update({
      number: lab.values.window,
      chosen: pattern.kind === "sliding" || lab.values.convention !== "ours" ? lab.values.convention : null,
    });
  }

  // Dragging W leaves full attention as it is, and its picture costs as much as the other one.
  let drawn = null;
  function paintFull(data) {
    const looks = JSON.stringify([data, lab.root.dataset.theme]);
    if (looks !== drawn) fullView.update(data);
    drawn = looks;
  }

  const rowLead = () =>
    EXAMPLES[lab.values.example]?.lead ??
    "Point at a row of a matrix to see its query here; click to lock it, Escape to unlock.";

  function headingOf({ pattern, number }) {
    const { convention } = lab.values;
    if (convention !== "ours") return `${names[convention]}, n = ${number}`;
    const name = lab.data.knobs.pattern.choices[pattern.kind].replace(/^./, (first) => first.toUpperCase());
    return bandOf(pattern) && !isFull(pattern) ? `${name}, ${inOurWords(pattern)}` : name;
  }

  function leadOf(chosen) {
    const convention = conventions[lab.values.convention];
    return convention
      ? translation(convention.says, chosen)
      : `A query reads the keys with ${ruleText(chosen.pattern)}`;
  }

  return { element, paint };
}

function savingBadge(some, all) {
  return some === all
    ? `${thousands(some)} pairs · same as full`
    : `${thousands(some)} pairs · ${(all / some).toFixed(1)}× fewer`;
}

export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}
