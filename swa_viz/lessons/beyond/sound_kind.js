// Sound: what is said in each frame, as a window behind the frame and a window around it let a model know it.

/** @import { Kind } from "./kind.js" */
/** @import { Shown, SoundLab, Stored } from "./sound_words.js" */

import { segmented } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import { laterPart } from "../../web/later.js";
import { storedOf } from "./kind.js";
import * as picture from "./sound_picture.js";
import { playButton } from "./sound_play.js";
import * as resultCard from "./sound_result_card.js";
import { clipSentence, frameSentence, placeOf } from "./sound_words.js";

const PERSON =
  "The person's words were marked by hand. All models learned from synthetic voices only, so a person is harder.";

/**
 * What is to be shown.
 * @param {Stored} stored
 * @param {SoundLab["values"]} values
 * @returns {Shown}
 */
function shownFor(stored, { recording, frame, pickedFrame, window }) {
  const clip = stored.clips[recording];
  const at = placeOf(stored.radii, window);
  const last = clip.labels.length - 1;
  return { stored, name: recording, clip, frame: Math.min(pickedFrame ?? frame, last), window, at };
}

/**
 * Make the kind.
 * @param {SoundLab} lab
 * @returns {Kind}
 */
export function render(lab) {
  const stored = /** @type {Stored} */ (storedOf(lab, "sound"));
  const frame = card("What is said now?", "");
  const view = picture.render(frame.element.appendChild(h("div")), {
    onPoint: (pickedFrame) => lab.point({ pickedFrame }),
    onChoose: (chosen) => lab.commit({ frame: chosen, pickedFrame: null }),
  });
  const { knobs } = lab.data;
  const choice = segmented(knobs.recording, lab.values.recording, {
    onChange: (recording) => lab.commit({ recording, pickedFrame: null }),
  });
  const play = playButton({
    sound: async () => (await laterPart(lab.data, "sounds"))[lab.values.recording],
    tell: (seconds) =>
      lab.point({ pickedFrame: seconds === null ? null : Math.floor((1000 * seconds) / stored.how.frame_ms) }),
  });
  const named = card("Who knows it in time?", "");
  const result = resultCard.render(stored, lab.data);
  named.element.append(result.element);

  /** @type {Kind["update"]} */
  function update(/** @type {SoundLab["values"]} */ values) {
    const shown = shownFor(stored, values);
    choice.set(lab.values.recording);
    frame.sentence.textContent = `${clipSentence(shown)}${shown.name === "person" ? ` ${PERSON}` : ""}`;
    named.sentence.textContent = frameSentence(shown);
    view.update(shown, frame.sentence.textContent);
    result.update(shown);
    return {};
  }
  return { main: frame.element, beside: named.element, controls: [choice.element, play], update };
}
