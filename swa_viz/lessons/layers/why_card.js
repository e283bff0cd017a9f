// Why stacked windows work: what depth and positions do for two models that were trained in windows, as it
// was measured and stored.

/** @import { Axis } from "../../web/views/chart.js" */
/** @import { LayersLab } from "./controls.js" */

import { card, h } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { growingAxis } from "../../web/views/axis.js";
import * as chart from "../../web/views/chart.js";
import { line } from "../../web/views/plain_line.js";
import { counted, thousands } from "../../wording/numbers.js";

/**
 * What was stored of a model, in bits per byte: `bits` for each number of tokens that it was shown, `from`
 * for each position at which its text began, and `unturned` without positions.
 * @typedef {object} StoredModel
 * @property {number} n_layers
 * @property {number} window
 * @property {number} reach
 * @property {readonly number[]} contexts
 * @property {readonly number[]} bits
 * @property {readonly number[]} from
 * @property {number} unturned
 *
 * @typedef {{texts: string[], tokens: number, longest: number, starts: number[]}} How
 * @typedef {{how: How, models: Record<string, StoredModel>}} Why
 */

const DIGITS = 3;
/** @param {number} bits */
const say = (bits) => bits.toFixed(DIGITS);

/**
 * What was stored for this lab.
 * @param {LayersLab} lab
 * @returns {Why}
 */
const whyOf = (lab) => /** @type {Why} */ (lab.data.extra.why);

/**
 * @param {StoredModel} model
 * @param {number} nTokens
 */
const bitsFrom = ({ contexts, bits }, nTokens) => bits[contexts.indexOf(nTokens)];

/** @param {StoredModel} model */
function depthSentence(model) {
  const { window, reach, n_layers: layers, bits } = model;
  const [inside, all] = [bitsFrom(model, window), bitsFrom(model, reach)];
  const more = bits[bits.length - 1] === all ? "the same" : say(bits[bits.length - 1]);
  return (
    `The last ${window} tokens fill its window: from them it needs ${say(inside)} bits per byte. Its ` +
    `${counted(layers, "layer")} reach ${thousands(reach)} tokens: from these it needs ${say(all)}, and from more ` +
    `${more}. So depth saves ${say(inside - all)} bits per byte; the window itself, from 1 token to ${window}, ` +
    `saves ${say(bits[0] - inside)}.`
  );
}

/**
 * @param {How} how
 * @param {string} name
 * @param {StoredModel} model
 * @param {Axis} y
 */
function depthCard({ longest }, name, model, y) {
  const { window, reach, contexts, bits } = model;
  const said = depthSentence(model);
  const frame = card(`${name}: the part of depth`, said);
  const view = chart.render(frame.element.appendChild(h("div")), `why-depth-${name}`, { embedded: true });
  const powers = contexts.filter((n) => n !== reach);
  /** @type {Axis} */
  const x = {
    title: "tokens that the model sees",
    ends: [contexts[0], longest],
    marks: powers.map((n) => [n, thousands(n)]),
  };
  const edges = [
    { at: window, words: `W = ${window}` },
    { at: reach, words: `reach ${thousands(reach)}` },
  ];
  view.update(
    { x, y, unit: "bits per byte", lines: [line("window", name, contexts, bits)], edges },
    `${name}. ${said}`,
  );
  return frame.element;
}

/** @param {Why} why */
function positionSentence({ how: { starts }, models }) {
  const [name, { from, unturned }] = Object.entries(models)[0];
  const far = thousands(starts[starts.length - 1]);
  const moved = Math.max(...from) - Math.min(...from);
  const same = moved < 10 ** -DIGITS ? "the same" : `${say(moved)} more or less`;
  return (
    "Queries and keys are turned by their positions, so that a score depends on how far apart two tokens are, and " +
    "not on where they stand: a window can slide on and on, and a cache can keep its keys as they are. " +
    `${name} needs ${say(from[0])} bits per byte if its text begins at position 0, and ${same} if it begins at ` +
    `position ${far}. With the turns left out it needs ${say(unturned)}; it was trained with them.`
  );
}

/** @param {Why} why */
function positionsCard(why) {
  const { how, models } = why;
  const columns = [...how.starts.map((start) => `from ${thousands(start)}`), "without turns"];
  const rows = Object.entries(models).map(([name, { from, unturned }]) => [name, ...from, unturned]);
  const frame = card("The part of positions (RoPE)", positionSentence(why));
  const head = ["model", ...columns].map((words) => h("th", { scope: "col" }, words));
  const body = rows.map(([name, ...bits]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      bits.map((each) => h("td", { class: "number" }, say(Number(each)))),
    ),
  );
  const table = h(
    "table",
    {},
    h("caption", {}, "bits per byte, by the position at which the text begins"),
    h("thead", {}, h("tr", {}, head)),
    h("tbody", {}, body),
  );
  const view = h(
    "div",
    { class: "positions", tabindex: "0", role: "region", "aria-label": "Positions", "data-view": "why-positions" },
    table,
  );
  offer(view, { table: () => ({ columns: ["model", ...columns], rows }) });
  frame.element.append(view);
  return frame.element;
}

/**
 * Make the cards; what they show never changes.
 * @param {LayersLab} lab
 * @returns {{element: HTMLElement}}
 */
export function render(lab) {
  const why = whyOf(lab);
  const { texts, tokens } = why.how;
  const y = growingAxis(
    "bits per byte (lower is better)",
    Object.values(why.models).flatMap(({ bits }) => bits),
  );
  const lead =
    "Four things make such a stack work: the window, the depth, positions that count distances, and training. Here " +
    "are the first three, measured on two models that were trained in windows, on " +
    `${thousands(tokens)} tokens of held-out texts (${texts.join("; ")}). The page “Limits” shows training: the ` +
    "same model, trained in one window and read in another.";
  const pair = Object.entries(why.models).map(([name, model]) => depthCard(why.how, name, model, y));
  const heads = [h("h2", {}, "Why does it work?"), h("p", { class: "lead" }, lead)];
  return { element: h("section", {}, heads, h("div", { class: "pair" }, pair), positionsCard(why)) };
}
