// Text to tokens and back in the browser, equal to swa_viz/models/tokenizer.py.  The library does the
// merging; where it cuts text otherwise than the one in Python, its plan is written out here in terms
// that both read alike.

/** @import { Vocabulary } from "../answers/text_input.js" */

import { Tokenizer } from "@huggingface/tokenizers";

/**
 * A step of the plan by which a tokenizer cuts text, as tokenizer.json writes it.
 * @typedef {{type: string, [field: string]: any}} Step
 */

// The regular expression of Radford et al. 2019 (GPT-2's encoder.py).  The library reads it as Python's
// does: JavaScript's own \s counts U+FEFF as a blank and leaves U+0085 out.
const WORDS = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/**
 * @param {string} expression
 * @returns {Step}
 */
const cutAt = (expression) => ({
  type: "Split",
  pattern: { Regex: expression },
  behavior: "Isolated",
  invert: false,
});

/**
 * A step of the plan, or the steps that mean the same and leave nothing to opinion.  Python's digits
 * are all numbers of Unicode, such as ² and Ⅷ.
 * @param {Step} step
 * @returns {Step[]}
 */
function plainly(step) {
  if (step.type === "Sequence") return step.pretokenizers.flatMap(plainly);
  if (step.type === "Digits") return [cutAt(step.individual_digits ? "\\p{N}" : "\\p{N}+")];
  if (step.type === "ByteLevel" && step.use_regex) return [cutAt(WORDS), { ...step, use_regex: false }];
  return [step];
}

/**
 * Which byte each visible character stands for (byte_alphabet in Python): printable bytes stand for
 * themselves, the others for the characters from U+0100 on.
 * @returns {Map<string, number>}
 */
function byteAlphabet() {
  /** @param {number} byte */
  const isPrintable = (byte) => (byte >= 0x21 && byte < 0x7f) || (byte >= 0xa1 && byte < 0xad) || byte >= 0xae;
  let hidden = 0x100;
  return new Map(
    Array.from({ length: 256 }, (_, byte) => [String.fromCodePoint(isPrintable(byte) ? byte : hidden++), byte]),
  );
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * How many bytes a character takes, by its first one.
 * @param {number} first
 */
function lengthFrom(first) {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

/**
 * The character that begins at a byte, and how many bytes it takes; "" if none begins there.
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {[character: string, length: number]}
 */
function characterAt(bytes, at) {
  const length = lengthFrom(bytes[at]);
  try {
    return [decoder.decode(bytes.subarray(at, at + length)), length];
  } catch {
    return ["", 1];
  }
}

/**
 * The text of some bytes; those that are no whole character are shown as numbers: "⟨F0 9F⟩".
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function readableBytes(bytes) {
  let text = "";
  /** @type {string[]} */
  let broken = [];
  const finish = () => {
    if (broken.length) text += `⟨${broken.join(" ")}⟩`;
    broken = [];
  };
  for (let at = 0; at < bytes.length;) {
    const [character, length] = characterAt(bytes, at);
    if (character) finish();
    else broken.push(bytes[at].toString(16).toUpperCase());
    text += character;
    at += length;
  }
  finish();
  return text;
}

/**
 * The vocabulary of a tokenizer.
 * @param {{pre_tokenizer: Step, model: {vocab: Record<string, number>}}} tokenizerJson - What
 *   tokenizer.json says.
 * @returns {Vocabulary}
 */
export function openVocabulary(tokenizerJson) {
  const steps = plainly(tokenizerJson.pre_tokenizer);
  const plan = { ...tokenizerJson, pre_tokenizer: { type: "Sequence", pretokenizers: steps } };
  const library = new Tokenizer(plan, {});
  const written = bytesOf(library.model?.vocab ?? []);
  const texts = written.map(readableBytes);

  // Half of a surrogate pair is no character: as UTF-8 it is U+FFFD.
  /** @param {string} text */
  const encode = (text) => (text ? library.encode(text).ids : []);

  /** @param {number} id */
  function piece(id) {
    if (texts[id] === undefined) throw new RangeError(`there are ${texts.length} tokens, and ${id} is none of them`);
    return texts[id];
  }

  return { encode, pieces: (ids) => ids.map(piece), bytes: (id) => written[id] };
}

/**
 * What every token writes, from the visible characters that stand for its bytes.
 * @param {string[]} tokens
 */
function bytesOf(tokens) {
  const alphabet = byteAlphabet();
  return tokens.map((token) => Uint8Array.from(token, (character) => Number(alphabet.get(character))));
}

/**
 * It decodes bytes as they come, and holds those of an unfinished character back.
 * @typedef {object} StreamDecoder
 * @property {(bytes: Uint8Array) => string} push - The text that is complete now.
 * @property {() => string} rest - What was held back: U+FFFD for an unfinished character.
 */

/**
 * A decoder for the tokens of one text.
 * @returns {StreamDecoder}
 */
export function streamDecoder() {
  const streaming = new TextDecoder("utf-8", { ignoreBOM: true });
  return { push: (bytes) => streaming.decode(bytes, { stream: true }), rest: () => streaming.decode() };
}
