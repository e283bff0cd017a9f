"""What every driven browser can do, and how its programs run."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.processes import end

PATIENCE_SECONDS = 60
SIZE = {"width": 1366, "height": 854}
# Where the lab is: on the server's pages in a shadow tree.
LAB = """
const all = [...document.querySelectorAll("*")];
const host = all.find((each) => each.shadowRoot?.querySelector(".lab"));
const lab = (host?.shadowRoot ?? document).querySelector(".lab");
"""


class WebDriverError(Exception):
    """What a browser answers to a command that it could not carry out."""


class NotInstalled(Exception):
    """There is no such browser here."""


def until(happened: Callable[[], object], what: str) -> object:
    """The first answer that is not nothing; as long as nobody listens there is none."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if answer := happened():
                return answer
        time.sleep(0.1)
    raise TimeoutError(f"not within {PATIENCE_SECONDS} s: {what}")


class Driven:
    """A browser with one page, which saves files in the folder `downloads`.

    Each kind says how it takes a command of the standard, how it turns dark, and what went wrong in
    its pages since it was last asked.
    """

    def __init__(self, downloads: Path):
        self.downloads = downloads

    def command(self, name: str, **parameters: object) -> object:
        raise NotImplementedError

    def set_dark(self, is_dark: bool) -> None:
        raise NotImplementedError

    def new_problems(self) -> list[str]:
        raise NotImplementedError

    def open(self, address: str) -> None:
        self.command("Navigate", url=address)

    def run(self, script: str, *arguments: object) -> object:
        """What a script returns, which finds the root of the lab as `lab`, or null."""
        return self.command("ExecuteScript", script=LAB + script, args=list(arguments))

    def until(self, script: str, *arguments: object) -> object:
        """The first answer of this script that is not nothing."""
        return until(lambda: self.run(script, *arguments), script)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, wherever the focus is."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.command("PerformActions", actions=[{"type": "key", "id": "keys", "actions": strokes}])

    def saved(self, name: str) -> str:
        """The text of a file that the page gave to the visitor, as soon as it is there."""
        path = self.downloads / name
        text = until(lambda: path.exists() and path.read_text(encoding="utf-8"), f"saves {name}")
        path.unlink()
        return text


def program(*names: str) -> str:
    """The first of these programs that is installed; raises NotInstalled if none is."""
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise NotInstalled(f"there is no {names[0]} (`make browser` installs it where it may)")
    return found


@contextlib.contextmanager
def running(folder: Path, *words: object, inherits: tuple[int, ...] = (), **environment: str):
    """A program that runs as long as it is needed, at home in this folder."""
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "NO_AT_BRIDGE": "1"}
    env = os.environ | home | environment
    with (folder / "log").open("a") as log:
        child = subprocess.Popen(
            [*map(str, words)], stdout=log, stderr=log, env=env, pass_fds=inherits
        )
        try:
            yield
        finally:
            end(child)
