// Make one token readable without letting it do anything: blanks and control characters get a
// visible sign, and marks that would change the direction or the neighbours are spelled out.

/** @type {Record<string, string>} */
const SIGNS = { "\n": "⏎", "\t": "⇥", "\r": "␍", " ": "␣", "\u00a0": "⍽" };
const INVISIBLE = /[\p{Cc}\p{Cs}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/gu;

/** @param {string} character */
function spellOut(character) {
  if (SIGNS[character]) return SIGNS[character];
  const code = Number(character.codePointAt(0)).toString(16).toUpperCase().padStart(4, "0");
  return `⟨${code}⟩`;
}

/**
 * A token as it can be read: " cat" -> "cat", "" -> "∅", "\n" -> "⏎", " " -> "␣".
 * A combining mark that stands alone gets a circle to sit on.
 * @param {string} piece - The text of one token, with its leading blank.
 * @returns {string}
 */
export function readable(piece) {
  if (piece === "") return "∅";
  const word = piece.length > 1 && piece.startsWith(" ") ? piece.slice(1) : piece;
  const shown = word.trim() === "" ? [...word].map(spellOut).join("") : word.replace(INVISIBLE, spellOut);
  return /^\p{M}/u.test(shown) ? `◌${shown}` : shown;
}

const LONGEST_WORD = 11;

/**
 * The same, cut where there is little room: " understanding" -> "understand…".
 * @param {string} piece - The text of one token, with its leading blank.
 * @returns {string}
 */
export function shortened(piece) {
  const letters = [...readable(piece)];
  return letters.length > LONGEST_WORD ? `${letters.slice(0, LONGEST_WORD - 1).join("")}…` : letters.join("");
}

/**
 * Does this token continue the word before it?
 * @param {string} piece - The text of one token, with its leading blank.
 * @returns {boolean}
 */
export function continuesWord(piece) {
  return /^[\p{L}\p{M}\p{N}]/u.test(piece);
}

// Short English words, and those without a vowel: what else looks so only begins a word.
const SHORT_WORDS = new Set(
  (
    "a ad ah am an as at ax ay be by do dr eh er ex go ha he hi ho i if in is it la lo ma me mr mrs my no o of oh ok " +
    "on or ox pa pi so to up us we ye"
  ).split(" "),
);

/**
 * Is this token only the beginning of a word?  So much can be said of one or two letters that are no
 * word, and of letters without a vowel.
 * @param {string} piece - The text of one token, with its leading blank.
 * @returns {boolean}
 */
export function beginsWord(piece) {
  const letters = / ([a-z]+)$/iu.exec(piece)?.[1].toLowerCase();
  if (!letters) return false;
  return !SHORT_WORDS.has(letters) && (letters.length < 3 || !/[aeiouy]/u.test(letters));
}

/**
 * Words as a list: "a", "a and b", "a, b and c".
 * @param {string[]} words
 * @param {string} before - What stands before the last one.
 * @returns {string}
 */
export function listed(words, before = "and") {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${before} ${words[words.length - 1]}`;
}

/**
 * How many characters a text has, as Python counts them: an emoji is one, though it takes two units
 * of a string here.
 * @param {string} text
 * @returns {number}
 */
export function countCharacters(text) {
  return [...text].length;
}

/**
 * The first `count` characters of a text.
 * @param {string} text
 * @param {number} count
 * @returns {string}
 */
export function firstCharacters(text, count) {
  return [...text].slice(0, count).join("");
}
