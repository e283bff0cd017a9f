// How a page without a server mounts its lab: the last lines of its bundle; `render` is the lab's
// own.  The page says in #lab-data what the server would, and the address says where the knobs are.

/** @import { LabData } from "../core/types.d.ts" */

import { follow, valuesFrom, withChanges } from "../knobs.js";
import { wishesIn } from "../wishes.js";
import { onOtherLink, query, write } from "./address.js";
import { sayDrawn } from "./drawn.js";

/**
 * What a link moves: a page is about one model, and one that only holds recorded answers offers some of its
 * knobs.
 * @param {LabData} data
 */
function movable({ knobs, offered }) {
  const names = (offered ?? Object.keys(knobs)).filter((name) => name !== "model");
  return Object.fromEntries(Object.entries(knobs).filter(([name]) => names.includes(name)));
}

/**
 * The page about the model that the link names, if that is another page than this.
 * @param {LabData} page
 * @returns {string | null}
 */
function otherPage({ values, model_pages: pages }) {
  const named = query().get("model");
  const isOther = named !== null && named !== values.model && Object.hasOwn(pages, named);
  return isOther ? `${pages[named]}?${query()}` : null;
}

/**
 * @param {HTMLElement} element
 * @param {LabData} page
 */
function mount(element, page) {
  const elsewhere = otherPage(page);
  if (elsewhere) return window.location.replace(elsewhere);
  const knobs = movable(page);
  const values = { ...page.values, ...valuesFrom(knobs, query()) };
  const embedded = ["true", "1"].includes(query().get("embed") ?? "");
  onOtherLink(() => window.location.reload());
  const data = { ...page, knobs: { ...page.knobs, ...withChanges(knobs, query()) }, values, embedded };
  write(follow(knobs, values, query()));
  render(element, data, {
    send: (message) => write(follow(knobs, message.knobs, query())),
    wishes: wishesIn(query()),
  });
  sayDrawn(element);
}

const host = /** @type {HTMLElement} */ (document.querySelector(".lab-host"));
mount(host, JSON.parse(String(document.getElementById("lab-data")?.textContent)));
