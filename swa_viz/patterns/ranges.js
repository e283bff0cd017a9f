// The rule once more, as ranges: which keys one query reads, as a few stretches of positions
// [start, stop, step], disjoint, empty where stop <= start.  Pictures fill and counts add up whole
// stretches, so that nothing walks over every cell while the hand moves.  Python has the same twin
// (Pattern.key_ranges); a test holds both to the predicate.

const past = (query, size) => Math.max(query - size + 1, 0);

// The window around the query, and each global key that lies outside it.
function globalRanges(p, query, n) {
  const stopAll = p.causal ? query + 1 : n;
  if (p.global_positions.includes(query)) return [[0, stopAll, 1]];
  const side = p.causal ? p.window_size - 1 : (p.window_size - 1) / 2;
  const [start, stop] = [Math.max(query - side, 0), p.causal ? query + 1 : Math.min(query + side + 1, n)];
  const lone = p.global_positions.filter((g) => g < start || (g >= stop && g < stopAll));
  return [[start, stop, 1], ...lone.map((g) => [g, g + 1, 1])];
}

const RANGES = {
  causal: (p, query) => [[0, query + 1, 1]],
  sliding: (p, query) => [[past(query, p.window_size), query + 1, 1]],
  centred: (p, query, n) => [[Math.max(query - p.radius, 0), Math.min(query + p.radius + 1, n), 1]],
  sink: (p, query) => {
    const start = past(query, p.window_size);
    return [
      [0, Math.min(start, p.n_sink_tokens), 1],
      [start, query + 1, 1],
    ];
  },
  global: globalRanges,
  dilated: (p, query) => {
    const oldest = query - (p.window_size - 1) * p.dilation;
    return [[Math.max(oldest, query % p.dilation), query + 1, p.dilation]];
  },
  chunked: (p, query) => [[query - (query % p.chunk_size), query + 1, 1]],
};

// The keys that `query` reads in a text of n tokens.
export function keyRanges(pattern, query, n) {
  return RANGES[pattern.kind](pattern, query, n);
}

// How many keys `query` reads.
export function keysRead(pattern, query, n) {
  return keyRanges(pattern, query, n).reduce(
    (sum, [start, stop, step]) => sum + Math.max(Math.ceil((stop - start) / step), 0),
    0,
  );
}
