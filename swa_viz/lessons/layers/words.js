// What the layers lab says of the reach of its schedule, in words computed from it.

import { pairsOf } from "../../cost.js";
import { triangle } from "../../patterns/counting.js";
import { bandOf, isFull } from "../../patterns/pattern.js";
import { isUniform } from "../../patterns/schedule.js";
import { roundReach } from "../../reach.js";
import { counted, thousands } from "../../wording/numbers.js";

export function limitText(query, { heard, formula, whole }) {
  if (whole) return `${query + 1} are within reach, through layer ${whole}`;
  if (formula === null) return `${heard} of ${counted(query + 1, "token")} ${heard === 1 ? "is" : "are"} within reach`;
  return formula > query + 1
    ? `the text allows ${query + 1}, the ceiling ${thousands(formula)}`
    : `the ceiling is ${thousands(formula)}`;
}

// The closed form stands for plain windows only; everything else is counted on this text.
export function reachBadge(schedule, { heard, formula, whole }) {
  if (whole) return `exact reach: the whole text, through layer ${whole}`;
  if (formula === null) return `exact reach ${counted(heard, "token")} here, counted`;
  const round = roundReach(bandOf(schedule[0])[0] + 1, schedule.length);
  return `exact reach ${counted(formula, "token")} · round figure W × L = ${thousands(round)}`;
}

export function spanningText(schedule, { whole }, seqLen) {
  if (whole && !isUniform(schedule)) return ` Layer ${whole} reads everything: below it the cone spans the whole text.`;
  const [pattern] = schedule;
  const covers = isUniform(schedule) && !isFull(pattern) && pairsOf(pattern, seqLen) === triangle(seqLen);
  return covers ? " W covers this whole text: the cone spans it from layer 1 on." : "";
}
