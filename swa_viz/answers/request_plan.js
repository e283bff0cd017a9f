// What a lab asks while its knobs have some values: the twin of request_plan.py, which says what a
// plan is.  A test holds the two equal.
//
//   requestsFor(plans, values, model) -> requests
//
// Two values are no knobs and exist here alone: `edit`, one token changed, and `picked`, the position
// of the token under the pointer.

import { scheduleOf } from "../patterns/schedule.js";
import { fullRequest } from "./request.js";

const FULL = { kind: "causal" };

const chosen = ({ schedule, window, sinks = 0 }, nLayers, used = nLayers) =>
  scheduleOf({ schedule: schedule ?? "w".repeat(nLayers), window, sinks }, used);

const SCHEDULES = {
  full: (values, nLayers) => Array(nLayers).fill(FULL),
  chosen,
  first_layers: (values, nLayers) => chosen(values, nLayers, values.layers),
};

const DETAILS = {
  trace: ({ stage = "weights", edit = null }) => ({ stage, edit }),
  influence: ({ token, picked = null }) => ({ token: token > 0 ? token - 1 : picked }),
};

export function requestsFor(plans, values, model) {
  return plans.map(({ kind, schedule }) =>
    fullRequest({
      model: model.name,
      text: values.text,
      schedule: SCHEDULES[schedule](values, model.n_layers),
      kind,
      ...DETAILS[kind](values),
    }),
  );
}
