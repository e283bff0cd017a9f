// Pictures: what a place reads in a square window, and what it can hear of through layers.

/** @import { ChoiceKnob, NumberKnob, Pattern } from "../../web/core/types.d.ts" */
/** @import { Lab } from "../../web/lab.js" */
/** @import { Layers } from "./image_fields.js" */
/** @import { Example, Photograph, Picture } from "./image_pictures.js" */
/** @import { Reader } from "./image_reader_words.js" */
/** @import { Times } from "./image_times_card.js" */
/** @import { Kind, SharedKnobs } from "./kind.js" */

import { segmented } from "../../web/core/controls.js";
import { card, h } from "../../web/core/dom.js";
import { knobPlay } from "../../web/knob_play.js";
import { numberKnob } from "../../web/number_knob.js";
import { keysOf } from "../../web/views/keys.js";
import * as pictureField from "../../web/views/picture_field.js";
import { range } from "../../web/questions/question.js";
import { counted, howMany } from "../../wording/numbers.js";
import { attentionField, convolutionField, scheduleOf } from "./image_fields.js";
import { digitPicture, photographPicture } from "./image_pictures.js";
import { matrixCard } from "./image_matrix_card.js";
import * as resultCard from "./image_result_card.js";
import { storedOf } from "./kind.js";

const STEP_MS = 900;

/**
 * @typedef {Record<"picture" | "layout", ChoiceKnob> & Record<"around" | "depth" | "spot" | "digit", NumberKnob>} Knobs
 *
 * The lab, with the place under the pointer, and the pixels that a visitor has drawn: no knobs, so they never
 * enter the link.
 * @typedef {Lab<SharedKnobs & Knobs, {pointedSpot?: number | null, greys?: readonly number[] | null}>} ImageLab
 *
 * What was measured of pictures, and the photographs.
 * @typedef {object} Stored
 * @property {Record<string, number>} facts
 * @property {readonly Reader[]} readers
 * @property {readonly string[]} shown - The readers that come with the page.
 * @property {readonly Example[]} examples
 * @property {Record<string, Photograph>} photographs
 * @property {Times} times - Of attention on larger grids.
 *
 * @typedef {ReturnType<typeof shownFor>} Shown
 */

const LEGEND = {
  query: "the chosen place",
  first: "read in one layer",
  deeper: "reached through more layers; paler: deeper",
  zeros: "beyond the picture: a convolution reads zeros",
};

/**
 * Pictures by what they show, each painted once; of digits only the last one is kept.
 * @param {Stored} stored
 */
function picturesOf({ examples, photographs }) {
  /** @type {Map<string, Picture>} */
  const made = new Map();
  let drawn = { greys: /** @type {readonly number[]} */ ([]), picture: /** @type {Picture | null} */ (null) };

  /** @param {string} name */
  function photograph(name) {
    const found = made.get(name) ?? photographPicture(photographs[name]);
    made.set(name, found);
    return found;
  }
  /**
   * @param {readonly number[]} greys
   * @param {string} of
   */
  function digit(greys, of) {
    const picture = greys === drawn.greys && drawn.picture ? drawn.picture : digitPicture(greys, of);
    drawn = { greys, picture };
    return picture;
  }
  /** @param {ImageLab["values"]} values */
  return ({ picture, digit: number, greys }) => {
    if (picture !== "digit") return photograph(picture);
    const example = examples[number - 1];
    return greys ? digit(greys, "a digit of your own") : digit(example.greys, `a handwritten ${example.label}`);
  };
}

/**
 * What is to be on screen.
 * @param {Picture} picture
 * @param {ImageLab["values"]} values
 * @param {Pattern[]} schedule
 */
function shownFor(picture, values, schedule) {
  const nPlaces = picture.height * picture.width;
  const asked = values.pointedSpot ?? values.spot - 1;
  // Where nobody chose: at the upper border, so that one sees the square moved inside.
  const place = asked >= 0 && asked < nPlaces ? asked : Math.floor(picture.width / 3);
  const layers = /** @type {Layers} */ (values);
  const attention = attentionField(schedule, picture, place);
  const convolution = convolutionField(layers, picture, place);
  return { picture, place, nPlaces, layers, schedule, attention, convolution };
}

/** @param {Shown} shown */
const whereText = ({ picture: { width, what }, place }) =>
  `The ${what} in row ${Math.floor(place / width) + 1}, column ${(place % width) + 1}`;

/** @param {Shown} shown */
const lastOf = ({ layers: { depth } }) => (depth === 1 ? "" : ` Through ${counted(depth, "layer")} it can hear of`);

/**
 * @param {Shown} shown
 * @param {number} count
 */
const placesText = ({ picture: { what, many } }, count) => `${count} ${count === 1 ? what : many}`;

/** @param {Shown} shown */
function attentionText(shown) {
  const {
    attention: { counts },
    nPlaces,
  } = shown;
  const deep = lastOf(shown) && `${lastOf(shown)} ${counts[counts.length - 1]} of ${nPlaces}.`;
  return `${whereText(shown)} reads ${placesText(shown, counts[0])} in one layer.${deep}`;
}

/** @param {Shown} shown */
function convolutionText(shown) {
  const {
    convolution: { counts, zeros },
    layers: { around },
    nPlaces,
  } = shown;
  const size = 2 * around + 1;
  const lost = zeros ? ` and ${counted(zeros, "zero")} beyond the border` : "";
  const deep = lastOf(shown) && `${lastOf(shown)} ${counts[counts.length - 1]} of ${nPlaces}.`;
  return `A kernel of ${size} × ${size} reads ${placesText(shown, counts[0])}${lost}.${deep}`;
}

/**
 * The card with both pictures.
 * @param {ImageLab} lab
 */
function fieldCard(lab) {
  const frame = card("What does one place read?", "");
  const callbacks = {
    onPoint: (/** @type {number | null} */ place) => lab.point({ pointedSpot: place }),
    onChoose: (/** @type {number} */ place) => lab.commit({ spot: place + 1, pointedSpot: null }),
  };
  const [first, second] = ["Attention in windows", "Convolution"].map((title) => {
    const room = h("div");
    const said = h("p", { class: "lead" });
    return { title, room, said, element: h("section", { class: "field" }, h("h3", {}, title), room, said) };
  });
  const attention = pictureField.render(first.room, "field-attention", callbacks);
  const convolution = pictureField.render(second.room, "field-convolution", callbacks);
  const legend = keysOf(LEGEND);
  frame.element.append(h("div", { class: "fields" }, first.element, second.element), legend.element);

  /** @param {Shown} shown */
  function update(shown) {
    const { picture, place, layers } = shown;
    const common = { ...picture, picked: place };
    const how = `Point at a ${picture.what}, or move with the arrow keys.`;
    frame.sentence.textContent = `The picture shows ${picture.of}. ${how}`;
    first.said.textContent = attentionText(shown);
    second.said.textContent = convolutionText(shown);
    attention.update({
      ...{ ...common, padded: false, depths: shown.attention.depths },
      label: `${first.title}: ${attentionText(shown)}`,
    });
    convolution.update({
      ...{ ...common, padded: true, depths: shown.convolution.depths },
      label: `${second.title}: ${convolutionText(shown)}`,
    });
    legend.say("deeper", layers.depth > 1 ? LEGEND.deeper : "");
  }
  return { element: frame.element, update };
}

/**
 * Its own controls.
 * @param {ImageLab} lab
 */
function controlsOf(lab) {
  const { knobs } = lab.data;
  /** @param {"picture" | "layout"} name */
  const choice = (name) =>
    segmented(knobs[name], lab.values[name], { onChange: (word) => lab.commit({ [name]: word, pointedSpot: null }) });
  const [picture, layout] = [choice("picture"), choice("layout")];
  const around = numberKnob(lab, "around", (r) => `${2 * r + 1} × ${2 * r + 1}`);
  const depth = numberKnob(lab, "depth", (layers) => howMany(layers, "layer"));
  const depths = range(knobs.depth.at_least, Number(knobs.depth.at_most) + 1);
  const play = knobPlay(lab, { knob: "depth", values: depths, label: "Play depth", stepMs: STEP_MS });
  const element = [picture.element, layout.element, around.element, depth.element, play];
  /** @param {ImageLab["values"]} values */
  function update(values) {
    picture.set(values.picture);
    layout.set(values.layout);
    around.set(values.around);
    depth.set(values.depth);
  }
  return { element, update };
}

/**
 * Make the kind.
 * @param {ImageLab} lab
 * @returns {Kind}
 */
export function render(lab) {
  const stored = /** @type {Stored} */ (storedOf(lab, "image"));
  const pictureNow = picturesOf(stored);
  const controls = controlsOf(lab);
  const [fields, band, result] = [fieldCard(lab), matrixCard(lab), resultCard.render(lab, stored)];
  let known = { key: "", schedule: /** @type {Pattern[]} */ ([]) };

  /** @type {Kind["update"]} */
  function update(/** @type {ImageLab["values"]} */ values) {
    const picture = pictureNow(values);
    const { layout, around, depth } = values;
    const key = [picture.height, picture.width, layout, around, depth].join();
    if (key !== known.key) known = { key, schedule: scheduleOf(picture, { layout, around, depth }) };
    const shown = shownFor(picture, values, known.schedule);
    controls.update(values);
    fields.update(shown);
    band.update(shown);
    result.update(values);
    return {};
  }
  return {
    main: fields.element,
    beside: result.element,
    below: [...result.below, band.element],
    controls: controls.element,
    ownWindow: true,
    update,
  };
}
