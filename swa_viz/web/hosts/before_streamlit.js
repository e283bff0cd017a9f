// What must be on the page before Streamlit's own scripts: asgi.py puts it into the head of the document.

// A lab's message leaves in a task of its own, because Streamlit collects them.  If Back came in between,
// the page would change first, and the message would bring the old page's parts into the new one, which
// Streamlit cannot draw.  So Back waits until the message has left.
let isOnItsWay = false;
window.addEventListener("swa-viz:sent", () => {
  isOnItsWay = true;
  setTimeout(() => (isOnItsWay = false));
});
window.addEventListener("popstate", (event) => {
  if (!isOnItsWay) return;
  event.stopImmediatePropagation();
  setTimeout(() => window.dispatchEvent(new window.PopStateEvent("popstate", { state: event.state })));
});

// In a frame that is a sandbox without an origin no script of Streamlit's may run, and the page would stay
// blank.
if (window.origin === "null") {
  document.addEventListener("DOMContentLoaded", () => {
    const address = window.location.href.replace(/[?#].*/, "");
    const link = document.createElement("a");
    const words = document.createElement("p");
    Object.assign(link, { href: address, target: "_blank", rel: "noopener", textContent: address });
    words.append(
      "This frame is a sandbox without an origin, in which pages of this server cannot run. Whoever made it " +
        "can add allow-same-origin to its sandbox. The page itself is here: ",
      link,
    );
    words.style.cssText = "margin: 16px; font: 16px/1.5 system-ui, sans-serif; color: #1b222d";
    document.body.style.background = "#ffffff";
    document.body.replaceChildren(words);
  });
}
