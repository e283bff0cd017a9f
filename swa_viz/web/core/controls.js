// Controls that answer while the hand moves: `onInput` on every step, `onChange` on release.
// Each is a native input, so keyboard and screen readers work.  Each returns {element, set}.

import { h } from "./dom.js";
import { thousands } from "./numbers.js";

let serial = 0;

const newId = (name) => `${name}-${serial++}`;

// A number: knob is {label, at_least, at_most, unit}; `say` may put words to a number.
export function slider(knob, value, { onInput, onChange = onInput, say }) {
  const id = newId("slider");
  const words = say ?? ((number) => `${number.toLocaleString("en-GB")} ${knob.unit}`.trim());
  const output = h("output", { for: id });
  const input = h("input", {
    type: "range",
    id,
    min: knob.at_least,
    max: knob.at_most,
    step: 1,
    disabled: knob.fixed,
    oninput: () => {
      show();
      onInput(Number(input.value));
    },
    onchange: () => onChange(Number(input.value)),
  });
  function show() {
    const number = Number(input.value);
    output.textContent = words(number);
    input.setAttribute("aria-valuetext", words(number));
    const span = Number(input.max) - Number(input.min);
    input.style.setProperty("--filled", `${span ? (100 * (number - input.min)) / span : 0}%`);
  }
  function set(number, limits = {}) {
    if (limits.at_most !== undefined) input.max = limits.at_most;
    input.value = number;
    show();
  }
  set(value);
  const element = h("div", { class: "control slider" }, h("label", { for: id }, knob.label, output), input);
  return { element, set };
}

// A few named choices side by side: choices is {word: text}.
export function segmented(knob, value, { onChange }) {
  const name = newId("choice");
  const inputs = Object.keys(knob.choices).map((word) =>
    h("input", { type: "radio", name, value: word, disabled: knob.fixed, onchange: () => onChange(word) }),
  );
  const labels = Object.values(knob.choices).map((text, i) => h("label", {}, inputs[i], h("span", {}, text)));
  const set = (word) => inputs.forEach((input) => (input.checked = input.value === word));
  set(value);
  const legend = h("legend", {}, knob.label);
  const element = h("fieldset", { class: "control segmented" }, legend, h("div", {}, labels));
  return { element, set };
}

// Many named choices in a list.
export function chooser(knob, value, { onChange }) {
  const id = newId("chooser");
  const options = Object.entries(knob.choices).map(([word, text]) => h("option", { value: word }, text));
  const select = h("select", { id, disabled: knob.fixed, onchange: () => onChange(select.value) }, options);
  const set = (word) => (select.value = word);
  set(value);
  return { element: h("div", { class: "control chooser" }, h("label", { for: id }, knob.label), select), set };
}

const TYPING_PAUSE_MS = 150;

// Free text.  What is too long is cut, and the visitor is told.  `onInput` hears of every letter; a
// short pause in typing counts as finished, and so does leaving the field or Enter.
export function textBox(knob, value, { onInput = () => {}, onChange }) {
  const id = newId("text");
  const notice = h("p", { class: "notice", role: "status" });
  let last = value;
  let timer = 0;
  let cut = "";
  const finish = () => {
    clearTimeout(timer);
    if (area.value === last) return;
    last = area.value;
    onChange(last);
  };
  const area = h("textarea", {
    id,
    rows: 2,
    spellcheck: "false",
    autocomplete: "off",
    readonly: knob.fixed,
    oninput: () => {
      const length = area.value.length;
      area.value = area.value.slice(0, knob.at_most);
      cut =
        length > knob.at_most
          ? `Your text had ${thousands(length)} characters; the first ${thousands(knob.at_most)} are kept.`
          : "";
      say("");
      onInput(area.value);
      clearTimeout(timer);
      timer = setTimeout(finish, TYPING_PAUSE_MS);
    },
    onchange: finish,
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      finish();
    },
  });
  // What the lab has to say of the text comes after what the box itself did to it.
  function say(sentence) {
    notice.textContent = `${cut} ${sentence}`.trim();
  }
  function set(text) {
    last = text;
    area.value = text;
  }
  set(value);
  const element = h("div", { class: "control text" }, h("label", { for: id }, knob.label), area, notice);
  return { element, set, say };
}

export function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", class: "button", onclick, ...attributes }, text);
}

// Copies what `makeText` returns and says so; where the browser forbids it, shows the text instead.
export function copyButton(text, makeText) {
  const element = button(text, async () => {
    const copied = makeText();
    try {
      await navigator.clipboard.writeText(copied);
      element.textContent = "Copied";
    } catch {
      window.prompt("Copy this:", copied);
    }
    setTimeout(() => (element.textContent = text), 1600);
  });
  return element;
}
