// How a Streamlit component mounts a lab: the last lines of its bundle; `render` is the lab's own.
//
// The address is written here and not by the server, because each change that a server makes to it
// becomes an entry in the browser's history.

import { follow } from "../knobs.js";
import { query, write } from "./address.js";

const mounted = new WeakSet();

export default function ({ parentElement, data, setStateValue }) {
  const element = parentElement.querySelector(".lab-host");
  const keep = (values) => element.isConnected && write(follow(data.knobs, values, query()));
  if (!mounted.has(element)) keep(data.values);
  mounted.add(element);
  const send = (message) => {
    keep(message.knobs);
    setStateValue("message", message);
  };
  render(element, data, { send });
}
