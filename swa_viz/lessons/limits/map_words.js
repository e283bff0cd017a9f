// What was stored of the map of layers and heads, and what is said of it.  In the numbers layers count from
// 0, in words from 1, as on the whole page.

/** @import { LimitsLab } from "./controls.js" */

/**
 * How much more a window costs in each layer, and in each head of each layer, passage by passage; and an order
 * of layers with what is needed while more and more of them stay as they were trained, in the passages of the
 * choice and in others.
 * @typedef {{layers: readonly number[], bits: readonly (readonly [number, number])[]}} Chosen
 * @typedef {{window: number, sinks: number, predicted: number, texts: readonly string[]}} How
 * @typedef {object} MapModel
 * @property {How} how
 * @property {readonly (readonly number[])[]} layers
 * @property {readonly (readonly (readonly number[])[])[]} heads
 * @property {readonly [number, number]} native - What is needed as it was trained.
 * @property {{greedy: Chosen, ranking: Chosen}} chosen
 * @typedef {Record<string, MapModel>} Maps
 */

/** Of the models, the one on which both choices are compared. */
export const LARGE = "smollm2-135m";
import { mean } from "../../experiments/runs_together.js";

const DIGITS = 3;

/**
 * What was stored for this lab.
 * @param {LimitsLab} lab
 * @returns {Maps}
 */
export const mapsOf = (lab) => /** @type {Maps} */ (lab.data.extra.map);

/**
 * A change with its sign: 0.0131 -> "+0.013", -0.002 -> "−0.002".
 * @param {number} bits
 * @returns {string}
 */
export const signedBits = (bits) => `${bits < 0 ? "−" : "+"}${Math.abs(bits).toFixed(DIGITS)}`;

/**
 * Do all passages say the same of whether it costs or gains?
 * @param {readonly number[]} passages
 * @returns {boolean}
 */
export const doAgree = (passages) => passages.every((bits) => bits > 0) || passages.every((bits) => bits < 0);

/**
 * @param {How} how
 * @returns {string}
 */
const windowWords = ({ window, sinks }) =>
  `a window of ${window}${sinks === 1 ? " (the first token stays visible)" : ""}`;

/**
 * What is said of one model's map.
 * @param {MapModel} model
 * @returns {string}
 */
export function mapSentence({ how, layers, heads }) {
  const [means, single] = [layers.map(mean), heads.flat()];
  const agreeing = [layers, single].map((all) => all.filter(doAgree).length);
  return (
    `Only one layer, or one query head of it, reads through ${windowWords(how)}. A whole layer changes the cost by ` +
    `${signedBits(Math.min(...means))} to ${signedBits(Math.max(...means))} bits a token. All ${how.texts.length} ` +
    `passages agree whether it costs or gains for ${agreeing[0]} of ${layers.length} layers and ${agreeing[1]} of ` +
    `${single.length} heads.`
  );
}

/** @param {readonly number[]} layers - From 0. */
function layerWords(layers) {
  const numbers = layers.map((layer) => layer + 1);
  return `${numbers.slice(0, -1).join(", ")} and ${numbers[numbers.length - 1]}`;
}

/**
 * What is said of both choices.
 * @param {MapModel} model
 * @returns {string}
 */
export function choiceSentence({ how, native, chosen: { greedy, ranking } }) {
  const last = greedy.bits.length - 1;
  const say = (/** @type {number} */ bits) => bits.toFixed(2);
  const [own, others] = [0, 1].map((where) => [greedy, ranking].map(({ bits }) => say(bits[last][where])));
  return (
    `In ${LARGE}, ${windowWords(how)} in every layer costs ${say(greedy.bits[0][0])} bits a token instead of ` +
    `${say(native[0])}. Then ${last} layers get full attention back. A greedy choice tries every layer beside those ` +
    `that were chosen before, and takes ${layerWords(greedy.layers)}: ${own[0]} bits. The ${last} for which the map ` +
    `above has the largest costs are ${layerWords(ranking.layers)}: ${own[1]} bits. On ${how.texts.length} other ` +
    `passages they need ${others[0]} and ${others[1]}.`
  );
}

/**
 * What is said above the maps.
 * @param {Maps} maps
 * @returns {string}
 */
export function lead(maps) {
  const { texts, predicted } = maps[LARGE].how;
  return (
    "Which layer, and which head, needs the past? An orange cell costs more bits through the window, a blue one with " +
    `a minus costs fewer. Each number is the mean over ${texts.length} held-out passages of ${predicted} tokens ` +
    `(${texts.join("; ")}), and the effects of single layers and heads are small. Layers and heads count from 1; ` +
    "layer 1 reads the tokens themselves. The script is swa_viz/experiments/stored_map.py."
  );
}
