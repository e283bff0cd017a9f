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

const mounted = new WeakSet();

/**
 * Mount the lab, or hand it new data.
 * @param {Component} component
 */
export default function ({ parentElement, data, setStateValue }) {
  const element = /** @type {HTMLElement} */ (parentElement.querySelector(".lab-host"));
  /** @param {Readonly<Record<string, Value>>} values */
  const keep = (values) => {
    if (element.isConnected) write(follow(data.knobs, values, query()));
  };
  const isNew = !mounted.has(element);
  mounted.add(element);
  const knobs = withChanges(data.knobs, query());
  if (isNew) keep(data.values);
  render(
    element,
    { ...data, knobs },
    {
      send: (message) => {
        keep(message.knobs);
        setStateValue("message", message);
      },
      wishes: wishesIn(query()),
    },
  );
  if (isNew) sayDrawn(/** @type {ShadowRoot} */ (element.getRootNode()).host);
}
