// The rule in the browser: one predicate per pattern, held equal to the patterns' predicates in Python by a test.
// A pattern is plain data, {kind, ...}, as the server sends it.

const RULES = {
  causal: (p, age) => age >= 0,
  sliding: (p, age) => age >= 0 && age < p.window_size,
  centred: (p, age) => Math.abs(age) <= p.radius,
  sink: (p, age, query, key) => age >= 0 && (age < p.window_size || key < p.n_sink_tokens),
  global: (p, age, query, key) => {
    if (p.causal && age < 0) return false;
    const near = p.causal ? age < p.window_size : Math.abs(age) <= (p.window_size - 1) / 2;
    return near || p.global_positions.includes(query) || p.global_positions.includes(key);
  },
  dilated: (p, age) => age >= 0 && age < p.window_size * p.dilation && age % p.dilation === 0,
  chunked: (p, age, query, key) => age >= 0 && Math.floor(query / p.chunk_size) === Math.floor(key / p.chunk_size),
};

// May `query` read `key`?
export function visible(pattern, query, key) {
  return RULES[pattern.kind](pattern, query - key, query, key);
}

// Can a query read what comes after it?
export function looksAhead(pattern) {
  return pattern.kind === "centred" || (pattern.kind === "global" && !pattern.causal);
}

// The keys that a query reads, oldest first.
export function keysOf(pattern, query, seqLen) {
  const keys = [];
  for (let key = 0; key < seqLen; key++) if (visible(pattern, query, key)) keys.push(key);
  return keys;
}

// Score pairs of a whole text, cell by cell: the obvious twin that pairsOf in cost.js is held to.
export function scorePairs(pattern, seqLen) {
  let pairs = 0;
  for (let query = 0; query < seqLen; query++)
    for (let key = 0; key < seqLen; key++) if (visible(pattern, query, key)) pairs++;
  return pairs;
}

// Why a key is read or not, in words.
export function why(pattern, query, key) {
  const age = query - key;
  if (visible(pattern, query, key)) return age === 0 ? "the query itself" : reasonToRead(pattern, age, query, key);
  if (age < 0 && !looksAhead(pattern)) return "later than the query: not written yet";
  return REASONS[pattern.kind](pattern, age);
}

function reasonToRead(pattern, age, query, key) {
  if (pattern.kind === "sink" && key < pattern.n_sink_tokens) return "a sink token, always kept";
  if (pattern.kind === "global" && pattern.global_positions.includes(key)) return "a global token, read by all";
  if (pattern.kind === "global" && pattern.global_positions.includes(query)) return "the query is global and reads all";
  return age > 0 ? `age ${age}, inside` : `${-age} ahead, inside`;
}

const REASONS = {
  causal: () => "hidden",
  sliding: (p, age) => `age ${age} ≥ W = ${p.window_size}: outside the window`,
  sink: (p, age) => `age ${age} ≥ W = ${p.window_size}, and not a sink`,
  global: (p, age) => `distance ${Math.abs(age)}: outside the window, and neither token is global`,
  centred: (p, age) => `distance ${Math.abs(age)} > radius ${p.radius}`,
  dilated: (p, age) =>
    age >= p.window_size * p.dilation
      ? `age ${age} ≥ W·d = ${p.window_size * p.dilation}: outside the window`
      : `age ${age} is not a multiple of d = ${p.dilation}: in a gap`,
  chunked: () => "in an earlier chunk: cut off",
};

// Is this key special: kept or read whatever its age?
export function isPinned(pattern, key) {
  if (pattern.kind === "sink") return key < pattern.n_sink_tokens;
  return pattern.kind === "global" && pattern.global_positions.includes(key);
}
