// Which pattern do the knobs of the window page name?  Variation is data: one row per pattern says
// which knobs it has and how they make it.

import { fromConvention } from "../../patterns/conventions.js";

// A symmetric pattern needs as many keys on each side as on the other.
const odd = (size) => size + ((size + 1) % 2);

const positions = (v) =>
  [...new Set([v.global, v.second].filter(Boolean))].map((token) => token - 1).sort((a, b) => a - b);

const KINDS = {
  causal: { knobs: [], make: () => ({ kind: "causal" }) },
  sliding: { knobs: ["window"], make: (v) => ({ kind: "sliding", window_size: v.window }) },
  centred: { knobs: ["radius"], make: (v) => ({ kind: "centred", radius: v.radius, causal: false }) },
  sink: { knobs: ["window", "sinks"], make: (v) => ({ kind: "sink", window_size: v.window, n_sink_tokens: v.sinks }) },
  global: {
    knobs: ["window", "global", "second", "sides"],
    make: (v) => ({
      kind: "global",
      window_size: v.sides === "back" ? v.window : odd(v.window),
      global_positions: positions(v),
      causal: v.sides === "back",
    }),
  },
  dilated: {
    knobs: ["window", "dilation"],
    make: (v) => ({ kind: "dilated", window_size: v.window, dilation: v.dilation }),
  },
  chunked: { knobs: ["chunk"], make: (v) => ({ kind: "chunked", chunk_size: v.chunk }) },
};

// What full attention means beside this pattern: a pattern that looks ahead is an encoder's.
export function fullBeside(pattern, seqLen) {
  return pattern.causal === false ? { kind: "centred", radius: seqLen, causal: false } : { kind: "causal" };
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
export function chosenPattern(values, conventions) {
  const convention = conventions[values.convention];
  if (convention) {
    const { pattern, number, even } = fromConvention(values.window, convention);
    const note = even
      ? ""
      : `This program splits its number into two halves, and ${values.window} is odd. Drawn: ${number}.`;
    return { pattern, number, knobs: ["window"], note };
  }
  const kind = KINDS[values.pattern];
  const pattern = kind.make(values);
  const widened = pattern.kind === "global" && pattern.window_size !== values.window;
  const note = widened ? `As many keys before as after: W must be odd. Drawn: W = ${pattern.window_size}.` : "";
  return { pattern, number: values.window, knobs: kind.knobs, note };
}
