// Answer what a lab asks, as this package does in Python, with the model in this browser:
//
//   answerer(model, vocabulary, limits) -> answer(request) -> Promise of the payload
//
// A trace's numbers come whole, as one array: `dense` [n_layers, n_heads, n, n] of the asked stage.

import { edited, readText } from "./reading.js";

const REMEMBERED = 4;

// log of the softmax of one row of logits, in float64.
function logShares(logits, start, size) {
  let most = -Infinity;
  for (let i = start; i < start + size; i++) if (logits[i] > most) most = logits[i];
  let sum = 0;
  for (let i = start; i < start + size; i++) sum += Math.exp(logits[i] - most);
  return most + Math.log(sum);
}

// KL(before || after) in bits, of two rows of logits.
function movedBits(before, beforeStart, after, afterStart, size) {
  const [normBefore, normAfter] = [logShares(before, beforeStart, size), logShares(after, afterStart, size)];
  let nats = 0;
  for (let i = 0; i < size; i++) {
    const log = before[beforeStart + i] - normBefore;
    nats += Math.exp(log) * (log - (after[afterStart + i] - normAfter));
  }
  return Math.max(nats, 0) / Math.LN2;
}

export function answerer(model, vocabulary, limits) {
  const logitsOf = new Map();

  // The logits of the text before its edit: the same for every step of an edit, so kept for a while.
  async function originalLogits(ids, schedule) {
    const key = JSON.stringify([ids, schedule]);
    if (!logitsOf.has(key)) {
      logitsOf.set(key, (await model.forward(ids, schedule)).logits);
      if (logitsOf.size > REMEMBERED) logitsOf.delete(logitsOf.keys().next().value);
    }
    return logitsOf.get(key);
  }

  // How far each prediction of the edited text moved, in bits; null at the edit itself.  What follows
  // the edit is compared with the same words of the original.
  function alignedChanges(before, beforeLength, after, afterLength, position) {
    const size = before.length / beforeLength;
    const resume = afterLength - (beforeLength - position - 1);
    return Array.from({ length: afterLength }, (_, at) => {
      if (at >= position && at < resume) return null;
      const from = at < position ? at : at - resume + position + 1;
      const bits = movedBits(before, from * size, after, at * size, size);
      return bits > limits.rounding_bits ? bits : 0;
    });
  }

  function likeliest({ likeliest: ids, shares }, n) {
    const pieces = vocabulary.pieces(ids);
    const count = ids.length / n;
    return Array.from({ length: n }, (_, at) =>
      Array.from({ length: count }, (_, i) => [ids[at * count + i], pieces[at * count + i], shares[at * count + i]]),
    );
  }

  async function trace({ text, edit, schedule, stage }) {
    const { ids, notice } = readText(text, vocabulary, limits);
    let newIds;
    try {
      newIds = edited(ids, edit ?? null, vocabulary, limits);
    } catch ({ message }) {
      return { tokens: [], empty: `This could not be computed: ${message}` };
    }
    if (!newIds.length) return { tokens: [], empty: limits.empty };
    const run = await model.forward(newIds, schedule);
    const answer = {
      tokens: vocabulary.pieces(newIds),
      stage,
      n_heads: run.nHeads,
      schedule,
      notice,
      dense: stage === "weights" ? run.weights : run.scores,
      next: likeliest(run, newIds.length),
    };
    if (!edit || String(newIds) === String(ids)) return answer;
    const before = await originalLogits(ids, schedule);
    return { ...answer, changes: alignedChanges(before, ids.length, run.logits, newIds.length, edit.position) };
  }

  async function influence({ text, schedule, token }) {
    const { ids, notice } = readText(text, vocabulary, limits);
    if (!ids.length) return { tokens: [], empty: limits.empty };
    const last = ids.length - 1;
    const query = token === null ? last : Math.min(Math.max(token, 0), last);
    const rows = await model.influence(ids, schedule, query);
    const shares = rows.map((row) => {
      const sum = row.reduce((a, b) => a + b, 0);
      return row.map((size) => size / sum);
    });
    return { tokens: vocabulary.pieces(ids), token: query, shares, notice };
  }

  const kinds = { trace, influence };
  return (request) => kinds[request.kind ?? "trace"](request);
}
