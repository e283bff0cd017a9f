// The chosen rule in words, with its numbers and for one query.  Tokens count from 1 on screen.

import { keysOf } from "./pattern.js";
import { readable } from "../web/core/text.js";

const SPELLED_OUT = 8;

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

function listed(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

const globals = (p) => listed(p.global_positions.map((g) => `token ${g + 1}`));

const RULES = {
  causal: () => "age ≥ 0",
  sliding: (p) => `0 ≤ age < ${p.window_size}`,
  centred: (p) => `|age| ≤ ${p.radius}`,
  sink: (p) => `0 ≤ age < ${p.window_size}, or among the first ${plural(p.n_sink_tokens, "token")}`,
  global: (p) =>
    `${p.causal ? `0 ≤ age < ${p.window_size}` : `|age| ≤ ${(p.window_size - 1) / 2}`}, or the query or the key is ${globals(p).replace(/ and (?=token)/, " or ")}`,
  dilated: (p) => `age < ${p.window_size * p.dilation} and a multiple of ${p.dilation}`,
  chunked: (p) => `age ≥ 0 and in the same chunk of ${p.chunk_size}`,
};

export function ruleText(pattern) {
  return RULES[pattern.kind](pattern);
}

// Positions in order -> [[first, last], ...] of neighbours.
export function runs(positions) {
  const found = [];
  for (const position of positions) {
    const open = found[found.length - 1];
    if (open && open[1] === position - 1) open[1] = position;
    else found.push([position, position]);
  }
  return found;
}

function runText([first, last]) {
  if (first === last) return `${first + 1}`;
  return `${first + 1}${last === first + 1 ? " and" : " to"} ${last + 1}`;
}

// "tokens 15 to 20", "tokens 1, and 15 to 20", "tokens 10, 12, 14, … and 20"
export function numbered(keys) {
  if (keys.length === 1) return `token ${keys[0] + 1}`;
  const parts = runs(keys).map(runText);
  const few = parts.length <= SPELLED_OUT ? parts : [...parts.slice(0, 3), "…", parts[parts.length - 1]];
  return `tokens ${listed(few)}`;
}

function named(keys, query, words) {
  return listed(keys.map((key) => (key === query ? "itself" : `“${readable(words[key])}”`)));
}

// "0 ≤ age < 6: token 20 reads tokens 15 to 20."
export function ruleSentence(pattern, query, seqLen, words) {
  const keys = keysOf(pattern, query, seqLen);
  const who = words ? `“${readable(words[query])}” (token ${query + 1})` : `token ${query + 1}`;
  const what = words
    ? named(keys, query, words)
    : keys.length === 1 && keys[0] === query
      ? "only itself"
      : numbered(keys);
  return `${ruleText(pattern)}: ${who} reads ${what}.`;
}
