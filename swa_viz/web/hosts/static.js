// How a page without a server mounts its lab: the last lines of its bundle; `render` is the lab's
// own.  The page says in #lab-data what the server would, and the address says where the knobs are.

import { follow, valuesFrom } from "../../lessons/knobs.js";

// Some places allow no change of a page's address but behind its "#": a frame that is a sandbox, a
// blob.  There the whole query stands behind this sign, and what stands before it no longer counts.
const BEHIND = "#?";

const address = () => window.location.href.split("#")[0];

function query() {
  const { hash, search } = window.location;
  return new URLSearchParams(hash.startsWith(BEHIND) ? hash.slice(BEHIND.length) : search);
}

let written = window.location.hash;

function writeBehind(next) {
  written = BEHIND + next;
  if (written !== window.location.hash) window.location.replace(address() + written);
}

function write(next) {
  if (String(next) === String(query())) return;
  if (window.location.hash.startsWith(BEHIND)) return writeBehind(next);
  const search = String(next) && `?${next}`;
  try {
    window.history.replaceState(null, "", address().split("?")[0] + search + window.location.hash);
  } catch {
    writeBehind(next);
  }
}

// Somebody put another link to this very page into the address bar.
window.addEventListener("hashchange", () => {
  if (window.location.hash !== written) window.location.reload();
});

// A page that only holds recorded answers offers some of its knobs; a link moves no others.
function movable({ knobs, offered }) {
  return Object.fromEntries(Object.entries(knobs).filter(([name]) => !offered || offered.includes(name)));
}

const page = JSON.parse(document.getElementById("lab-data").textContent);
const knobs = movable(page);
const begin = Object.fromEntries(Object.entries(page.knobs).map(([name, knob]) => [name, knob.default]));
const values = { ...begin, ...valuesFrom(knobs, query()) };
const embedded = query().get("embed") === "true";
write(follow(knobs, values, query()));
render(
  document.querySelector(".lab-host"),
  { ...page, values, embedded },
  {
    send: (message) => write(follow(knobs, message.knobs, query())),
  },
);
