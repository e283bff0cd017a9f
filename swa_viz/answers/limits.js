// The sentences of limits.py, filled in as Python does; `limits` is LIMITS of that file.

import { thousands } from "../wording/numbers.js";

// fill("{a} and {b}", {a: 1, b: "two"}) -> "1 and two"; numbers are grouped: 12,345.
export const fill = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === "number" ? thousands(values[name]) : String(values[name]),
  );

// Why a request that is well written has no answer.
export class Refusal extends Error {}

// Throws a Refusal, with `what` it is, if `words` have too many characters.  An emoji is one
// character, as in Python, although it takes two units of a string here.
export function checkLength(words, most, what, limits) {
  const found = words.length > most ? [...words].length : words.length;
  if (found > most) throw new Refusal(fill(limits.too_long, { what, most, found }));
}
