// Which pattern do the knobs of the window page name?  Each pattern says itself which knobs it has.

import { fromConvention } from "../../patterns/conventions.js";
import { looksAhead, statedBy } from "../../patterns/pattern.js";

// What full attention means beside this pattern: a pattern that looks ahead is an encoder's.
export function fullBeside(pattern, seqLen) {
  return looksAhead(pattern) ? { kind: "centred", radius: seqLen } : { kind: "causal" };
}

// The pattern that the controls of its kind make; `settings` are those of Pattern.settings in Python.
function made(kind, settings, values) {
  const fields = settings.filter(({ field }) => field).map(({ field, name }) => [field, values[name]]);
  const plain = { kind, ...Object.fromEntries(fields) };
  return statedBy(plain).fromControls?.(values) ?? plain;
}

// What to say where a number had to be changed to make the pattern possible.
function noteOf(pattern, settings, values) {
  const changed = settings.some(({ field, name }) => field && pattern[field] !== values[name]);
  return changed ? (statedBy(pattern).adjusted?.(pattern) ?? "") : "";
}

// Values from a link may disagree: a convention names a window, so it does nothing elsewhere.
export function agreeing(values, conventions, examples) {
  const convention = conventions[values.convention];
  const isWindow = ["sliding", "centred"].includes(values.pattern);
  const pattern = convention && isWindow ? (convention.centred ? "centred" : "sliding") : values.pattern;
  const words = examples[values.example]?.words;
  const example = words && words.length >= values.tokens ? values.example : "numbers";
  return { ...values, pattern, convention: convention && isWindow ? values.convention : "ours", example };
}

// -> {pattern, knobs shown, note}: `note` says what was changed to make the numbers possible.
export function chosenPattern(values, { conventions, patterns }) {
  const convention = conventions[values.convention];
  if (convention) {
    const { pattern, number, even } = fromConvention(values.window, convention);
    const note = even
      ? ""
      : `This program splits its number into two halves, and ${values.window} is odd. Drawn: ${number}.`;
    return { pattern, number, knobs: ["window"], note };
  }
  const settings = patterns[values.pattern].settings;
  const pattern = made(values.pattern, settings, values);
  const knobs = settings.map(({ name }) => name);
  return { pattern, number: values.window, knobs, note: noteOf(pattern, settings, values) };
}
