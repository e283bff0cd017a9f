// The menu of the server's pages: links to all lessons, and on a phone a button that shows them.
//
// A plain click asks the server for the page, so that the visit goes on and nothing is loaded anew.
// The links have true addresses all the same: a page can be opened in another tab.

/**
 * A page in the menu.
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} label
 * @property {string} address
 */

/**
 * What Streamlit hands to the menu.
 * @typedef {object} Component
 * @property {HTMLElement | ShadowRoot} parentElement
 * @property {{pages: readonly Entry[], here: string}} data
 * @property {(name: "page", page: string) => void} setTriggerValue - Sends it to the server.
 */

/** @param {MouseEvent} event */
const isPlain = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

/**
 * @param {Entry} entry
 * @param {boolean} isHere
 * @param {() => void} open
 */
function link({ label, address }, isHere, open) {
  const element = document.createElement("a");
  element.href = address;
  element.textContent = label;
  if (isHere) element.setAttribute("aria-current", "page");
  element.addEventListener("click", (event) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    open();
  });
  return element;
}

/**
 * Draw the menu, and close it: what was chosen is on the page now.
 * @param {Component} component
 */
export default function ({ parentElement, data, setTriggerValue }) {
  const button = /** @type {HTMLButtonElement} */ (parentElement.querySelector("button"));
  const nav = /** @type {HTMLElement} */ (parentElement.querySelector("nav"));
  /** @param {boolean} isOpen */
  const show = (isOpen) => button.setAttribute("aria-expanded", String(isOpen));
  const links = data.pages.map((entry) => {
    const isHere = entry.name === data.here;
    return link(entry, isHere, () => {
      show(false);
      if (!isHere) setTriggerValue("page", entry.name);
    });
  });
  nav.replaceChildren(...links);
  button.onclick = () => show(button.getAttribute("aria-expanded") !== "true");
  nav.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    show(false);
    button.focus();
  };
  show(false);
}
