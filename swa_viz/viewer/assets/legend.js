// The colour scale of a stage, with its numbers, and how numbers become colours.

import { h } from "./dom.js";
import { rgb, scaleColour } from "./theme.js";

const HIDDEN = {
  sliding: "hidden by the window, read in full attention",
  sink: "hidden by the window, read in full attention",
  dilated: "hidden by the window or in its gaps, read in full attention",
  chunked: "in an earlier chunk, read in full attention",
};
const STEPS = 24;
const TICKS = 5;

// Smallest and largest finite value of one head in some traces.
function extent(traces, layer, head) {
  let [low, high] = [Infinity, -Infinity];
  for (const trace of traces.filter(Boolean))
    for (let query = 0; query < trace.seqLen; query++)
      for (let key = 0; key < trace.seqLen; key++) {
        const value = trace.value(layer, head, query, key);
        if (!Number.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
  return low < high ? [low, high] : [0, 1];
}

// Weights are shown on a square-root scale from 0 to 1, so that small ones can be told apart;
// scores on a straight scale between the smallest and the largest.  `pattern` is the layer's.
export function legend({ stage, layer, head }, pattern, full, windowed) {
  const weights = stage === "weights";
  const range = weights ? [0, 1] : extent([full, windowed], layer, head);
  const bend = weights ? Math.sqrt : (share) => share;
  const unbend = weights ? (place) => place * place : (place) => place;
  const stops = Array.from({ length: STEPS + 1 }, (_, i) => `${rgb(scaleColour(i / STEPS))} ${(100 * i) / STEPS}%`);
  const ticks = Array.from({ length: TICKS }, (_, i) => {
    const value = range[0] + unbend(i / (TICKS - 1)) * (range[1] - range[0]);
    return h("span", {}, weights ? value.toFixed(2) : value.toFixed(1));
  });
  const unit = weights ? "weight" : "score";
  const key = (name, words) => words && h("li", {}, h("i", { class: `swatch ${name}` }), words);
  const element = h(
    "div", { class: "scale" },
    h("span", { class: "scale-name" }, weights ? "weight (square-root scale)" : `${unit} (query · key / √head_dim)`),
    h("div", { class: "ramp", style: `background:linear-gradient(90deg, ${stops.join(",")})` }),
    h("div", { class: "ticks" }, ticks),
    h("ul", { class: "keys" },
      key("outside", HIDDEN[pattern.kind] ?? null),
      key("pinned", pattern.kind === "sink" ? "★ a sink token: read whatever its age" : null),
      key("row", "the query's row"),
      key("pending", "read, its number still on the way"),
    ),
  );
  return { element, range, bend, unit };
}
