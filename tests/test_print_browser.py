"""A page on paper: light and whole, its controls as their values, its address at the foot."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from swa_viz.export.site import ADDRESSES
from tests.test_arcs_browser import NEAR, OFF
from tests.waits import until_true

PAPER = 700  # A4 between margins of 12 mm, in CSS pixels
WHITE = "rgb(255, 255, 255)"
# The part of a page that must be on paper, too: on most of them a view.
PICTURE = dict.fromkeys(ADDRESSES, "[data-view]:visible") | {"home": ".chip", "attention": ".chip"}
# The colours of a canvas's corners: those of the paper, or nothing at all.
CORNER = """(canvas) => {
  const pixel = canvas.getContext("2d").getImageData(canvas.width - 3, 2, 1, 1);
  const [red, green, blue, alpha] = pixel.data;
  return alpha === 0 || Math.min(red, green, blue) > 240;
}"""

# How a sample in a legend is drawn: its border above and at its foot, and a line around it.
DRAWN = """(all) => all.map((sample) => {
  const { borderTopStyle, borderBottomStyle, outlineStyle } = getComputedStyle(sample);
  return [borderTopStyle, borderBottomStyle, outlineStyle];
})"""


def on_paper(page: Page) -> None:
    """What a printer does: it says so, and then lays the page out anew in its own width."""
    page.evaluate("window.dispatchEvent(new window.Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 1000})


def off_paper(page: Page) -> None:
    page.evaluate("window.dispatchEvent(new window.Event('afterprint'))")
    page.emulate_media(media="screen")


def pages_in(pdf: bytes) -> int:
    assert pdf.startswith(b"%PDF")
    return len(re.findall(rb"/Type /Page\b", pdf))


@pytest.mark.parametrize("lab", ADDRESSES)
def test_nothing_is_cut_and_no_picture_leaves_its_title(open_site, lab):
    page = open_site(ADDRESSES[lab], dark=True)
    page.locator("[data-view]:visible").first.wait_for()
    samples = page.locator(".lab .swatch:visible")
    bordered = [drawn for drawn in samples.evaluate_all(DRAWN) if drawn[0] != "none"]
    on_paper(page)
    on_it = samples.evaluate_all(DRAWN)
    assert [drawn for drawn in bordered if drawn not in on_it] == []
    assert {outline for _, _, outline in on_it} <= {"none"}
    assert page.locator(".lab .badge:visible", has_text="lock").count() == 0
    edges = page.locator(".lab :is(canvas, svg, table, .card):visible").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().right)"
    )
    assert max(edges) <= PAPER
    expect(page.locator(".lab")).to_have_css("background-color", WHITE)
    expect(page.locator(".lab")).to_have_attribute("data-theme", "light")
    expect(page.locator(".menu")).to_be_hidden()
    expect(page.locator(PICTURE[lab]).first).to_be_visible()
    parted = "all => all.filter((card) => getComputedStyle(card).breakInside !== 'avoid').length"
    whole = page.locator(":is(.card, .page-card):not(:has(.conventions))")
    assert whole.evaluate_all(parted) == 0
    for canvas in page.locator("canvas:visible").all():
        assert canvas.evaluate(CORNER)
    for part in ("button:not(.chip, .link, .word)", "input[type=range]", ".save", ".sharing"):
        assert page.locator(f".lab {part}:visible").count() == 0
    moved = (
        *("[data-knob=window]", "[data-knob=tolerance]", "[data-lab=models] [data-knob=tokens]"),
        "[data-lab=fixes] [data-knob=distance]",
    )
    expect(page.locator(f":is({', '.join(moved)}) output:visible")).to_have_count(1)


def test_arcs_end_on_their_words_and_bars_are_seen(open_site):
    page = open_site("attention.html?window=5", dark=True)
    page.locator("[data-view=next] tbody tr").first.wait_for()
    on_paper(page)
    assert page.locator("[data-view=tokens]").evaluate(OFF) < NEAR
    bar = page.locator("[data-view=next] .fill").first
    expect(bar).to_have_css("-webkit-print-color-adjust", "exact")
    expect(bar).to_have_css("outline-style", "solid")
    off_paper(page)
    expect(page.locator(".lab")).to_have_attribute("data-theme", "dark")
    expect(page.locator(".lab")).not_to_have_css("background-color", WHITE)


def test_the_address_of_the_view_stands_at_the_foot(open_site):
    page = open_site("attention.html?window=5", live=True)
    foot = page.locator(".printed-address")
    expect(foot).to_be_hidden()
    page.get_by_label("Your text").fill("The cat sat")
    expect(page.locator(".chip", has_text="cat")).to_be_visible()
    on_paper(page)
    expect(foot).to_be_visible()
    assert foot.inner_text().endswith(f"?window=5&text={quote('The cat sat').replace('%20', '+')}")


def test_a_page_of_the_server_is_printed_whole_and_light(open_page):
    page = open_page("layers", dark=True)
    page.locator("[data-view=cone] canvas").wait_for()
    assert pages_in(page.pdf(format="A4")) >= 3
    on_paper(page)
    until_true(page, "document.documentElement.scrollHeight > 2000")
    expect(page.locator(".stApp h1")).to_have_css("color", "rgb(27, 34, 45)")
    expect(page.locator(".lab")).to_have_css("background-color", WHITE)
    expect(page.locator("body")).to_have_css("background-color", "rgba(0, 0, 0, 0)")
