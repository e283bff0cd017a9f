// What a link says of a page's knobs, read without a server: the twin of the readers in knobs.py,
// held equal by vectors that Python writes.  `raw` is what stands in the URL, or null; nonsense
// becomes the default, and a number out of range moves to the nearest limit.

const WHOLE_NUMBER = /^[ \t]*[+-]?[0-9]+[ \t]*$/;

function readNumber(knob, raw) {
  if (!WHOLE_NUMBER.test(raw)) return knob.default;
  return Math.min(Math.max(Number(raw), knob.at_least), knob.at_most) + 0; // + 0: never -0
}

function readLetters(knob, raw) {
  const fits = raw.length === knob.default.length;
  return fits && [...raw].every((letter) => Object.hasOwn(knob.letters, letter)) ? raw : knob.default;
}

const READERS = {
  number: readNumber,
  choice: (knob, raw) => (Object.hasOwn(knob.choices, raw) ? raw : knob.default),
  letters: readLetters,
  // Python counts characters, and so must the cut: one of them may be two units of a string here.
  text: (knob, raw) => [...raw].slice(0, knob.at_most).join(""),
};

export function read(knob, raw) {
  return typeof raw === "string" ? READERS[knob.kind](knob, raw) : knob.default;
}

// Every knob's value in this query.  Of a name that stands there twice the last one counts.
export function valuesFrom(knobs, query) {
  const entries = Object.entries(knobs);
  return Object.fromEntries(entries.map(([name, knob]) => [name, read(knob, query.getAll(name).at(-1) ?? null)]));
}

// The query that names every knob that is not at its default; what else it says stays.  A visitor's
// text is never written there; one that came with a link stays as long as it is true.
export function follow(knobs, values, query) {
  const next = new URLSearchParams(query);
  for (const [name, knob] of Object.entries(knobs)) {
    const given = query.getAll(name).at(-1) ?? null;
    const silent = knob.kind === "text" && given !== values[name];
    const wanted = silent ? knob.default : values[name];
    if (wanted === knob.default) next.delete(name);
    else next.set(name, wanted);
  }
  return next;
}
