// Chunks, for the browser: the same as chunked.py.

import { triangle } from "./counting.js";
import { thousands } from "../wording/numbers.js";
import { definePattern } from "./pattern.js";

definePattern("chunked", {
  label: "chunks",
  word: "chunks",
  visible: (p, age, query, key) => age >= 0 && Math.floor(query / p.chunk_size) === Math.floor(key / p.chunk_size),
  rule: (p) => `age ≥ 0 and in the same chunk of ${p.chunk_size}`,
  name: (p) => `chunks of ${p.chunk_size}`,
  run: (p) => `chunks of ${p.chunk_size}`,
  ranges: (p, query) => [[query - (query % p.chunk_size), query + 1, 1]],
  pairs: (p, n) => {
    const rest = n % p.chunk_size;
    return ((n - rest) / p.chunk_size) * triangle(p.chunk_size) + triangle(rest);
  },
  formula: (p, n) => {
    const whole = Math.floor(n / p.chunk_size);
    const rest = triangle(n % p.chunk_size);
    const noun = whole === 1 ? "chunk" : "chunks";
    const chunks = `${thousands(whole)} ${noun} of C(C+1)/2 = ${thousands(triangle(p.chunk_size))}`;
    return rest ? `${chunks}, and ${thousands(rest)} in the last, shorter one` : chunks;
  },
  limit: (p) => ["N/(C+1)", p.chunk_size + 1],
  kept: (p) => ({ pinned: 0, latest: p.chunk_size }),
  looksAhead: () => false,
  hiddenWords: "in an earlier chunk, read in full attention",
  whyHidden: () => "in an earlier chunk: cut off",
});
