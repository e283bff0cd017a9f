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
 * @property {(values: CacheValues) => void} follow - Whoever changes what a text depends on wants no more of it.
 * @property {() => string} trouble - Why nothing comes, or "".
 */

/** So many more tokens are asked for at a time: of this browser, and of a server, which is farther away. */
const [FEW, MORE] = [2, 6];
const [MOST_TRIES, PAUSE_MS] = [20, 150];
/** The model of this browser is not there yet. */
const WAITING = ["idle", "loading"];

/** @param {CacheLab} lab */
const sliceOf = ({ engine }) => (engine.live ? FEW : MORE);

const pause = () => new Promise((done) => setTimeout(done, PAUSE_MS));

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
 * What the writing of a lab knows.
 * @typedef {object} Desk
 * @property {CacheLab} lab
 * @property {() => void} onNews
 * @property {Run | null} run
 * @property {string} trouble
 * @property {(Written | null)[]} texts - The last text of each kind: through the windows, and with full attention.
 */

/**
 * A model that is on its way is waited for; where there will be none, that is said.
 * @param {Desk} desk
 * @param {Run} mine
 */
async function untilThere(desk, mine) {
  const { engine } = desk.lab;
  while (mine === desk.run && (desk.trouble = engine.absence())) {
    if (!WAITING.includes(engine.browser?.state ?? "failed")) desk.run = null;
    desk.onNews();
    await pause();
  }
}

/**
 * Ask for a few tokens more, as long as they are wanted.
 * @param {Desk} desk
 * @param {Run} mine
 */
async function goOn(desk, mine) {
  await untilThere(desk, mine);
  if (mine !== desk.run) return;
  const { engine } = desk.lab;
  const request = requestOf(desk.lab, mine);
  await engine.ask([request]);
  if (mine !== desk.run) return;
  const answer = engine.peek(request);
  // A newer wish of the lab may have taken its place.
  if (!answer && mine.tries++ < MOST_TRIES) await pause();
  else take(desk, mine, answer);
  desk.onNews();
  if (mine === desk.run) goOn(desk, mine);
}

/**
 * @param {Desk} desk
 * @param {Run} mine
 * @param {ReturnType<CacheLab["engine"]["peek"]>} answer
 */
function take(desk, mine, answer) {
  if (!answer || !("steps" in answer)) {
    desk.trouble = answer && "empty" in answer ? String(answer.empty) : "It was interrupted.";
    desk.run = null;
    return;
  }
  const isWhole = answer.ended !== "" || mine.wanted >= mine.values.new_tokens;
  const identity = identityOf(desk.lab, mine.values, mine.isFull);
  desk.texts[Number(mine.isFull)] = { identity, payload: answer, isWhole };
  if (isWhole) desk.run = null;
  mine.wanted += sliceOf(desk.lab);
  mine.tries = 0;
}

/**
 * Make what writes for a lab.
 * @param {CacheLab} lab
 * @param {() => void} onNews - It is called when more was written, or when something went wrong.
 * @returns {Writer}
 */
export function openWriter(lab, onNews) {
  /** @type {Desk} */
  const desk = { lab, onNews, run: null, trouble: "", texts: [null, null] };
  return {
    running: () => desk.run,
    start(isFull) {
      desk.run = { values: { ...lab.values }, isFull, wanted: sliceOf(lab), tries: 0 };
      goOn(desk, desk.run);
      onNews();
    },
    cancel() {
      desk.run = null;
      onNews();
    },
    written(values, isFull = false) {
      const text = desk.texts[Number(isFull)];
      return text && text.identity === identityOf(lab, values, isFull) ? text : null;
    },
    follow(values) {
      const { run } = desk;
      if (run && identityOf(lab, run.values, false) !== identityOf(lab, values, false)) desk.run = null;
    },
    trouble: () => desk.trouble,
  };
}
