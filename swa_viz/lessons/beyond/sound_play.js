// A recording that can be heard, while the frame moves along with it.

import { button } from "../../web/core/controls.js";
import { bytesOf } from "./kind.js";

const PLAY = "▶ Play";
const FAILED = "▶ Play (it could not be fetched; try again)";

/**
 * The button.
 * @param {object} on
 * @param {() => Promise<string>} on.sound - The recording now chosen, in letters (base64).
 * @param {(seconds: number | null) => void} on.tell - Where it is; null when it ends.
 * @returns {HTMLButtonElement}
 */
export function playButton({ sound, tell }) {
  let stop = /** @type {(() => void) | null} */ (null);
  const element = button(PLAY, () => (stop ? stop() : start()), { class: "button small" });

  async function start() {
    // Some browsers let only the press itself open what is heard, so nothing is waited for before.
    const context = new window.AudioContext();
    element.disabled = true;
    const letters = await sound().catch(() => "");
    element.disabled = false;
    if (letters) return play(context, bytesOf(letters));
    element.textContent = FAILED;
    context.close();
  }

  /**
   * @param {AudioContext} context
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  async function play(context, bytes) {
    const source = context.createBufferSource();
    source.buffer = await context.decodeAudioData(bytes.buffer);
    source.connect(context.destination);
    const begun = context.currentTime;
    stop = () => source.stop();
    source.onended = () => {
      stop = null;
      element.textContent = PLAY;
      tell(null);
      context.close();
    };
    element.textContent = "■ Stop";
    source.start();
    const follow = () => {
      if (!stop) return;
      tell(context.currentTime - begun);
      requestAnimationFrame(follow);
    };
    follow();
  }
  return element;
}
