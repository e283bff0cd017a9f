// The card with the three answers to "how many bytes?": what must be kept, and what two engines reserve.

/** @import { Room, Rooms } from "../../cost.js" */
/** @import { ModelsLab } from "./controls.js" */
/** @import { Counted, Shown } from "./shown.js" */

import { bytesOf, leastRooms, llamaCppRooms, vllmRooms } from "../../cost.js";
import { card, h } from "../../web/core/dom.js";
import { offer } from "../../web/core/offer.js";
import { binarySize, counted, thousands } from "../../wording/numbers.js";
import { listed } from "../../wording/text.js";
import { presetsOf } from "./shown.js";

/**
 * An answer: how it counts, its rule, and what that means.
 * @typedef {{title: string, rooms: Rooms, rule: string, means: string}} Answer
 */

/** The answers, by the names that the knob gives them. @type {Readonly<Record<string, Answer>>} */
export const ANSWERS = {
  least: {
    title: "Lower bound",
    rooms: leastRooms,
    rule: "min(W, N) tokens in each layer",
    means: "what must be kept, and nothing else",
  },
  llama_cpp: {
    title: "llama.cpp",
    rooms: llamaCppRooms,
    rule: "min(W + 512, N) cells in each layer, in steps of 256",
    means: "reserved at the start; 512 tokens are read at once",
  },
  vllm: {
    title: "vLLM",
    rooms: vllmRooms,
    rule: "whole pages of 16 tokens, for whole groups of layers",
    means: "groups are as large as the rarest kind of layer is numerous, and the last one is filled up",
  },
};
const KNOWN = { name: "gemma-3-270m", context: 4096, sequences: [1, 2, 4] };

/** @param {readonly Room[]} rooms */
const roomsText = (rooms) =>
  rooms.map(({ layers, tokens, numbers }) => `${layers} × ${thousands(tokens)} × ${thousands(numbers)}`).join(" + ");

/**
 * What llama.cpp was seen to reserve, counted with the same function.
 * @param {ModelsLab} lab
 */
function knownText(lab) {
  const { name, context, sequences } = KNOWN;
  const preset = presetsOf(lab)[name];
  const sizes = sequences.map((n) => thousands((n * bytesOf(llamaCppRooms(preset, context / n))) / 2 ** 20));
  return (
    `llama.cpp was measured on ${preset.label} with ${counted(context, "token")} for ` +
    `${listed(sequences.map(String))} texts at once: ${listed(sizes)} MiB. These are the numbers that this rule ` +
    "gives. Where W is 512, as there, the rule is the often quoted min(2 W, n_ctx, n_ctx / parallel). An engine that " +
    "does not know the windows of a model reserves as much as for full layers."
  );
}

/**
 * Make the card.
 * @param {ModelsLab} lab
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function render(lab) {
  const lead =
    "All three are right, and each counts something else. The products are layers × tokens × numbers of a token, " +
    "for each kind of layer; two bytes per number.";
  const heads = [h("th", { scope: "col" }), h("th", { scope: "col" })];
  const body = h("tbody");
  const corner = h("th", { scope: "col" }, "Counted as");
  const table = h("table", { class: "facts" }, h("thead", {}, h("tr", {}, corner, heads)), body);
  const room = h("div", { class: "wide", "data-view": "answers", tabindex: 0, role: "region" }, table);
  room.setAttribute("aria-label", "Three answers to how many bytes");
  const frame = card("How many bytes? Three answers", lead, room, h("p", { class: "lead" }, knownText(lab)));
  let models = /** @type {readonly Counted[]} */ ([]);
  let n = 0;
  offer(room, {
    table: () => ({
      columns: ["model", "tokens", "answer", "bytes"],
      rows: models.flatMap(({ preset, bytes }) =>
        Object.values(ANSWERS).map(({ title, rooms }) => [preset.label, n, title, bytes && bytesOf(rooms(preset, n))]),
      ),
    }),
  });
  /** @param {Counted} model @param {Answer} answer */
  function cell({ preset, bytes }, { rooms }) {
    if (!bytes) return h("td", {}, "no cache");
    const own = rooms(preset, n);
    return h("td", {}, h("strong", {}, binarySize(bytesOf(own))), h("small", {}, roomsText(own)));
  }
  /** @param {Shown} shown */
  function update({ first, second, tokens }) {
    models = first.name === second.name ? [first] : [first, second];
    n = tokens;
    heads.forEach((head, i) => {
      head.hidden = !models[i];
      head.textContent = models[i]?.preset.label ?? "";
    });
    body.replaceChildren(
      ...Object.values(ANSWERS).map((answer) => {
        const name = h("th", { scope: "row" }, answer.title, h("small", {}, `${answer.rule}: ${answer.means}`));
        return h("tr", {}, name, ...models.map((model) => cell(model, answer)));
      }),
    );
  }
  return { element: frame.element, update };
}
