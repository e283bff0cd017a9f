// What a lab may ask of a model, and its one canonical key: the same as request.py, which says what
// the fields mean.  A test holds the keys equal.

/** @import { Edit, Request, Writing } from "../web/core/types.d.ts" */

/**
 * A request as it may be sent: what has a default may be left out.
 * @typedef {{position: number} & Partial<Edit>} SentEdit
 * @typedef {Omit<Partial<Request>, "edit" | "writing"> & {edit?: SentEdit | null, writing?: Partial<Writing> | null}}
 *   Optional
 * @typedef {Pick<Request, "model" | "text" | "schedule"> & Optional} SentRequest
 */

const DEFAULTS = {
  kind: /** @type {const} */ ("trace"),
  stage: "weights",
  edit: null,
  token: null,
  layers: null,
  sink_logit: null,
  start: null,
  choices: null,
  writing: null,
  chunk: null,
};
/** How a text is continued unless a request says otherwise. */
export const DEFAULT_WRITING = {
  n_steps: 8,
  at_most: 64,
  temperature: 100,
  top_k: null,
  top_p: 100,
  seed: 0,
  stop: [],
};
const EDIT_DEFAULTS = { replacement: null, n_tokens: 1 };

/**
 * The request with its defaults filled in.
 * @param {SentRequest} request
 * @returns {Request}
 */
export function fullRequest(request) {
  const edit = request.edit ? { ...EDIT_DEFAULTS, ...request.edit } : null;
  const writing = request.writing ? { ...DEFAULT_WRITING, ...request.writing } : null;
  return { ...DEFAULTS, ...request, edit, writing };
}

/**
 * JSON writes the names of an object in the order in which it holds them: sorted, they are the same
 * for equal objects.
 * @param {string} _
 * @param {unknown} value
 */
function sorted(_, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** @param {string} unit - Of a string: a character, or half of one. */
const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * The whole request as one string, in ASCII: equal for equal requests, different for different ones.
 * @param {SentRequest} request
 * @returns {string}
 */
export const requestKey = (request) => JSON.stringify(fullRequest(request), sorted).replace(/[^ -~]/g, escaped);
