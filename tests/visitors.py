"""Visitors of the lab, one after the other in the same few pages.

A page that has shown the lab before shows it again for half the work, because its browser has kept
the scripts.  All else that a visitor leaves behind is wiped: `test_visitors.py` looks for it.

Most of them save data, so that their browser loads no model, which is more work than all the rest
of a visit; the server computes for them.  Who comes `live` has the model in the browser.  To open
it is most of such a visit, so those who share pages share the opened model too: a keeper, in the
page from which theirs was opened, holds its worker.  How a model is loaded and opened is looked at
by visitors of their own, in test_live_browser.py, test_never_stuck.py and test_first_visit.py.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

# Opened at /window, Streamlit first asks whether it lives below /window, and learns that it does
# not: two 404s that say nothing about our pages.
WHERE_AM_I = re.compile(r"/\w+/_stcore/(health|host-config)$")
SAVES_DATA = "Object.defineProperty(navigator, 'connection', {get: () => ({saveData: true})})"
# In the keeper's page: `keep(address, port)` answers a page's messages with the worker of that
# address and model, which is opened for the first one who asks.
KEEPER = """() => {
  const opened = new Map(), asked = new Map();
  let serial = 0;
  const tell = (worker, message, answer) => {
    asked.set(++serial, answer);
    worker.postMessage({ ...message, id: serial });
  };
  const start = (address, message) => new Promise((answer) => {
    const worker = new Worker(address, { type: "module" });
    worker.onmessage = ({ data }) => {
      if (data.progress) return;
      asked.get(data.id)(data);
      asked.delete(data.id);
    };
    tell(worker, message, (reply) => answer({ worker, reply }));
  });
  window.keep = (address, port) => {
    let line;
    port.onmessage = async ({ data: { id, ...message } }) => {
      const { live } = message.open ?? {};
      const name = live && `${address} ${live.model}`;
      if (live) line = opened.get(name) ?? opened.set(name, start(address, message)).get(name);
      const { worker, reply } = await line;
      if (live) port.postMessage({ ...reply, id });
      else tell(worker, message, (found) => port.postMessage({ ...found, id }));
    };
  };
}"""
# In a visitor's page, before its own scripts: the model's worker is the keeper's.
KEPT = """(() => {
  if (location.protocol === "about:") return;
  const Own = window.Worker, { keep } = window.opener ?? {};
  if (!keep) return;
  window.Worker = function (address, options) {
    if (!String(address).includes("/live/worker.")) return new Own(address, options);
    const { port1, port2 } = new MessageChannel();
    keep(String(address), port2);
    port1.terminate = port1.close;
    return port1;
  };
})()"""
AS_USUAL = dict.fromkeys(("media", "reduced_motion", "forced_colors", "contrast"), "null")


@dataclass
class Visit:
    """A page, and what went wrong in it, which no visitor may meet."""

    page: Page
    live: bool
    touch: bool = False
    problems: list[str] = field(default_factory=list)


def watch(visit: Visit, home: str) -> None:
    """Note what no page may do: errors in the console, exceptions, requests to other hosts."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not WHERE_AM_I.search(message.location["url"]):
            visit.problems.append(f"console error: {message.text}")

    def on_error(error: Exception) -> None:
        visit.problems.append(f"exception in the page: {error}")

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(home).netloc:
            visit.problems.append(f"request to another host: {request.url}")

    visit.page.on("console", on_console)
    visit.page.on("pageerror", on_error)
    visit.page.on("request", on_request)


def kept_page(context: BrowserContext, address: str) -> Page:
    """A page whose model is the one of a keeper, in another page at this address."""
    context.add_init_script(KEPT)
    keeper = context.new_page()
    keeper.goto(address)
    keeper.evaluate(KEEPER)
    with context.expect_page() as opened:
        keeper.evaluate("() => { window.open(); }")
    return opened.value


def wipe(page: Page, home: str) -> None:
    """Wipe what a visitor left: storage with cookies, history, ways round requests."""
    page.unroute_all(behavior="ignoreErrors")
    if page.url.startswith(home):
        page.evaluate("() => { window.name = ''; sessionStorage.clear(); }")
    page.goto("about:blank")
    line = page.context.new_cdp_session(page)
    line.send("Storage.clearDataForOrigin", {"origin": home, "storageTypes": "all"})
    line.send("Page.resetNavigationHistory")
    line.detach()


def as_somebody_else(page: Page, address: str) -> None:
    """Open a link in this page with nothing kept of the visit before.

    A second page would do the same with all scripts compiled and its model opened anew.
    """
    wipe(page, urljoin(address, "/").rstrip("/"))
    page.goto(address)


class Visitors:
    """Those who come to the lab at `home`, such as `http://127.0.0.1:8501`.

    `keeper` is a file there that is no page of the lab.
    """

    def __init__(self, browser: Browser, home: str, keeper: str):
        self.browser, self.home, self.keeper = browser, home, keeper
        self.wiped: dict[tuple[bool, bool], list[Visit]] = defaultdict(list)

    def new(self, live: bool, touch: bool) -> Visit:
        """A visit in a page of its own."""
        context = self.browser.new_context(
            permissions=["clipboard-read", "clipboard-write"], has_touch=touch, is_mobile=touch
        )
        if not live:
            context.add_init_script(SAVES_DATA)
        page = kept_page(context, f"{self.home}/{self.keeper}") if live else context.new_page()
        visit = Visit(page, live, touch)
        watch(visit, self.home)
        return visit

    def come(
        self, dark: bool, width: int, height: int, live: bool = False, touch: bool = False
    ) -> Visit:
        """A visit that begins at an empty page: one that was wiped, or else a new one."""
        wiped = self.wiped[live, touch]
        visit = wiped.pop() if wiped else self.new(live, touch)
        visit.problems.clear()
        visit.page.set_viewport_size({"width": width, "height": height})
        visit.page.emulate_media(color_scheme="dark" if dark else "light", **AS_USUAL)
        return visit

    def leave(self, visit: Visit) -> None:
        """Wipe the page, and keep it for the next one."""
        wipe(visit.page, self.home)
        self.wiped[visit.live, visit.touch].append(visit)
