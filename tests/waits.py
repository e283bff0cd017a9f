"""What a test in the browser waits for: something that the page says, never a guessed time.

A busy machine takes long for everything, and a quiet one should not be waited for.
"""

import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

ARRIVES_MS = 60_000
# The longest time that a lab waits before it asks a server, and then two frames of its own: after
# them, whatever a gesture has set off is under way.
RESTED = """() => new Promise((done) =>
  setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 200))"""


def rested(page: Page) -> None:
    """Wait until the page has done what the last gesture asked for: now it can be counted."""
    page.evaluate(RESTED)


def until_ready(page: Page) -> None:
    """Wait until the model in this browser is loaded."""
    expect(page.locator('.engine[data-model="ready"]')).to_be_attached(timeout=ARRIVES_MS)


def until(page: Page, happened: Callable[[], object]) -> None:
    """Wait for what the test itself is told by the page's events, such as a message it sent."""
    deadline = time.monotonic() + ARRIVES_MS / 1000
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        page.wait_for_timeout(20)


def until_true(page: Page, question: str, argument: object = None) -> None:
    """Wait until what is asked in JavaScript is so.

    Playwright's own `wait_for_function` asks again by eval(), which our pages forbid.
    """
    until(page, lambda: page.evaluate(question, argument))


def sent_to_server(page: Page) -> list:
    """What the page sends to the server from now on, also over a line that is open already."""
    sent: list = []
    session = page.context.new_cdp_session(page)
    session.on("Network.webSocketFrameSent", lambda frame: sent.append(frame))
    session.send("Network.enable")
    return sent


def menu_links(page: Page) -> Locator:
    """The links of the menu, which a narrow window shows only when it is open."""
    return page.get_by_role("navigation", name="Pages").get_by_role("link")


def copied_link(page: Page) -> str:
    """The link to this view, read when the page says that it was copied.

    Until then the one of another page may lie there.
    """
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    return page.evaluate("navigator.clipboard.readText()")
