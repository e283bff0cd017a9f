// Other programs' window numbers, read as each of them reads it: the same table and arithmetic as
// CONVENTIONS in conventions.py, whose rows come here as plain data.

import { bandOf, looksAhead } from "./pattern.js";

// -> {pattern, number, even}: `number` is what was used.  A program that splits its number in two
// cannot take an odd one; the next even one is used then, and `even` is false.
export function fromConvention(number, convention) {
  const even = number % convention.n_per_unit === 0;
  const used = even ? number : number + 1;
  const pattern = convention.centred
    ? { kind: "centred", radius: used / convention.n_per_unit }
    : { kind: "sliding", window_size: used + convention.extra_keys };
  return { pattern, number: used, even };
}

// How many keys a query reads that stands far from both ends of the text.
export function keysInside(pattern) {
  const [back, ahead] = bandOf(pattern);
  return back + 1 + ahead;
}

// A window in our words: "W = 7" or "radius 3".
export function inOurWords(pattern) {
  const [back, ahead] = bandOf(pattern);
  return looksAhead(pattern) ? `radius ${ahead}` : `W = ${back + 1}`;
}

// A rule with its number put in: "q − kv ≤ n" -> "q − kv ≤ 6".
export function withNumber(rule, number) {
  return rule.replace(/\bn\b/g, number);
}
