"""Firefox, on the line that it opens for drivers (Marionette): Debian has no HTTP driver for it.

Scripts of its own ("chrome") set what a visitor sets, and read what all pages wrote to the console.
"""

import contextlib
import itertools
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tests.drivers.driven import SIZE, Driven, WebDriverError, program, running, until

# A page for new tabs, and a process of its own for extensions.
UNUSED = ("browser.newtabpage.enabled", "browser.newtab.preload", "extensions.webextensions.remote")
SCHEMES = ("http:", "file:", "blob:")
DARK = """
const [isDark] = arguments;
Services.prefs.setIntPref("layout.css.prefers-color-scheme.content-override", isDark ? 0 : 1);
"""
PROBLEMS = """
const { nsIScriptError } = Ci;
const errors = Services.console.getMessageArray()
  .filter((each) => each instanceof nsIScriptError && !(each.flags & nsIScriptError.warningFlag))
  .map((each) => [each.sourceName, each.errorMessage]);
Services.console.reset();
const storage = Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage);
const said = storage.getEvents().filter(({ level }) => level === "error")
  .map((each) => [each.filename, String(each.arguments[0])]);
storage.clearEvents();
return [...errors, ...said];
"""


class Firefox(Driven):
    """Firefox at the end of a line, on which each message is its length, a colon, and JSON."""

    def __init__(self, downloads: Path, line: BinaryIO):
        super().__init__(downloads)
        self.line, self.serial = line, itertools.count(1)
        self.receive()  # its greeting
        self.command("NewSession")
        self.command("SetWindowRect", **SIZE)

    def receive(self) -> object:
        length = b""
        while (digit := self.line.read(1)) not in (b":", b""):
            length += digit
        return json.loads(self.line.read(int(length)))

    def command(self, name: str, **parameters: object) -> object:
        name = name if ":" in name else f"WebDriver:{name}"
        text = json.dumps([0, next(self.serial), name, parameters]).encode()
        self.line.write(b"%d:%b" % (len(text), text))
        self.line.flush()
        _, _, error, answer = self.receive()
        if error:
            raise WebDriverError(f"{name}: {error['message']}")
        return answer.get("value", answer)

    def in_firefox(self, script: str, *arguments: object) -> object:
        """What a script of the browser itself returns."""
        self.command("Marionette:SetContext", value="chrome")
        answer = self.command("ExecuteScript", script=script, args=list(arguments))
        self.command("Marionette:SetContext", value="content")
        return answer

    def set_dark(self, is_dark: bool) -> None:
        self.in_firefox(DARK, is_dark)

    def new_problems(self) -> list[str]:
        found = self.in_firefox(PROBLEMS)
        return [f"{text} ({where})" for where, text in found if where.startswith(SCHEMES)]


@contextlib.contextmanager
def firefox(folder: Path, port: int) -> Iterator[Driven]:
    """Firefox with a new profile in an empty folder."""
    words = [program("firefox-esr", "firefox"), "--headless", "--marionette", "--no-remote"]
    words += ["--remote-allow-system-access", "--profile", folder]
    preferences = (
        ("marionette.port", port),
        ("browser.download.folderList", 2),  # the folder named here, without a question
        ("browser.download.dir", str(folder / "saved")),
        ("datareporting.policy.dataSubmissionEnabled", False),
        *((name, False) for name in UNUSED),
        ("browser.startup.page", 0),
    )
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences]
    (folder / "user.js").write_text("\n".join(lines))
    (folder / "saved").mkdir()

    def connected() -> socket.socket:
        return socket.create_connection(("127.0.0.1", port))

    with (
        running(folder, *words),
        until(connected, "Firefox starts") as line,
        line.makefile("rwb") as stream,
    ):
        yield Firefox(folder / "saved", stream)
