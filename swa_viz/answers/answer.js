// Answer what a lab asks, as this package does in Python, with the model in this browser:
//
//   openAnswers(model, vocabulary, limits) -> answer(request) -> Promise of the payload
//
// A trace's numbers come whole, as one array: `dense` [n_layers, n_heads, n, n] of the asked stage.
// A request that asks for the impossible is answered with the sentence why.

import { Refusal, fill } from "./limits.js";
import { fullRequest } from "./request.js";
import { applyEdit, prepareText } from "./text_input.js";

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

export function openAnswers(model, vocabulary, limits) {
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
    const { ids, notice } = prepareText(text, vocabulary, limits);
    const newIds = applyEdit(ids, edit, vocabulary, limits);
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
    const { ids, notice } = prepareText(text, vocabulary, limits);
    if (!ids.length) return { tokens: [], empty: limits.empty };
    const last = ids.length - 1;
    const query = token === null ? last : Math.min(token, last);
    const rows = await model.influence(ids, schedule, query);
    const shares = rows.map((row) => {
      const sum = row.reduce((a, b) => a + b, 0);
      return row.map((size) => size / sum);
    });
    return { tokens: vocabulary.pieces(ids), token: query, shares, notice };
  }

  const kinds = { trace, influence };

  // Throws a Refusal unless this model can answer; an influence may use fewer layers than there are.
  function check({ model: asked, kind, schedule }) {
    if (asked !== model.name) throw new Refusal(fill(limits.unknown_model, { model: asked, known: model.name }));
    const [found, layers] = [schedule.length, model.nLayers];
    const least = kind === "influence" ? 1 : layers;
    if (found < least || found > layers)
      throw new Refusal(fill(limits.wrong_layers, { model: model.name, layers, found }));
  }

  return async (sent) => {
    const request = fullRequest(sent);
    try {
      check(request);
      return await kinds[request.kind](request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { tokens: [], empty: fill(limits.refused, { reason: error.message }) };
    }
  };
}
