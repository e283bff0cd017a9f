// The same ways laid on models that are trained already: one never saw a window, the other nothing else.

/** @import { Column } from "../../web/views/sorted_table.js" */
/** @import { FixesLab } from "./shown.js" */

import { mean } from "../../experiments/runs_together.js";
import { card, h } from "../../web/core/dom.js";
import { measuredBy } from "../../web/views/measured_by.js";
import * as sortedTable from "../../web/views/sorted_table.js";
import { percent } from "../../wording/numbers.js";
import { storedOf } from "./shown.js";

/**
 * What `stored_pretrained.json` holds of a way: the right answer's share at both distances for each question,
 * and the bits per byte of held-out text.
 * @typedef {{shares: Readonly<Record<string, readonly [number, number]>>, bits_per_byte: number}} Found
 * @typedef {{n_layers: number, trained_window: number | null} & Readonly<Record<string, Found>>} ReadModel
 * @typedef {object} StoredPretrained
 * @property {{window: number, far: readonly [number, number], n_tokens: number, n_answers: number}} how
 * @property {Readonly<Record<string, ReadModel>>} models
 *
 * @typedef {Found & {label: string, place: number}} Row
 */

/**
 * The mean share over the questions at the nearer (0) or the further distance (1).
 * @param {Found} found
 * @param {number} at
 */
const shareAt = ({ shares }, at) => mean(Object.values(shares).map((each) => each[at]));

/**
 * @param {StoredPretrained} stored
 * @param {string} name
 */
function sentence({ how, models }, name) {
  const { trained_window: trained, full, window, sinks } = models[name];
  const past = trained === null ? "in full attention" : `in windows of ${trained}`;
  return (
    `${name} was trained ${past}. With W = ${how.window} in every layer it needs ` +
    `${window.bits_per_byte.toFixed(2)} bits per byte of held-out text, in full attention ` +
    `${full.bits_per_byte.toFixed(2)}, ` +
    `and with four sink tokens ${sinks.bits_per_byte.toFixed(2)}.`
  );
}

/**
 * @param {StoredPretrained} stored
 * @returns {Column<Row>[]}
 */
function columnsOf({ how }) {
  return [
    { title: "way", file: "way", by: ({ place }) => place, say: ({ label }) => label, value: ({ label }) => label },
    ...how.far.map((far, at) => ({
      title: `${far} tokens back`,
      file: `right_share_${far}_tokens_back`,
      by: (/** @type {Row} */ row) => shareAt(row, at),
      say: (/** @type {Row} */ row) => percent(shareAt(row, at)),
    })),
    {
      title: "bits per byte",
      file: "bits_per_byte",
      by: ({ bits_per_byte: bits }) => bits,
      say: ({ bits_per_byte: bits }) => bits.toFixed(2),
    },
  ];
}

/**
 * The table of one model.
 * @param {FixesLab} lab
 * @param {StoredPretrained} stored
 * @param {string} name
 */
function modelPart(lab, stored, name) {
  const { fixes } = storedOf(lab);
  const table = sortedTable.render({
    name: `pretrained-${name}`,
    label: `Ways to read further, laid on ${name}`,
    columns: columnsOf(stored),
    first: "way",
    marked: () => false,
  });
  const found = /** @type {[string, Found][]} */ (Object.entries(stored.models[name]).filter(([way]) => way in fixes));
  table.update(found.map(([way, each], place) => ({ ...each, label: fixes[way].label, place })));
  return [h("h3", {}, name), h("p", { class: "lead" }, sentence(stored, name)), table.element];
}

/**
 * Make the card.
 * @param {FixesLab} lab
 * @returns {HTMLElement}
 */
export function render(lab) {
  const stored = /** @type {StoredPretrained} */ (lab.data.extra.pretrained);
  const { how, models } = stored;
  const frame = card(
    "What do they do to a trained model?",
    `The same ways with W = ${how.window}, laid on models that learned without them. Sentences stood ` +
      `${how.far[0]} and ${how.far[1]} tokens before a question; a model that knows nothing of them gives the right ` +
      `answer ${percent(1 / how.n_answers)} of the probability. What only works if it is learned is left out.`,
  );
  const read = Object.keys(models).filter((name) => models[name].full && models[name].window && models[name].sinks);
  frame.element.append(
    ...read.flatMap((name) => modelPart(lab, stored, name)),
    measuredBy({
      script: "swa_viz/experiments/stored_pretrained.py",
      stored: "swa_viz/experiments/stored_pretrained.json",
      data: stored,
    }),
  );
  return frame.element;
}
