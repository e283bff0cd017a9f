"""WebKit, in the small browser that comes with its GTK library, behind its HTTP driver."""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.drivers.driven import (
    PATIENCE_SECONDS,
    SIZE,
    Driven,
    WebDriverError,
    program,
    running,
    until,
)

# Compiling a function once more, for speed, costs more than a test's few runs save.  And to put the
# layers of a page together as a graphics card does is a third of all work, where there is none.
FRUGAL = {"JSC_useOMGJIT": "0", "JSC_useFTLJIT": "0", "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
BROWSERS = "usr/lib/*/webkit2gtk-4.1/MiniBrowser"
PATHS = {
    "Navigate": "url",
    "Refresh": "refresh",
    "ExecuteScript": "execute/sync",
    "PerformActions": "actions",
    "SetWindowRect": "window/rect",
}
# Its console is closed to drivers, so each page is watched as soon as it is loaded.  A size that
# changes while sizes are told is told in the next frame: that is no error, but it comes as one.
WATCH = """
window.problems = [];
const note = (...words) => window.problems.push(words.join(" "));
const LATER = "ResizeObserver loop completed with undelivered notifications.";
addEventListener("error", ({ message, filename }) => message === LATER || note(message, filename));
addEventListener("unhandledrejection", ({ reason }) => note(reason));
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  note(violatedDirective, blockedURI));
console.error = note;
"""


def call(method: str, address: str, parameters: dict | None = None) -> object:
    """Send a command over HTTP; the answer's value."""
    body = None if parameters is None else json.dumps(parameters).encode()
    request = Request(address, body, {"Content-Type": "application/json"}, method=method)
    try:
        with urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)["value"]
    except HTTPError as error:
        raise WebDriverError(f"{address}: {json.load(error)['value']['message']}") from None


class WebKit(Driven):
    """WebKit behind the driver at this address.  To turn dark it is started anew."""

    def __init__(self, downloads: Path, driver: str):
        super().__init__(downloads)
        self.driver, self.session, self.found = driver, "", []
        self.is_dark = None
        self.set_dark(False)

    def set_dark(self, is_dark: bool) -> None:
        if is_dark == self.is_dark:
            return
        self.quit()
        self.is_dark = is_dark
        browser = next(Path("/").glob(BROWSERS))
        arguments = ["--automation", *(["--dark-mode"] if is_dark else [])]
        options = {"webkitgtk:browserOptions": {"binary": str(browser), "args": arguments}}
        wanted = {"capabilities": {"alwaysMatch": options}}
        answer = call("POST", f"{self.driver}/session", wanted)
        self.session = f"{self.driver}/session/{answer['sessionId']}"
        self.command("SetWindowRect", **SIZE)

    def quit(self) -> None:
        if self.session:
            self.look()
            call("DELETE", self.session)

    def look(self) -> None:
        """Keep what the page noted, before it goes."""
        self.found += self.run("return window.problems?.splice(0) ?? []")

    def command(self, name: str, **parameters: object) -> object:
        leaves = name in ("Navigate", "Refresh")
        if leaves:
            self.look()
        answer = call("POST", f"{self.session}/{PATHS[name]}", parameters)
        if leaves:
            self.run(WATCH)
        return answer

    def new_problems(self) -> list[str]:
        self.look()
        found, self.found = self.found, []
        return found


@contextlib.contextmanager
def screen(folder: Path) -> Iterator[str]:
    """A screen that nobody sees; its name."""
    reading, writing = os.pipe()
    words = [program("Xvfb"), "-displayfd", writing, "-screen", 0, "1400x1000x24"]
    with running(folder, *words, "-nolisten", "tcp", inherits=(writing,)):
        os.close(writing)
        with os.fdopen(reading) as number:
            name = number.readline().strip()
        yield f":{name}"


@contextlib.contextmanager
def webkit(folder: Path, port: int) -> Iterator[Driven]:
    """WebKit at home in an empty folder."""
    driver = program("WebKitWebDriver")
    (folder / "saved").mkdir()
    (folder / "user-dirs.dirs").write_text('XDG_DOWNLOAD_DIR="$HOME/saved"\n')
    with (
        screen(folder) as name,
        running(folder, driver, f"--port={port}", DISPLAY=name, **FRUGAL),
    ):
        address = f"http://127.0.0.1:{port}"
        until(lambda: call("GET", f"{address}/status")["ready"], "WebKit's driver starts")
        browser = WebKit(folder / "saved", address)
        yield browser
        browser.quit()
