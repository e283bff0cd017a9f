// A text that is longer than a picture: the server reads it whole, and one stretch of it is shown.

/** @import { Part, Request } from "../../web/core/types.d.ts" */
/** @import { Overview, Trace } from "../../web/engine/trace.js" */
/** @import { Run, Runs } from "../../web/runs.js" */
/** @import { Stretch } from "../../web/views/token_sentence.js" */
/** @import { AttentionLab, AttentionValues } from "./controls.js" */

import { keysRead } from "../../patterns/ranges.js";
import { scheduleOf } from "../../patterns/schedule.js";
import { thousands, weightText } from "../../wording/numbers.js";
import { readable } from "../../wording/text.js";
import { NO_RUN } from "../../web/runs.js";

/**
 * What is known of a long text beside the runs of its stretch: where that stands, and both runs from afar;
 * null while the second one is on its way.
 * @typedef {Pick<Part, "first" | "n_tokens"> & {overview: Overview, windowed: Overview | null}} Whole
 */

/** @typedef {ReturnType<typeof longTexts>} LongTexts */

// A text of so many characters is taken for a long one until an answer says how many tokens it has, so that
// nobody waits for its first tokens alone.
const PRESUMED_LONG = 1000;

/**
 * What a lab knows of long texts.  Only a server reads them; elsewhere all texts are short.
 * @param {AttentionLab} lab
 */
export function longTexts(lab) {
  let known = { text: "", isLong: false };

  /**
   * Is the text longer than a picture?  The first answer to it says how many tokens it has.
   * @param {AttentionValues} values
   */
  function isLong(values) {
    if (!lab.data.served) return false;
    if (known.text === values.text) return known.isLong;
    const nTokens = countedTokens(values);
    if (nTokens === null) return values.text.length > PRESUMED_LONG;
    known = { text: values.text, isLong: nTokens > lab.data.limits.tokens };
    return known.isLong;
  }

  /**
   * How many tokens an answer says that the text has, or null before there is one.
   * @param {AttentionValues} values
   */
  function countedTokens(values) {
    const [short, stretch] = [lab.requests(values)[0], needs(values)[0]].map(lab.engine.peek);
    if (isTrace(stretch)) return stretch.part?.n_tokens ?? null;
    if (!isTrace(short)) return null;
    return short.notice ? Infinity : short.seqLen;
  }

  /**
   * The requests for a long text: both runs of the stretch, and both from afar.
   * @param {AttentionValues} values
   * @returns {Request[]}
   */
  function needs(values) {
    const both = lab.requests(values).map((request) => ({ ...request, edit: null, layers: [values.layer - 1] }));
    const start = values.from ? values.from - 1 : null;
    return [
      ...both.map((request) => ({ ...request, kind: /** @type {const} */ ("stretch"), start })),
      ...both.map((request) => ({ ...request, kind: /** @type {const} */ ("overview"), stage: "weights" })),
    ];
  }

  /**
   * Both runs of the stretch, and what is known of the whole text.
   * @param {AttentionValues} values
   * @param {Runs & {whole: Whole | null}} before - What was on screen.
   * @returns {Runs & {whole: Whole | null}}
   */
  function shown(values, before) {
    const [full, windowed, overview, other] = needs(values).map(lab.engine.peek);
    const refused = [full, overview].find((answer) => answer && "empty" in answer);
    if (refused) return { full: { ...NO_RUN, ...refused }, windowed: null, waiting: false, whole: null };
    if (!isTrace(full) || !isOverview(overview)) return { ...before, windowed: null, waiting: true };
    const { first, n_tokens } = /** @type {Part} */ (full.part);
    const both = isTrace(windowed) && isOverview(other);
    const whole = { first, n_tokens, overview, windowed: both ? other : null };
    return { full, windowed: both ? windowed : null, waiting: false, whole };
  }

  /**
   * What was left out of the text, and where more of it would be read.
   * @param {Run} full
   */
  function notice({ notice: left = "" }) {
    if (!left || lab.data.served) return left;
    return `${left} Where a server is behind this page, it reads up to ${thousands(lab.data.limits.long_tokens)}.`;
  }

  return { isLong, needs, shown, notice };
}

/** @typedef {ReturnType<AttentionLab["engine"]["peek"]>} Found */

/** @type {(answer: Found) => answer is Extract<Found, Trace>} */
const isTrace = (answer) => answer !== null && "value" in answer;

/** @type {(answer: Found) => answer is Extract<Found, Overview>} */
const isOverview = (answer) => answer !== null && "blocks" in answer;

/**
 * What is expected after the whole text, in both runs.
 * @param {Whole} whole
 * @returns {{full: Run, windowed: Run | null}}
 */
export function atTheEnd({ overview, windowed }) {
  /** @param {Overview} seen */
  const run = ({ tokens, after, n_tokens: nTokens }) => ({
    ...NO_RUN,
    tokens,
    seqLen: tokens.length,
    part: { first: nTokens - tokens.length, n_tokens: nTokens },
    next: tokens.map((_, i) => (i === tokens.length - 1 ? after : [])),
  });
  return { full: run(overview), windowed: windowed && run(windowed) };
}

/**
 * The stretch as the view of tokens needs it.
 * @param {Whole} whole
 * @param {Run | null} run - Whose weights are shown.
 * @param {AttentionValues} values
 * @returns {Stretch}
 */
export function stretchOf({ first, n_tokens: nTokens }, run, values) {
  const pattern = scheduleOf(values)[values.layer - 1];
  return {
    first,
    nTokens,
    keysOf: (query) => keysRead(pattern, first + query, nTokens),
    before: (query) => readBefore(run?.part, values.head, query),
  };
}

/**
 * What a query of a stretch gives to the tokens before the stretch.
 * @param {Run["part"]} part
 * @param {number} head - From 1; 0 is the mean of all.
 * @param {number} query
 * @returns {ReturnType<Stretch["before"]>}
 */
function readBefore(part, head, query) {
  const [share, most] = [part?.shares?.[head][query] ?? 0, part?.heaviest?.[head][query]];
  if (!most) return { share, words: "" };
  const [key, weight] = most;
  const piece = readable(part?.pieces?.[key] ?? "");
  const named = `“${piece}” (token ${thousands(key + 1)}, ${weightText(weight)})`;
  return { share, words: ` ${weightText(share)} goes to tokens before those, most to ${named}.` };
}
