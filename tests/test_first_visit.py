"""Who comes for the first time, over a slow line, waits six seconds at most, and nothing jumps."""

import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from swa_viz.export.lab_data import PAGES
from swa_viz.export.site import ADDRESSES
from swa_viz.lessons import LESSONS
from tests.slow_line import Line, slow_line
from tests.waits import rested

BYTES_PER_SECOND = 1_600_000 / 8
ONE_WAY = 0.02  # seconds
MOST_BYTES, MOST_SECONDS, MOST_SHIFT = 1_600_000, 6, 0.05
SIZES = {"laptop": (1366, 768), "phone": (390, 844)}

FIRST = next(iter(LESSONS))
# A page is on a laptop or on a phone: each is opened once.
VISITS = [(name, list(SIZES)[place % 2]) for place, name in enumerate(LESSONS)]
STATIC_VISITS = [(name, list(SIZES)[(place + 1) % 2]) for place, name in enumerate(PAGES)]

# The sum of all that moved on the screen without having been asked to.
NOTE_SHIFTS = """window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""


def visit(browser: Browser, line: Line, path: str, size: str) -> tuple[float, int, float]:
    """Seconds and bytes until the lab is drawn, and what moved until the page is at rest."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.add_init_script(NOTE_SHIFTS)
    start = time.monotonic()
    page.goto(f"{line.url}{path}", wait_until="commit")
    page.locator(".lab").wait_for()
    seconds, moved = time.monotonic() - start, line.moved
    rested(page)
    page.evaluate("document.fonts.ready")
    rested(page)
    shift = page.evaluate("window.shift")
    page.close()
    return seconds, moved, shift


@pytest.mark.timing
@pytest.mark.parametrize(("name", "size"), VISITS)
def test_a_page_of_the_server(chromium_browser, app_url, name, size):
    path = "/" if name == FIRST else f"/{name}"
    for _ in range(2):  # the first visit may have met a server that never answered this before
        with slow_line(app_url, BYTES_PER_SECOND, ONE_WAY) as line:
            seconds, moved, shift = visit(chromium_browser, line, path, size)
        assert moved <= MOST_BYTES and shift <= MOST_SHIFT
        if seconds <= MOST_SECONDS:
            return
    pytest.fail(f"{seconds:.1f} s until the lab was drawn")


@pytest.mark.parametrize(("name", "size"), STATIC_VISITS)
def test_a_static_page_does_not_jump(chromium_browser, site_url, name, size):
    with slow_line(site_url, BYTES_PER_SECOND, ONE_WAY) as line:
        path = f"{urlsplit(site_url).path}{ADDRESSES[name]}"
        _, moved, shift = visit(chromium_browser, line, path, size)
    assert moved <= MOST_BYTES and shift <= MOST_SHIFT
