// A recording that can be heard, while the frame moves along with it.

import { button } from "../../web/core/controls.js";
import { bytesOf } from "./kind.js";

/**
 * The button.
 * @param {object} on
 * @param {() => string} on.sound - The recording now chosen, in letters (base64).
 * @param {(seconds: number | null) => void} on.tell - Where it is; null when it ends.
 * @returns {HTMLButtonElement}
 */
export function playButton({ sound, tell }) {
  let stop = /** @type {(() => void) | null} */ (null);
  const element = button("▶ Play", () => (stop ? stop() : start()), { class: "button small" });

  async function start() {
    const bytes = bytesOf(sound());
    const context = new window.AudioContext();
    const source = context.createBufferSource();
    source.buffer = await context.decodeAudioData(bytes.buffer);
    source.connect(context.destination);
    const begun = context.currentTime;
    stop = () => source.stop();
    source.onended = () => {
      stop = null;
      element.textContent = "▶ Play";
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
