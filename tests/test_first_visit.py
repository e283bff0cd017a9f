"""Who comes for the first time, over a slow line, waits six seconds at most, and nothing jumps."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from swa_viz.export.lab_data import PAGES
from swa_viz.export.site import ADDRESSES
from swa_viz.lessons import LESSONS
from tests.slow_line import Line, slow_line
from tests.visitors import Visitors
from tests.waits import ARRIVES_MS, rested, until

BYTES_PER_SECOND = 1_600_000 / 8
ONE_WAY = 0.02  # seconds
MOST_BYTES, MOST_SECONDS, MOST_SHIFT = 1_600_000, 6, 0.05
AT_ONCE = 3
HEAVY = ("attention", "layers")  # the server computes for them
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
# The page itself tells when its lab can be seen, in the document or in a part of it: to ask each
# page from here, fifty times a second, is as much work as the visits are.
TELL_DRAWN = """(() => {
  const labIn = (root) => root.querySelector(".lab") ?? [...root.querySelectorAll("*")]
    .map(({ shadowRoot }) => shadowRoot && labIn(shadowRoot)).find(Boolean);
  const look = () => {
    const lab = labIn(document), { width, height } = lab?.getBoundingClientRect() ?? {};
    if (width && height && lab.checkVisibility({ visibilityProperty: true })) window.labIsDrawn();
    else setTimeout(look, 20);
  };
  if (window === window.top) look();
})()"""


@dataclass
class Visit:
    """A page that is on its way over a line of its own, and what was seen of it."""

    page: Page
    line: Line
    start: float
    seconds: float = 0.0  # until the lab was drawn
    moved: int = 0  # bytes until then
    shift: float = 0.0  # what moved until the page was at rest

    def note_drawn(self) -> None:
        """Note the moment in which the lab is there."""
        if not self.seconds:
            self.seconds, self.moved = time.monotonic() - self.start, self.line.moved

    @property
    def in_time(self) -> bool:
        """Whether the visitor waited no longer than they should."""
        return self.seconds <= MOST_SECONDS and self.moved <= MOST_BYTES


def come(browser: Browser, target: str, places: list[tuple[str, str]]) -> Iterator[Visit]:
    """Visitors who come at the same time, each with a path and a size, over slow lines."""
    with contextlib.ExitStack() as open_things:
        visits = []
        for path, size in places:
            line = open_things.enter_context(slow_line(target, BYTES_PER_SECOND, ONE_WAY))
            width, height = SIZES[size]
            page = browser.new_page(viewport={"width": width, "height": height})
            open_things.callback(page.close)
            page.add_init_script(NOTE_SHIFTS)
            visit = Visit(page, line, time.monotonic())
            page.expose_function("labIsDrawn", visit.note_drawn)
            page.add_init_script(TELL_DRAWN)
            visits.append(visit)
            page.goto(f"{line.url}{path}", wait_until="commit")
        for visit in visits:
            visit.page.locator(".lab").wait_for(timeout=ARRIVES_MS)
            until(visit.page, lambda visit=visit: visit.seconds)
        for visit in visits:
            rested(visit.page)
            visit.page.evaluate("document.fonts.ready")
            rested(visit.page)
            visit.shift = visit.page.evaluate("window.shift")
            yield visit


def coming(
    browser: Browser, target: str, places: list[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], Visit]]:
    """A visitor for each place, a few at a time: the places, and what was seen there."""
    for start in range(0, len(places), AT_ONCE):
        few = places[start : start + AT_ONCE]
        yield from zip(few, come(browser, target, few), strict=True)


def path_of(name: str) -> str:
    return "/" if name == FIRST else f"/{name}"


@pytest.fixture(scope="module")
def together(visitors: Visitors) -> dict[str, Visit]:
    """One visitor on each page, a few at a time: most of a visit is waiting for the line."""
    warm = visitors.come(dark=False, width=1280, height=900)
    for name in HEAVY:  # whoever comes first to a server waits for its own first answer too
        warm.page.goto(f"{visitors.home}/{name}")
        warm.page.locator(".lab").wait_for()
    visitors.leave(warm)
    places = {(path_of(name), size): name for name, size in VISITS}
    came = coming(visitors.browser, visitors.home, [*places])
    return {places[place]: visit for place, visit in came}


@pytest.mark.timing
@pytest.mark.parametrize(("name", "size"), VISITS)
def test_a_page_of_the_server(chromium_browser, app_url, together, name, size):
    visit = together[name]
    assert visit.shift <= MOST_SHIFT
    if not visit.in_time:  # who was held up by the others comes again, alone
        (visit,) = come(chromium_browser, app_url, [(path_of(name), size)])
    assert visit.moved <= MOST_BYTES and visit.shift <= MOST_SHIFT
    assert visit.seconds <= MOST_SECONDS, "until the lab was drawn"


def test_no_static_page_jumps(chromium_browser, site_url):
    """All in one test: most of each visit is waiting for the line, so a few come at a time."""
    folder = urlsplit(site_url).path
    places = {(f"{folder}{ADDRESSES[name]}", size): name for name, size in STATIC_VISITS}
    seen = {places[place]: visit for place, visit in coming(chromium_browser, site_url, [*places])}
    assert [*seen] == [*PAGES]
    assert {name: each.shift for name, each in seen.items() if each.shift > MOST_SHIFT} == {}
    assert {name: each.moved for name, each in seen.items() if each.moved > MOST_BYTES} == {}
