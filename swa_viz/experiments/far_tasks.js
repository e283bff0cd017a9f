// Three small tasks whose answer stands a chosen number of tokens back, for the browser: texts by the same laws as
// far_tasks.py, whose docstring says more.  Chance is another than in Python, so the texts are others.

/**
 * Chance: it takes one of a list.
 * @typedef {<Item>(list: readonly Item[]) => Item} Choose
 *
 * A text; `last` are the places of the answers at its end, and `sources` says of every answer's place where the
 * word stands that decides it.
 * @typedef {{words: string[], last: number[], sources: Map<number, number>}} Puzzle
 */

const NAMES = ["Ann", "Bob", "Cid", "Dot", "Eve", "Fay", "Gus", "Hal"];
const COLOURS = ["red", "blue", "green", "gold", "grey", "pink", "black", "white"];
const OPENING = ["(", "[", "{", "<"];
const CLOSING = [")", "]", "}", ">"];
const [AGAIN, END] = ["again", "end"];
const FILLER = ["the", "of", "and", "to", "in", "on", "at", "by", "a", "it", "is", "was", "so", "as", "or", "up"];

const N_COPIED = 6;
const N_INSIDE = 2;
const PAIR = 3;
/** How often the six colours stand in a text at most. */
const TIMES = 3;

/**
 * The whole numbers from `first` up to, but without, `stop`.
 * @param {number} first
 * @param {number} stop
 */
const range = (first, stop) => Array.from({ length: Math.max(stop - first, 0) }, (_, i) => first + i);

/**
 * A text that says nothing, with so many answers at its end.
 * @param {Choose} choose
 * @param {number} length
 * @param {number} answers
 * @returns {Puzzle}
 */
const blank = (choose, length, answers) => ({
  words: range(0, length).map(() => choose(FILLER)),
  last: range(length - answers, length),
  sources: new Map(),
});

/**
 * Write words into a text.
 * @param {Puzzle} puzzle
 * @param {number} place
 * @param {readonly string[]} words
 */
const put = ({ words: text }, place, words) => void text.splice(place, words.length, ...words);

/**
 * Where things of one width may stand in start .. stop - 1 without touching each other: at most N_INSIDE of them.
 * @param {Choose} choose
 * @param {number} start
 * @param {number} stop
 */
function freePlaces(choose, start, stop) {
  const count = Math.min(N_INSIDE, Math.floor((stop - start) / PAIR));
  const spare = range(0, stop - start - count * PAIR + 1);
  const gaps = range(0, count).map(() => choose(spare));
  return gaps.sort((one, other) => one - other).map((gap, i) => start + gap + i * PAIR);
}

/**
 * Open a bracket, and ask for its kind at its end.
 * @param {Puzzle} puzzle
 * @param {Choose} choose
 * @param {number} start
 * @param {number} end
 */
function putPair(puzzle, choose, start, end) {
  const kind = choose(range(0, OPENING.length));
  put(puzzle, start, [OPENING[kind]]);
  put(puzzle, end, [END, CLOSING[kind]]);
  puzzle.sources.set(end + 1, start);
}

/**
 * Some of a list, each once.
 * @param {Choose} choose
 * @param {readonly string[]} list
 * @param {number} count
 */
function sample(choose, list, count) {
  const left = [...list];
  return range(0, count).map(() => left.splice(left.indexOf(choose(left)), 1)[0]);
}

/** @typedef {(choose: Choose, length: number, distance: number) => Puzzle} Make */

/** A name with its colour, and at the end the name again. @type {Make} */
function recall(choose, length, distance) {
  const [puzzle, last] = [blank(choose, length, 1), length - 2];
  const words = [choose(NAMES), choose(COLOURS)];
  put(puzzle, last - distance - 1, words);
  put(puzzle, last, words);
  puzzle.sources.set(last + 1, last - distance);
  return puzzle;
}

/** Six colours in a row, and again the same at the end; before that once more, where there is room. @type {Make} */
function copy(choose, length, distance) {
  const [puzzle, step] = [blank(choose, length, N_COPIED), distance + 1];
  const colours = sample(choose, COLOURS, N_COPIED);
  const starts = range(0, TIMES)
    .map((i) => length - N_COPIED - i * step)
    .filter((start) => start >= 0)
    .reverse();
  put(puzzle, starts[0], colours);
  starts.slice(1).forEach((start, before) => {
    put(puzzle, start - 1, [AGAIN, ...colours]);
    for (const i of range(0, N_COPIED)) puzzle.sources.set(start + i, starts[before] + i);
  });
  return puzzle;
}

/** A bracket that is closed at the end, and brackets inside that are closed before. @type {Make} */
function brackets(choose, length, distance) {
  const [puzzle, last] = [blank(choose, length, 1), length - 2];
  const inside = freePlaces(choose, last - distance + 1, last);
  inside.forEach((start, i) => {
    const stop = inside[i + 1] ?? last;
    putPair(puzzle, choose, start, choose(range(start + 1, stop - 1)));
  });
  putPair(puzzle, choose, last - distance, last);
  return puzzle;
}

/**
 * How to make a text of each task: `make(choose, length, distance)`, of so many words, with its answer so far back.
 * @type {Readonly<Record<string, Make>>}
 */
export const TASKS = { recall, copy, brackets };
