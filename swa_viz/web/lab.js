// What all labs share: the values of the knobs, the engine, the link, and one update per frame.
//
// A lab keeps two sets of values: where the hand is, and what is shown.  If the model keeps up with
// the hand, the picture moves on when its numbers have come, so that it is always whole; if not, it
// moves at once, and says that its numbers follow.

import * as badge from "./views/badge.js";
import { copyButton } from "./core/controls.js";
import { h } from "./core/dom.js";
import { openEngine } from "./engine/engine.js";
import { requestKey } from "../answers/request.js";
import { requestsFor } from "../answers/request_plan.js";
import { followTheme } from "./core/theme.js";

const RESTING_MS = 160;
const built = new WeakMap();

// A page that only holds recorded answers offers some of its knobs: the others are fixed.
function withFixed(data) {
  if (!data.offered) return data;
  const knobs = Object.entries(data.knobs).map(([name, knob]) => [
    name,
    { ...knob, fixed: !data.offered.includes(name) },
  ]);
  return { ...data, knobs: Object.fromEntries(knobs) };
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Build the lab once per element, then only hand it new data.  `build(lab)` returns
// {element, paint(values), needs(values)}: what is drawn, and which requests that takes; without
// `needs` those of the lesson's plans.
export function mount(element, data, callbacks, build) {
  const known = built.get(element);
  if (known) return known.receive(data);

  const engine = openEngine(data, () => lab.repaint());
  const root = h("div", { class: "lab" });
  const lab = { data: withFixed(data), values: { ...data.values }, engine, root };
  // Each lab finds a place for this: which engine computed what is shown.
  const says = badge.render(lab);
  lab.badge = says.element;
  let shown = { ...lab.values };
  let settled = true;
  let moved = false;
  let withHand = false;
  let awaited = 0;
  let latest = null;
  let pending = "";
  let scheduled = false;
  let stale = true;
  let timer = 0;
  let view = null;

  const lacking = (values) => view.needs(values).filter((request) => !engine.peek(request));

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      adopt();
      if (stale) paint();
      report();
    });
  }

  function paint() {
    stale = false;
    view.paint(shown);
    const answers = view.needs(shown).map(engine.peek).filter(Boolean);
    says.update(answers);
    if (answers.length || !engine.server) setTimeout(engine.start);
  }

  // Show what the hand has set: together with its numbers if they come quickly, else at once.
  function adopt() {
    const wanted = { ...lab.values };
    const requests = lacking(wanted);
    if (awaited && (awaited >= engine.atOnce(requests) || same(wanted, latest))) return;
    if (requests.length && withHand && engine.quick(requests)) {
      awaited++;
      latest = wanted;
      engine.ask(requests).then(() => show(wanted));
      return;
    }
    if (awaited) return;
    askFor(requests);
    stale ||= !same(wanted, shown);
    shown = wanted;
  }

  // The numbers have come: show them, and go on with what the hand has set since.
  function show(values) {
    awaited--;
    if (!lacking(values).length) {
      shown = values;
      stale = true;
    }
    adopt();
    schedule();
  }

  // What is missing is asked for once.  An engine on a server waits until the hand lets go, and until
  // a pointer rests.
  function askFor(requests) {
    const key = requests.map(requestKey).join();
    if (key === pending) return;
    clearTimeout(timer);
    if (!requests.length || !lab.mayRun()) return;
    const ask = () => {
      pending = key;
      engine.ask(requests).then(() => {
        if (pending === key) pending = "";
        lab.repaint();
      });
    };
    if (withHand || engine.live) ask();
    else timer = setTimeout(ask, RESTING_MS);
  }

  // What the host should hear of this frame, in one message: where the knobs stand now that the
  // hand let go, and what is waiting for an answer.
  function report() {
    if (!engine.hasNews() && !moved) return;
    moved = false;
    callbacks.send({ knobs: knobValues(lab), requests: engine.unanswered() });
  }

  lab.repaint = () => {
    stale = true;
    schedule();
  };
  // May the engine be asked now?
  lab.mayRun = () => settled || engine.live;
  // Has the hand let go?  What moves under it must wait.
  lab.isSettled = () => settled;
  // What the lesson's plans ask of the model for these values.
  lab.requests = (values) => requestsFor(lab.data.requests, values, lab.data.model);
  // What to say while numbers are missing.
  lab.waiting = () => {
    if (!engine.server && !engine.browser) return "not in this file";
    if (!engine.server && !engine.live) return "the model is loading…";
    return lab.mayRun() ? "computing…" : "weights follow when you let go";
  };
  // A value that moves with the hand: shown, but the URL stays.
  lab.set = (changes) => {
    Object.assign(lab.values, changes);
    withHand = true;
    settled = false;
    schedule();
  };
  // A value that the hand let go of: shown, and the URL follows.
  lab.commit = (changes) => {
    lab.set(changes);
    settled = moved = true;
  };
  // A value that only follows the pointer: it has no place in the URL, and is shown at once.
  lab.point = (changes) => {
    Object.assign(lab.values, changes);
    withHand = false;
    schedule();
  };

  engine.receive(data.answers ?? []);
  view = { needs: lab.requests, ...build(lab) };
  root.append(view.element);
  element.replaceChildren(root);
  followTheme(root, lab.repaint);
  lab.repaint();
  built.set(element, {
    receive(next) {
      lab.data = withFixed(next);
      engine.receive(next.answers ?? []);
      lab.repaint();
    },
  });
}

function knobValues(lab) {
  return Object.fromEntries(Object.keys(lab.data.knobs).map((name) => [name, lab.values[name]]));
}

// The address of this view, with the visitor's text in it.
function linkTo(lab) {
  const address = new URL(window.location.href);
  address.hash = "";
  for (const [name, knob] of Object.entries(lab.data.knobs)) {
    const value = lab.values[name];
    if (value === undefined || value === knob.default) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  return address.href;
}

export const linkButton = (lab) => copyButton("Copy link to this view", () => linkTo(lab));
