// The centred window of encoders, for the browser: the same as centred.py.

import { triangle } from "./counting.js";
import { thousands } from "../wording/numbers.js";
import { definePattern } from "./pattern.js";

definePattern("centred", {
  label: "centred window",
  word: "centred",
  visible: (p, age) => Math.abs(age) <= p.radius,
  rule: (p) => `|age| ≤ ${p.radius}`,
  name: (p) => `centred window, radius ${p.radius}`,
  run: (p) => `centred window of radius ${p.radius}`,
  ranges: (p, query, n) => [[Math.max(query - p.radius, 0), Math.min(query + p.radius + 1, n), 1]],
  pairs: (p, n) => {
    const radius = Math.min(p.radius, n - 1);
    return n * (2 * radius + 1) - 2 * triangle(radius);
  },
  formula: (p, n) =>
    n <= p.radius
      ? `the radius covers the whole text, N·N`
      : `N(2r+1) − r(r+1) = ${thousands(n)} · ${thousands(2 * p.radius + 1)} − ${thousands(2 * triangle(p.radius))}`,
  limit: (p) => ["N/(2r+1)", 2 * p.radius + 1],
  band: (p) => [p.radius, p.radius],
  looksAhead: () => true,
  whyHidden: (p, age) => `distance ${Math.abs(age)} > radius ${p.radius}`,
  say: { radius: (r) => `${r} each side · W = ${2 * r + 1}` },
});
