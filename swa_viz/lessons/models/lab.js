// The models lab: two real models side by side, and all of them in a table and on a map.

/** @import { ModelsLab, ModelsValues } from "./controls.js" */
/** @import { Stage } from "../../web/stage.js" */

import { mount } from "../../web/lab.js";
import { stage } from "../../web/stage.js";
import * as answersCard from "./answers_card.js";
import * as chartCard from "./chart_card.js";
import * as configCard from "./config_card.js";
import * as comparedCard from "./compared_card.js";
import * as controls from "./controls.js";
import * as fitsCard from "./fits_card.js";
import * as linesCard from "./lines_card.js";
import * as mapCard from "./map_card.js";
import { shownFor } from "./shown.js";
import * as tableCard from "./table_card.js";
import * as whichCard from "./which_card.js";

/** @typedef {ReturnType<typeof open>} View */

/**
 * Mount the lab in an element, or hand it new data.
 * @type {typeof globalThis.render}
 */
export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}

/** @param {ModelsLab} lab */
function build(lab) {
  const view = open(lab);
  const { panel, compared, chart, config, which, lines, answers, fits, map, table } = view;
  const ground = stage({
    embedded: lab.data.embedded,
    bar: panel.bar,
    main: compared.elements,
    beside: chart.element,
    share: lab.share,
    details: [config.element, which.element, lines.element, table.element, map.element, answers.element, fits.element],
  });
  return {
    element: ground.element,
    paint: (/** @type {ModelsValues} */ values) => paint(view, ground, values),
  };
}

/** @param {ModelsLab} lab */
function open(lab) {
  return {
    lab,
    panel: controls.render(lab),
    compared: comparedCard.render(),
    chart: chartCard.render(lab),
    config: configCard.render(lab),
    which: whichCard.render(lab),
    lines: linesCard.render(lab),
    answers: answersCard.render(lab),
    fits: fitsCard.render(lab),
    map: mapCard.render(lab),
    table: tableCard.render(lab),
  };
}

/**
 * @param {View} view
 * @param {Stage} ground
 * @param {ModelsValues} values
 */
function paint(view, ground, values) {
  const { lab, panel, compared, chart, which, lines, answers, fits, map, table } = view;
  const shown = shownFor(lab, values);
  panel.update(lab.values);
  ground.set({ empty: "", stale: false });
  compared.update(shown);
  chart.update(shown);
  which.update(shown, values);
  lines.update(shown);
  answers.update(shown);
  fits.update(shown, values);
  map.update(shown);
  table.update(shown, values);
}
