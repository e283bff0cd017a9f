// The layers lab: how far information can travel through windows, and how much of it arrives.

/** @import { ReachFacts } from "../../reach.js" */
/** @import { InfluencePayload, Schedule } from "../../web/core/types.d.ts" */
/** @import { Stage } from "../../web/stage.js" */
/** @import { LayersLab, LayersValues } from "./controls.js" */

import { scheduleOf } from "../../patterns/schedule.js";
import { reachFacts } from "../../reach.js";
import * as exampleMenu from "../../web/example_menu.js";
import { mount } from "../../web/lab.js";
import { chosenModel } from "../../web/model_menu.js";
import * as play from "../../web/play.js";
import * as predict from "../../web/predict.js";
import { stage } from "../../web/stage.js";
import * as chartCard from "./chart_card.js";
import * as coneCard from "./cone_card.js";
import * as controls from "./controls.js";
import * as questions from "./questions.js";
import * as staircaseCard from "./staircase_card.js";
import * as whyCard from "./why_card.js";
import { noticeOf } from "../../wording/whole_words.js";

/**
 * The last answer that there was, and the text that it answers.
 * @typedef {object} Last
 * @property {readonly string[]} tokens
 * @property {string | null} text
 * @property {string} [notice] - What was left out of the text.
 * @property {string} [empty] - Why there are no tokens.
 * @property {InfluencePayload["shares"]} [shares]
 */

/**
 * What is on screen.
 * @typedef {object} Scene
 * @property {LayersValues} values
 * @property {readonly string[]} tokens
 * @property {Schedule} schedule - The layers that count.
 * @property {number} query
 * @property {number | null} locked - The same if the link or a click holds it.
 * @property {ReachFacts} facts
 * @property {InfluencePayload["shares"] | null} shares - Null while they are on their way.
 */

/** @typedef {ReturnType<typeof open>} View */

/**
 * Mount the lab in an element, or hand it new data.
 * @type {typeof globalThis.render}
 */
export function render(element, data, callbacks) {
  mount(element, data, callbacks, build);
}

/** @param {LayersLab} lab */
function build(lab) {
  const view = open(lab);
  const ground = onStage(view);
  return {
    element: ground.element,
    paint: (/** @type {LayersValues} */ values) => paint(view, ground, values),
    needs: (/** @type {LayersValues} */ values) => needs(view, values),
  };
}

/** @param {LayersLab} lab */
function open(lab) {
  const panel = controls.render(lab);
  return {
    lab,
    play: play.render(lab, (token) => numbersOf(lab, token)),
    panel,
    examples: exampleMenu.render(lab, panel.text),
    cone: coneCard.render(lab, {
      onPick: (position) => pick(lab, position),
      onLock: (position) => lock(lab, position),
    }),
    chart: chartCard.render(lab),
    large: staircaseCard.render(lab),
    why: whyCard.render(lab),
    predict: predict.render(lab, questions.KINDS),
    last: /** @type {Last} */ ({ tokens: [], text: null }),
  };
}

/** @param {View} view */
function onStage({ lab, play, panel, examples, cone, chart, large, why, predict: asked }) {
  return stage({
    embedded: lab.data.embedded,
    above: examples.element,
    play,
    bar: panel.bar,
    more: panel.more,
    unfolded: panel.isMoved,
    model: chosenModel(lab),
    main: [cone.element, chart.element],
    badge: lab.badge,
    share: lab.share,
    details: [asked.element, large.element, why.element],
  });
}

/**
 * Ask what reaches a token; where no numbers can come, nobody waits for them.
 * @param {LayersLab} lab
 * @param {number} token - Counted from 1.
 */
async function numbersOf({ engine, requests, values }, token) {
  if (!engine.absence()) await engine.ask(requests({ ...values, token }));
}

/**
 * @param {LayersLab} lab
 * @param {number | null} position
 */
function pick(lab, position) {
  if (!lab.data.knobs.token.fixed) lab.point({ picked: position });
}

/**
 * @param {LayersLab} lab
 * @param {number | null} position
 */
function lock(lab, position) {
  if (lab.data.knobs.token.fixed) return;
  lab.commit({ picked: position ?? lab.values.picked, token: position === null ? 0 : position + 1 });
}

/**
 * The token that the link or a click holds, if the text is that long.
 * @param {View} view
 * @param {LayersValues} values
 */
function lockedIn({ last }, { token, text }) {
  const fits = last.text !== text || token <= last.tokens.length;
  return token > 0 && fits ? token - 1 : null;
}

/**
 * @param {View} view
 * @param {LayersValues} values
 */
function needs(view, values) {
  return view.lab.requests({ ...values, token: (lockedIn(view, values) ?? -1) + 1 });
}

/**
 * @param {View} view
 * @param {Stage} ground
 * @param {LayersValues} values
 */
function paint(view, ground, values) {
  const { lab, panel, cone, chart, large } = view;
  large.paint(lab.values);
  view.examples.update(lab.values.text);
  const token = lockedIn(view, values) ?? values.picked ?? Infinity;
  const answer = adopt(view, values);
  const { last } = view;
  const waiting = last.text !== values.text;
  const seqLen = last.tokens.length;
  panel.update(waiting ? 0 : seqLen);
  panel.text.say(waiting ? "" : noticeOf(last.notice ?? "", last.tokens));
  ground.set({ empty: seqLen ? "" : (answer?.empty ?? lab.waiting()), stale: waiting });
  if (!seqLen) return;
  const scene = sceneOf(view, values, Math.min(token, seqLen - 1), answer);
  view.play.update({ ...scene, seqLen });
  cone.update(scene);
  chart.update(scene);
  view.predict.update(questions.sceneOf(scene, waiting));
}

/**
 * @param {View} view
 * @param {LayersValues} values
 * @param {number} query
 * @param {Last | null} answer
 * @returns {Scene}
 */
function sceneOf(view, values, query, answer) {
  const { tokens } = view.last;
  const schedule = scheduleOf(values, values.layers);
  const facts = reachFacts(schedule, query, tokens.length);
  return { values, tokens, schedule, query, locked: lockedIn(view, values), facts, shares: answer?.shares ?? null };
}

/**
 * Take the answer to these values if it is here.
 * @param {View} view
 * @param {LayersValues} values
 * @returns {Last | null}
 */
function adopt(view, values) {
  const [answer] = needs(view, values).map(view.lab.engine.peek);
  if (!answer) return null;
  view.last = { ...answer, text: values.text };
  return view.last;
}
