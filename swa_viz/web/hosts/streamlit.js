// How a Streamlit component mounts a lab: the last lines of its bundle; `render` is the lab's own.
//
// The address is written here and not by the server, because each change that a server makes to it
// becomes an entry in the browser's history.

/** @import { LabData, Value } from "../core/types.d.ts" */
/** @import { Message } from "./render.d.ts" */

import { follow, withChanges } from "../knobs.js";
import { wishesIn } from "../wishes.js";
import { query, write } from "./address.js";
import { sayDrawn } from "./drawn.js";

/**
 * What Streamlit hands to a component.
 * @typedef {object} Component
 * @property {HTMLElement | ShadowRoot} parentElement
 * @property {LabData} data
 * @property {(name: "message", message: Message) => void} setStateValue - Sends it to the server.
 */

/**
 * The path of the page on which each lab was mounted.
 * @type {WeakMap<HTMLElement, string>}
 */
const mounted = new WeakMap();

/**
 * Mount the lab, or hand it new data.
 * @param {Component} component
 */
export default function ({ parentElement, data, setStateValue }) {
  const element = /** @type {HTMLElement} */ (parentElement.querySelector(".lab-host"));
  const isNew = !mounted.has(element);
  if (isNew) mounted.set(element, window.location.pathname);
  // After Back the lab stands until the other page has come.  What it says then is no longer asked for:
  // it would go into the other page's address, and make Streamlit draw a part of a page that is gone.
  const isHere = () => element.isConnected && mounted.get(element) === window.location.pathname;
  /** @param {Readonly<Record<string, Value>>} values */
  const keep = (values) => write(follow(data.knobs, values, query()));
  const knobs = withChanges(data.knobs, query());
  if (isNew && isHere()) keep(data.values);
  render(
    element,
    { ...data, knobs },
    {
      send: (message) => {
        if (!isHere()) return;
        keep(message.knobs);
        setStateValue("message", message);
        window.dispatchEvent(new window.Event("swa-viz:sent")); // for before_streamlit.js
      },
      wishes: wishesIn(query()),
    },
  );
  if (isNew) sayDrawn(/** @type {ShadowRoot} */ (element.getRootNode()).host);
}
