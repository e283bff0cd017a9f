// What a lab asks while its knobs have some values: the same as request_plan.py, which says what a
// plan is.  A test holds the two equal.

/** @import { ModelFacts, Request, RequestPlan, Schedule } from "../web/core/types.d.ts" */

import { scheduleOf } from "../patterns/schedule.js";
import { following } from "../patterns/schedule_text.js";
import { editIn } from "./edit_text.js";
import { hiddenPrompt } from "./hidden.js";
import { fullRequest } from "./request.js";

/**
 * The values of the knobs on which a request depends.  Two of them are no knobs: `picked`, the
 * position of the token under the pointer, and `steps`, how many new tokens are wanted by now.
 * @typedef {object} PlannedValues
 * @property {string} [text] - Or a text by another name, which a plan says.
 * @property {number} window
 * @property {number} [sinks]
 * @property {string} [schedule] - A letter for every layer; without it all have windows.
 * @property {number} [layers] - How many of the first layers count.
 * @property {string} [stage]
 * @property {number} [sink_logit]
 * @property {string} [needle] - What is hidden in a prompt.
 * @property {number} [filler] - How many sentences surround it.
 * @property {number} [before] - How many of these stand before it.
 * @property {number} [layer] - The one that is looked at, counted from 1.
 * @property {number} [token] - The locked token, counted from 1, or 0.
 * @property {number} [chunk] - How many tokens are read at once.
 * @property {number} [new_tokens] - By how many tokens the text is continued at most.
 * @property {number} [temperature] - In hundredths.
 * @property {number} [top_k] - 0 leaves no token out.
 * @property {number} [top_p] - In hundredths.
 * @property {number} [seed]
 * @property {string} [stop] - Before it the text ends, unless it is empty.
 * @property {number} [steps]
 * @property {string} [fix] - A small model of experiments/fixes.py.
 * @property {string} [words] - A puzzle; no knob, like `start`: where the words begin that are asked for.
 * @property {number} [start]
 * @property {string} [edit] - A word that is changed, as edit_text.js says it.
 * @property {number | null} [picked]
 */

/** Where the knob `sink_logit` begins: there is none. */
const NO_SINK_LOGIT = -5;

const FULL = { kind: "causal" };

/**
 * @param {PlannedValues} values
 * @param {number} nLayers - The layers of the model.
 * @param {number} [used]
 */
const chosen = ({ schedule, window, sinks = 0 }, nLayers, used = nLayers) =>
  scheduleOf({ schedule: schedule ?? "w".repeat(nLayers), window, sinks }, used);

/** @type {Record<RequestPlan["schedule"], (values: PlannedValues, nLayers: number) => Schedule>} */
const SCHEDULES = {
  full: (_, nLayers) => Array(nLayers).fill(FULL),
  chosen: (values, nLayers) => chosen(values, nLayers),
  own: () => [],
  every_window: (values, nLayers) => chosen({ ...values, window: 1 }, nLayers),
  first_layers: (values, nLayers) => chosen(values, nLayers, values.layers),
};

/**
 * The knobs of generation.
 * @param {PlannedValues} values
 */
function writingOf({ steps = 8, new_tokens: most = 64, top_k: k = 0, stop = "", ...values }) {
  const { temperature = 100, top_p: p = 100, seed = 0 } = values;
  const ends = stop ? [stop] : [];
  return { n_steps: Math.min(steps, most), at_most: most, temperature, top_k: k || null, top_p: p, seed, stop: ends };
}

/** @typedef {Pick<ModelFacts, "name" | "n_layers" | "layers_at_once">} Asked */

/** @type {Record<RequestPlan["kind"], (values: PlannedValues, model: Asked) => Partial<Request>>} */
const DETAILS = {
  trace: ({ stage = "weights", edit = "", layer = 1, sink_logit: sink = NO_SINK_LOGIT }, { layers_at_once: all }) => ({
    stage,
    edit: editIn(edit),
    sink_logit: sink === NO_SINK_LOGIT ? null : sink,
    layers: all ? null : [layer - 1],
  }),
  influence: ({ token = 0, picked = null }) => ({ token: token > 0 ? token - 1 : picked }),
  perplexity: () => ({}),
  windows: ({ schedule = "" }) => ({ layers: following(schedule) }),
  first_token: () => ({}),
  choices: () => ({}),
  generate: (values) => ({ writing: writingOf(values) }),
  prefill: ({ chunk = 16 }) => ({ chunk }),
  puzzle: ({ fix = "", start = 0 }) => ({ model: fix, start }),
};

/**
 * The text that is read; where something is hidden in it, the answers too.
 * @param {RequestPlan} plan
 * @param {PlannedValues} values
 */
function textOf({ hiding, text }, values) {
  const { needle = "", filler = 0, before = 0 } = values;
  if (hiding) return hiddenPrompt(hiding, { needle, filler, before });
  return { text: /** @type {Record<string, any>} */ (values)[text] };
}

/**
 * The plans that hold while the knobs have these values.
 * @param {readonly RequestPlan[]} plans
 * @param {PlannedValues} values
 * @returns {RequestPlan[]}
 */
export function plansFor(plans, values) {
  const known = /** @type {Record<string, any>} */ (values);
  return plans.filter(({ only_if: pair }) => !pair || known[pair[0]] === pair[1]);
}

/**
 * The requests of a lab's plans.
 * @param {readonly RequestPlan[]} plans
 * @param {PlannedValues} values
 * @param {Asked} model
 * @returns {Request[]}
 */
export function requestsFor(plans, values, model) {
  return plansFor(plans, values).map((plan) =>
    fullRequest({
      model: model.name,
      schedule: SCHEDULES[plan.schedule](values, model.n_layers),
      kind: plan.kind,
      ...textOf(plan, values),
      ...DETAILS[plan.kind](values, model),
    }),
  );
}

/**
 * What to ask now: what the first picture waits for, and once that is answered the others too.  A quick engine
 * is asked everything at once, but what is on demand nobody asks here.
 * @param {readonly RequestPlan[]} plans - Those that hold now.
 * @param {readonly Request[]} requests - Those of the plans.
 * @param {(request: Request) => unknown} answerTo - Null where there is no answer yet.
 * @param {boolean} isQuick
 * @returns {readonly Request[]}
 */
export function requestsNow(plans, requests, answerTo, isQuick) {
  const unbidden = requests.filter((_, i) => !plans[i].on_demand);
  const first = requests.filter((_, i) => plans[i].for_first_picture && !plans[i].on_demand);
  return isQuick || first.every(answerTo) ? unbidden : first;
}
