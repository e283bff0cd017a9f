// How a page without a server mounts its lab: the last lines of its bundle; `render` is the lab's
// own.  The page says in #lab-data what the server would, and the address says where the knobs are.

import { follow, valuesFrom } from "../knobs.js";
import { onOtherLink, query, write } from "./address.js";

// A page that only holds recorded answers offers some of its knobs; a link moves no others.
function movable({ knobs, offered }) {
  return Object.fromEntries(Object.entries(knobs).filter(([name]) => !offered || offered.includes(name)));
}

const page = JSON.parse(document.getElementById("lab-data").textContent);
const knobs = movable(page);
const values = { ...page.values, ...valuesFrom(knobs, query()) };
const embedded = query().get("embed") === "true";
onOtherLink(() => window.location.reload());
write(follow(knobs, values, query()));
render(
  document.querySelector(".lab-host"),
  { ...page, values, embedded },
  {
    send: (message) => write(follow(knobs, message.knobs, query())),
  },
);
