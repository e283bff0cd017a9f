// The model writes: a few tokens are asked for at a time, so the text is seen to grow, others have their
// turn, and to cancel is to ask for no more.

/** @import { GeneratePayload, Request } from "../../web/core/types.d.ts" */
/** @import { CacheLab, CacheValues } from "./controls.js" */

/**
 * A text that is being written: the values that define it, how many of its tokens are asked for, and whether it
 * is written with full attention, to compare; `tries` are the times that nothing came.
 * @typedef {{values: CacheValues, isFull: boolean, wanted: number, tries: number}} Run
 *
 * A text that was written: what defines it, what came, and whether that was all.
 * @typedef {{identity: string, payload: GeneratePayload, isWhole: boolean}} Written
 *
 * @typedef {object} Writer
 * @property {() => Run | null} running
 * @property {(isFull: boolean) => void} start - With the values of the lab.
 * @property {() => void} cancel
 * @property {(values: CacheValues, isFull?: boolean) => Written | null} written - What was written for these values.
 * @property {() => string} trouble - Why nothing came, or "".
 */

/** So many more tokens are asked for at a time. */
const SLICE = 6;
const [MOST_TRIES, PAUSE_MS] = [20, 150];

/**
 * The request for the first tokens that follow.
 * @param {CacheLab} lab
 * @param {Pick<Run, "values" | "isFull" | "wanted">} run
 * @returns {Request}
 */
function requestOf(lab, { values, isFull, wanted }) {
  const asked = lab.requests({ ...values, ...{ seed: values.write_seed, steps: wanted } });
  return asked.filter(({ kind }) => kind === "generate")[isFull ? 1 : 0];
}

/**
 * What defines a text, whatever number of its tokens is wanted.
 * @param {CacheLab} lab
 * @param {CacheValues} values
 * @param {boolean} isFull
 */
const identityOf = (lab, values, isFull) => JSON.stringify(requestOf(lab, { values, isFull, wanted: 1 }));

/**
 * Make what writes for a lab.
 * @param {CacheLab} lab
 * @param {() => void} onNews - It is called when more was written, or when something went wrong.
 * @returns {Writer}
 */
export function openWriter(lab, onNews) {
  /** The last text of each kind: through the windows, and with full attention. */
  const texts = /** @type {(Written | null)[]} */ ([null, null]);
  let run = /** @type {Run | null} */ (null);
  let trouble = "";

  /** @param {Run} mine */
  async function goOn(mine) {
    const request = requestOf(lab, mine);
    await lab.engine.ask([request]);
    if (mine !== run) return;
    const answer = lab.engine.peek(request);
    // A newer wish of the lab may have taken its place.
    if (!answer && mine.tries++ < MOST_TRIES) await new Promise((done) => setTimeout(done, PAUSE_MS));
    else take(mine, answer);
    onNews();
    if (mine === run) goOn(mine);
  }

  /**
   * @param {Run} mine
   * @param {ReturnType<CacheLab["engine"]["peek"]>} answer
   */
  function take(mine, answer) {
    if (!answer || !("steps" in answer)) {
      trouble = answer && "empty" in answer ? String(answer.empty) : "It was interrupted.";
      run = null;
      return;
    }
    const isWhole = answer.ended !== "" || mine.wanted >= mine.values.new_tokens;
    texts[Number(mine.isFull)] = { identity: identityOf(lab, mine.values, mine.isFull), payload: answer, isWhole };
    if (isWhole) run = null;
    mine.wanted += SLICE;
    mine.tries = 0;
  }

  return {
    running: () => run,
    start(isFull) {
      trouble = lab.engine.absence();
      if (!trouble) {
        run = { values: { ...lab.values }, isFull, wanted: SLICE, tries: 0 };
        goOn(run);
      }
      onNews();
    },
    cancel() {
      run = null;
      onNews();
    },
    written(values, isFull = false) {
      const text = texts[Number(isFull)];
      return text && text.identity === identityOf(lab, values, isFull) ? text : null;
    },
    trouble: () => trouble,
  };
}
