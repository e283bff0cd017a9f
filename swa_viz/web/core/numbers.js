// Numbers as people read them.

const GROUPED = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

// 12345.6 -> "12,346"
export function thousands(number) {
  return GROUPED.format(Math.round(number));
}

// counted(1, "token") -> "1 token"; counted(4096, "token") -> "4,096 tokens"
export function counted(number, noun) {
  return `${thousands(number)} ${noun}${number === 1 ? "" : "s"}`;
}

// A probability as text: "13.6 %", and never "0.0 %" for something that is not nothing.
export function percent(share) {
  if (share > 0 && share < 0.0005) return "< 0.1 %";
  return `${(100 * share).toFixed(1)} %`;
}

// A weight as text, short enough to stand under a token.
export function weightText(weight) {
  if (weight > 0 && weight < 0.005) return "<.01";
  return weight.toFixed(2);
}
