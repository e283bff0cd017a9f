// Perturb: replace or drop one token, and see at which positions the model's prediction changes.
//
// render(element, {atMost, onEdit}) -> {update, marks}, for words of at most so many characters.
//   update({edit, name, full, windowed | null, locked, waiting}): `edit` is the one that is applied or
//   null, `name` what the windowed run is called, `waiting` what to say while it is not there.
//   `onEdit` hears of a new one; the engine runs it.

import { button } from "../../web/core/controls.js";
import { h } from "../../web/core/dom.js";
import { capitalised } from "../../patterns/schedule.js";
import { firstCharacters, readable } from "../../wording/text.js";

const STRONG_BITS = 0.5;

// "same", "trace" or "strong": how far a prediction moved, in bits.
function markOf(bits) {
  if (bits === null || bits === undefined) return "";
  if (bits === 0) return "same";
  return bits < STRONG_BITS ? "trace" : "strong";
}

function summary(name, trace, waiting) {
  const changes = trace?.changes;
  if (!changes) return h("p", {}, `${name}: ${waiting}`);
  const moved = changes.map((bits, i) => ({ bits, i })).filter(({ bits }) => bits > 0);
  if (!moved.length) return h("p", {}, `${name}: no prediction changes.`);
  const first = moved[0].i + 1;
  const final = moved[moved.length - 1].i + 1;
  const most = moved.reduce((a, b) => (b.bits > a.bits ? b : a));
  return h(
    "p",
    {},
    h("strong", {}, `${name}: `),
    `the predictions after tokens ${first} to ${final} change; most after “${readable(trace.tokens[most.i])}”, by ${most.bits.toFixed(2)} bits.`,
  );
}

export function render(element, { atMost, onEdit }) {
  const input = h("input", {
    type: "text",
    "aria-label": "Replacement",
    placeholder: "another word",
    oninput: () => {
      const kept = firstCharacters(input.value, atMost);
      if (kept !== input.value) input.value = kept;
    },
  });
  const intro = h("p", { class: "lead" });
  const results = h("div", { class: "changes", role: "status" });
  const edit = (replacement) => {
    if (current.locked === null) return;
    onEdit({ position: current.locked, replacement });
  };
  const form = h(
    "form",
    {
      class: "row",
      onsubmit: (event) => {
        event.preventDefault();
        if (input.value) edit(input.value);
      },
    },
    input,
    button("Replace", () => input.value && edit(input.value)),
    button("Drop", () => edit(null)),
  );
  const undo = button("Undo: back to the original text", () => onEdit(null));
  element.replaceChildren(intro, form, undo, results);
  let current = { edit: null, locked: null };

  function update(next) {
    current = next;
    const applied = next.edit;
    form.hidden = Boolean(applied) || next.locked === null;
    undo.hidden = !applied;
    if (applied) {
      const what = applied.replacement === null ? "is dropped" : `is replaced by “${applied.replacement}”`;
      intro.textContent = `Token ${applied.position + 1} ${what}. Marked above: where the prediction of the next token moved (${next.name}).`;
    } else if (next.locked === null) {
      intro.textContent =
        "Lock a token above (click it), then replace it or drop it: you see how far the change travels.";
    } else {
      intro.textContent = `“${readable(next.full.tokens[next.locked])}”, token ${next.locked + 1}:`;
    }
    results.replaceChildren(
      ...(applied
        ? [
            summary("Full attention", next.full, next.waiting),
            summary(capitalised(next.name), next.windowed, next.waiting),
          ]
        : []),
    );
  }

  const marks = () => (current.edit ? (current.windowed?.changes ?? []).map(markOf) : null);
  return { update, marks };
}
