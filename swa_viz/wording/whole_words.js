// Words that are several tokens, and characters that are several bytes.

const BEGINS = /^(?:[\p{L}\p{M}\p{N}]|⟨[0-9A-F]{2}⟩)/u;
const ENDS = /(?:[\p{L}\p{M}\p{N}]|⟨[0-9A-F]{2}⟩)$/u;
const BYTE = /⟨[0-9A-F]{2}⟩/u;

/**
 * Tokens that stand beside each other.
 * @typedef {{position: number, n_tokens: number}} Stretch
 */

/**
 * The word to which a token belongs: " st" and "orm" are one.
 * @param {readonly string[]} pieces - The texts of the tokens, with their leading blanks.
 * @param {number} position - Of the token.
 * @returns {Stretch}
 */
export function wordAt(pieces, position) {
  /** @param {number} at */
  const goesOn = (at) => at > 0 && at < pieces.length && BEGINS.test(pieces[at]) && ENDS.test(pieces[at - 1]);
  let [first, stop] = [position, position + 1];
  while (goesOn(first)) first--;
  while (goesOn(stop)) stop++;
  return { position: first, n_tokens: stop - first };
}

/**
 * What a text box says of its text: what was left out, and what the signs for bytes mean.
 * @param {string} notice - What was left out, or "".
 * @param {readonly string[]} pieces
 * @returns {string}
 */
export function noticeOf(notice, pieces) {
  const found = pieces.map((piece) => BYTE.exec(piece)?.[0]).find(Boolean);
  if (!found) return notice;
  const bytes = `${found} is one byte. The model has no token for this character, so it reads it byte by byte.`;
  return notice ? `${notice} ${bytes}` : bytes;
}
