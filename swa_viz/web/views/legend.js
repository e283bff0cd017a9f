// The colour scale of a stage, with its numbers, and how numbers become colours.

import { statedBy } from "../../patterns/pattern.js";
import { h } from "../core/dom.js";
import { rgb, scaleColour } from "../core/theme.js";

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
// {range, bend, unit}: how numbers become colours; `draw()` makes the legend, and equal `looks` need
// no new one.
export function legend({ stage, layer, head }, pattern, full, windowed) {
  const weights = stage === "weights";
  const range = weights ? [0, 1] : extent([full, windowed], layer, head);
  const bend = weights ? Math.sqrt : (share) => share;
  const unit = weights ? "weight" : "score";
  const draw = () => drawn(weights, range, statedBy(pattern));
  return { looks: `${unit} ${range} ${pattern.kind}`, draw, range, bend, unit };
}

function drawn(weights, [low, high], { hiddenWords, pinnedWords }) {
  const unbend = weights ? (place) => place * place : (place) => place;
  const stops = Array.from({ length: STEPS + 1 }, (_, i) => `${rgb(scaleColour(i / STEPS))} ${(100 * i) / STEPS}%`);
  const ticks = Array.from({ length: TICKS }, (_, i) => {
    const value = low + unbend(i / (TICKS - 1)) * (high - low);
    return h("span", {}, value.toFixed(weights ? 2 : 1));
  });
  const key = (name, words) => words && h("li", {}, h("i", { class: `swatch ${name}` }), words);
  return h(
    "div",
    { class: "scale" },
    h("span", { class: "scale-name" }, weights ? "weight (square-root scale)" : "score (query · key / √head_dim)"),
    h("div", { class: "ramp", style: `background:linear-gradient(90deg, ${stops.join(",")})` }),
    h("div", { class: "ticks" }, ticks),
    h(
      "ul",
      { class: "keys" },
      key("outside", hiddenWords),
      key("pinned", pinnedWords && `★ ${pinnedWords}`),
      key("row", "the query's row"),
      key("pending", "read, its number still on the way"),
    ),
  );
}
