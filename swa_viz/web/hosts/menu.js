// The menu of the server's pages: links to all lessons, and on a phone a button that shows them.
//
// A plain click changes the address and tells Streamlit so, as the browser's own Forward does: the
// visit goes on, and nothing is loaded anew.  (If the server changed the page, it would make two entries
// in the browser's history.)  The links are true links: a page can be opened in another tab.

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
 */

/** @param {MouseEvent} event */
const isPlain = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

// What a link takes along from page to page: the theme, which Streamlit reads in its own words.
const KEPT = ["theme", "embed_options"];

/** @param {string} address */
function withTheme(address) {
  const url = new URL(address, document.baseURI);
  for (const [name, word] of new URLSearchParams(window.location.search)) {
    if (KEPT.includes(name)) url.searchParams.append(name, word);
  }
  return url.href;
}

/** @param {string} address */
function open(address) {
  window.history.pushState({}, "", address);
  window.dispatchEvent(new window.PopStateEvent("popstate"));
}

/**
 * @param {Entry} entry
 * @param {boolean} isHere
 * @param {() => void} close
 */
function link({ label, address }, isHere, close) {
  const element = document.createElement("a");
  element.href = withTheme(address);
  element.textContent = label;
  if (isHere) element.setAttribute("aria-current", "page");
  element.addEventListener("click", (event) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    close();
    if (!isHere) open(element.href);
  });
  return element;
}

/**
 * Draw the menu, and close it: what was chosen is on the page now.
 * @param {Component} component
 */
export default function ({ parentElement, data }) {
  const button = /** @type {HTMLButtonElement} */ (parentElement.querySelector("button"));
  const nav = /** @type {HTMLElement} */ (parentElement.querySelector("nav"));
  /** @param {boolean} isOpen */
  const show = (isOpen) => button.setAttribute("aria-expanded", String(isOpen));
  nav.replaceChildren(...data.pages.map((entry) => link(entry, entry.name === data.here, () => show(false))));
  button.onclick = () => show(button.getAttribute("aria-expanded") !== "true");
  nav.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    show(false);
    button.focus();
  };
  show(false);
}
