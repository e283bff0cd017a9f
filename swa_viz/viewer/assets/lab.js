// What all labs share: the values of the knobs, the engine, the link, and one update per frame.

import { copyButton } from "./controls.js";
import { h } from "./dom.js";
import { followTheme } from "./theme.js";

const built = new WeakMap();

// Build the lab once per element, then only hand it new data.  `build(lab)` returns
// {element, paint}; `paint` draws everything from lab.values and the engine.
export function mount(element, data, callbacks, makeEngine, build) {
  const known = built.get(element);
  if (known) return known.receive(data);

  const engine = makeEngine(() => lab.repaint());
  const root = h("div", { class: "lab" });
  const lab = { data, values: { ...data.values }, engine, root };
  let settled = true;
  let moved = false;
  let scheduled = false;
  let view = null;

  lab.repaint = () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      view.paint();
      report();
    });
  };
  // What the host should hear of this frame, in one message: where the knobs stand now that the
  // hand let go, and what is waiting for an answer.
  function report() {
    if (!engine.hasNews() && !moved) return;
    moved = false;
    callbacks.send({ knobs: knobValues(lab), requests: engine.unanswered() });
  }
  // May the engine be asked now?  One on a server waits until the hand lets go.
  lab.mayRun = () => settled || engine.live;
  // What to say while numbers are missing.
  lab.waiting = () => (lab.mayRun() ? "computing…" : "weights follow when you let go");
  // A value that moves with the hand: redraw, but leave the URL alone.
  lab.set = (changes) => {
    Object.assign(lab.values, changes);
    settled = false;
    lab.repaint();
  };
  // A value that the hand let go of: redraw, and the URL follows.
  lab.commit = (changes) => {
    lab.set(changes);
    settled = moved = true;
  };

  engine.receive(data.answers ?? []);
  view = build(lab);
  root.append(view.element);
  element.replaceChildren(root);
  followTheme(root, lab.repaint);
  lab.repaint();
  built.set(element, {
    receive(next) {
      lab.data = next;
      engine.receive(next.answers ?? []);
      lab.repaint();
    },
  });
}

function knobValues(lab) {
  return Object.fromEntries(Object.keys(lab.data.knobs).map((name) => [name, lab.values[name]]));
}

// The address of this view, with the visitor's text in it.
export function linkTo(lab) {
  const address = new URL(window.location.href);
  for (const [name, knob] of Object.entries(lab.data.knobs)) {
    const value = lab.values[name];
    if (value === undefined || value === knob.default) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  return address.href;
}

export const linkButton = (lab) => copyButton("Copy link to this view", () => linkTo(lab));
