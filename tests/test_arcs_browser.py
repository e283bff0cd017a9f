"""Arcs end on their tokens, whatever moves these; they cross no word; and rows waste no room."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from swa_viz.export.site import ADDRESSES
from swa_viz.lessons.attention.lesson import SENTENCE
from tests.visitors import SAVES_DATA
from tests.waits import ARRIVES_MS, rested

NEAR = 1.5
FONTS = re.compile(r"\.woff2(\?|$)")
LONG = " ".join(["It was the best of times and the worst of times for all of them there."] * 9)
# How far the ends of the arcs are from the middles of the upper edges of their tokens.
OFF = """(view) => {
  const middle = (position) => {
    const box = view.querySelector(`[data-token="${position}"]`).getBoundingClientRect();
    return {x: box.left + box.width / 2, y: box.top};
  };
  const arcs = [...view.querySelectorAll(".arcs path")];
  const distances = arcs.flatMap((arc) => {
    const ends = {[arc.dataset.query]: 0, [arc.dataset.key]: arc.getTotalLength()};
    return Object.entries(ends).map(([position, length]) => {
      const end = arc.getPointAtLength(length).matrixTransform(arc.getScreenCTM());
      const {x, y} = middle(position);
      return Math.hypot(end.x - x, end.y - y);
    });
  });
  return distances.length ? Math.max(...distances) : NaN;
}"""
# How many points of the arcs lie inside a token.
CROSSING = """(view) => {
  const chips = [...view.querySelectorAll("[data-token]")];
  const boxes = chips.map((chip) => chip.getBoundingClientRect());
  const isInside = ({x, y}) =>
    boxes.some((box) => x > box.left && x < box.right && y > box.top + 1 && y < box.bottom - 1);
  return [...view.querySelectorAll(".arcs path")].reduce((count, arc) => {
    const length = arc.getTotalLength();
    for (let at = 0; at <= length; at += 3)
      if (isInside(arc.getPointAtLength(at).matrixTransform(arc.getScreenCTM()))) count++;
    return count;
  }, 0);
}"""
# A printer lays the page out after this event, and lets no script run before it has drawn the page.
PRINTED = """(view, [off, width]) => {
  window.dispatchEvent(new window.Event("beforeprint"));
  view.closest(".lab").style.width = `${width}px`;
  const found = eval(off)(view);
  view.closest(".lab").style.width = "";
  window.dispatchEvent(new window.Event("afterprint"));
  return found;
}"""
WIDTHS = "(view) => [...view.querySelectorAll('[data-token]')].map((chip) => chip.offsetWidth)"


def tokens(page: Page):
    return page.locator("[data-view=tokens]")


def all_on_their_tokens(page: Page) -> None:
    rested(page)
    assert tokens(page).evaluate(OFF) <= NEAR


def resized(page: Page) -> None:
    page.set_viewport_size({"width": 620, "height": 900})


def sharper(page: Page) -> None:
    line = page.context.new_cdp_session(page)
    metrics = {"width": 500, "height": 900, "deviceScaleFactor": 1.5, "mobile": False}
    line.send("Emulation.setDeviceMetricsOverride", metrics)


def zoomed(page: Page) -> None:
    page.evaluate("document.body.style.zoom = 1.25")


def wider_letters(page: Page) -> None:
    tokens(page).evaluate("(view) => { view.style.letterSpacing = '0.05em'; }")


def on_paper(page: Page) -> None:
    page.emulate_media(media="print")


def hidden_then_shown(page: Page) -> None:
    view = tokens(page)
    view.evaluate("(view) => { view.style.display = 'none'; }")
    page.set_viewport_size({"width": 420, "height": 900})
    rested(page)
    view.evaluate("(view) => { view.style.display = ''; }")


MOVES = [resized, zoomed, sharper, wider_letters, on_paper, hidden_then_shown]


@pytest.fixture
def open_server(app_url: str, chromium_browser: Browser):
    """The attention page of the server, with something done before it opens."""
    page = chromium_browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(SAVES_DATA)

    def opened(before: Callable[[Page], object]) -> Page:
        before(page)
        page.goto(f"{app_url}/attention?window=6", wait_until="domcontentloaded")
        return page

    yield opened
    page.close()


@pytest.fixture
def open_host(open_server, open_site, open_file):
    """`open_host("light", before=...)` -> the attention page there, with its numbers."""
    hosts = {
        "server": open_server,
        "static": lambda before: open_site(ADDRESSES["attention"], before=before),
        "file": lambda before: open_file({"window": 6}, page="attention", before=before),
        "light": lambda before: open_file(
            {"window": 6}, page="attention", light=True, before=before
        ),
    }

    def opened(host: str, before: Callable[[Page], object] = lambda page: None) -> Page:
        page = hosts[host](before)
        number = page.locator("[data-role=query] .weight")
        expect(number).to_have_text(re.compile(r"\d"), timeout=ARRIVES_MS)
        return page

    return opened


def a_font_that_comes_late_moves_tokens_and_arcs(page: Page, held: list[Route]) -> None:
    all_on_their_tokens(page)
    before = tokens(page).evaluate(WIDTHS)
    for route in held:
        route.continue_()
    page.unroute(FONTS)
    page.evaluate("document.fonts.ready.then(() => null)")
    all_on_their_tokens(page)
    assert tokens(page).evaluate(WIDTHS) != before, "the font that came changes nothing"


# In one file the font comes along.
@pytest.mark.parametrize("host", ["server", "static", "file", "light"])
def test_arcs_end_on_their_tokens_in_every_host(open_host, host):
    held: list[Route] = []
    page = open_host(host, before=lambda page: page.route(FONTS, lambda route: held.append(route)))
    if host in ("server", "static"):
        a_font_that_comes_late_moves_tokens_and_arcs(page, held)
    all_on_their_tokens(page)
    assert tokens(page).evaluate(PRINTED, [OFF, 700]) <= NEAR
    all_on_their_tokens(page)
    for move in MOVES:
        move(page)
        all_on_their_tokens(page)


def it_is_not_full_of_air(page: Page) -> None:
    chips = page.locator("[data-view=tokens] [data-token]")
    boxes = chips.evaluate_all("all => all.map((chip) => chip.getBoundingClientRect().toJSON())")
    rows = len({round(box["top"]) for box in boxes})
    covered = sum(box["height"] for box in boxes) / len(boxes) * rows
    height = page.locator(".token-view").bounding_box()["height"]
    assert covered / height > 0.45


def no_arc_crosses_a_word(page: Page) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator(".arcs path").first).to_be_attached()
        all_on_their_tokens(page)
        assert tokens(page).evaluate(CROSSING) == 0, width


def test_a_long_text_is_not_full_of_air_and_no_arc_crosses_a_word(open_site):
    page = open_site("attention.html?window=8", width=390, live=True)
    box, chips = page.get_by_label("Your text"), page.locator("[data-view=tokens] [data-token]")
    box.fill(LONG)
    expect(chips).to_have_count(128)
    rested(page)
    it_is_not_full_of_air(page)
    page.get_by_role("slider", name="Window W", exact=True).fill("32")
    page.locator("[data-token='60']").click()
    expect(page.locator(".arcs path")).to_have_count(31)
    no_arc_crosses_a_word(page)
    box.fill(SENTENCE)
    expect(chips).not_to_have_count(128)
    no_arc_crosses_a_word(page)


@pytest.mark.parametrize(("address", "view"), [("attention", "matrix-full"), ("layers", "cone")])
def test_letters_in_a_canvas_follow_a_font_that_comes_late(open_site, address, view):
    held: list[Route] = []
    page = open_site(
        ADDRESSES[address],
        before=lambda page: page.route(FONTS, lambda route: held.append(route)),
    )
    canvas = page.locator(f"[data-view={view}] canvas")
    rested(page)
    before = canvas.evaluate("(canvas) => canvas.toDataURL()")
    for route in held:
        route.continue_()
    page.unroute(FONTS)
    page.evaluate("document.fonts.ready.then(() => null)")
    rested(page)
    assert canvas.evaluate("(canvas) => canvas.toDataURL()") != before
