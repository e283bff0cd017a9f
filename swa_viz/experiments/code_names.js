// Where names return in a program, and how far back each stood before: the same as code_names.py.

/**
 * A name that stood before: the tokens that write it, here and where it stood last.
 * @typedef {object} Use
 * @property {string} name
 * @property {number} start
 * @property {number} stop - The token after the last one.
 * @property {number} earlier - Where it stood last.
 * @property {number} earlierStop
 * @property {number} query - The token that predicts the name.
 * @property {number} age - How far back the query must read to see the whole name.
 */

const PREFIX = "[rRbBfFuU]{0,2}";
const TOKEN = new RegExp(
  [
    "#[^\\n]*",
    `${PREFIX}"""[\\s\\S]*?(?:"""|$)`,
    `${PREFIX}'''[\\s\\S]*?(?:'''|$)`,
    `${PREFIX}"(?:\\\\.|[^"\\\\\\n])*"?`,
    `${PREFIX}'(?:\\\\.|[^'\\\\\\n])*'?`,
    "[0-9][0-9A-Za-z_.]*",
    "(?<name>[\\p{L}\\p{Nl}\\p{No}_][\\p{L}\\p{N}_]*)",
  ].join("|"),
  "gu",
);
const KEYWORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global " +
    "if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/**
 * All names of a Python program in their order, but no keyword, string or comment.
 * @param {string} code
 * @returns {{name: string, start: number, stop: number}[]}
 */
function namesIn(code) {
  return [...code.matchAll(TOKEN)]
    .filter((found) => found.groups?.name && !KEYWORDS.has(found[0]))
    .map((found) => ({ name: found[0], start: found.index, stop: found.index + found[0].length }));
}

/**
 * The names that return in a program that was cut into tokens.
 * @param {readonly string[]} pieces
 * @returns {Use[]}
 */
export function usesOf(pieces) {
  let length = 0;
  const ends = pieces.map((piece) => (length += piece.length));
  /** @type {Map<string, {earlier: number, earlierStop: number}>} */
  const last = new Map();
  return namesIn(pieces.join("")).flatMap(({ name, start: from, stop: to }) => {
    const start = ends.findIndex((end) => end > from);
    const stop = ends.findIndex((end) => end >= to) + 1;
    const before = last.get(name);
    last.set(name, { earlier: start, earlierStop: stop });
    // A name within one token with its earlier self is not predicted from it.
    if (!before || before.earlier >= start) return [];
    return [{ name, start, stop, ...before, query: start - 1, age: start - 1 - before.earlier }];
  });
}
