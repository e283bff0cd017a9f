"""The speed page in a real browser: a whole timing, what it leaves there, and taking it along."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.accessibility import violations
from tests.waits import rested, until

pytestmark = pytest.mark.timing
LONG_MS = 120_000
COPIED = "navigator.clipboard.readText()"
PICTURE = ".lab svg.chart:not(.sample)"
AXES = {
    "milliseconds": "milliseconds of one call",
    "score pairs": "score pairs of one head",
    "memory": "MiB of one layer",
}


# In every frame one chart is to be seen: neither none nor two.
WATCH = """() => {
  window.wrongFrames = window.rightFrames = 0;
  const isSeen = ({ shadowRoot }) => {
    const line = shadowRoot?.querySelector("svg.chart:not(.sample) .line");
    return line?.checkVisibility({ visibilityProperty: true });
  };
  requestAnimationFrame(function look() {
    const shown = [...document.querySelectorAll(".st-key-picture *")].filter(isSeen).length;
    shown === 1 ? window.rightFrames++ : window.wrongFrames++;
    requestAnimationFrame(look);
  });
}"""


def time_it(page: Page) -> None:
    """Press the button and wait until the whole sweep has been drawn."""
    page.wait_for_selector(PICTURE)
    page.get_by_role("button", name="Time it here").click()
    expect(page.get_by_role("button", name="Time it again")).to_be_enabled(timeout=LONG_MS)
    expect(page.get_by_text("Download CSV")).to_be_visible(timeout=LONG_MS)


def test_a_phone_sized_timing_gives_an_answer_or_says_that_the_server_is_busy(open_page):
    page = open_page("speed")
    time_it(page)
    answers = page.get_by_text("best full attention that torch has")
    assert answers.count() or page.get_by_text("points were disturbed").count()
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        rested(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page, ".stMain") == [], scheme
        for shown, title in AXES.items():
            page.get_by_role("radio", name=shown).click()
            expect(page.locator(".ytitle", has_text=title)).to_be_visible()
    assert page.get_by_role("button", name="Time it again").is_enabled()
    page.set_viewport_size({"width": 1280, "height": 2600})
    the_table_can_be_copied(page)


def the_table_can_be_copied(page: Page) -> None:
    page.get_by_text("Copy the table").click()
    for first_words in ("| tokens N | window W |", "tokens N,window W,"):
        block = page.get_by_test_id("stCode").filter(has_text=first_words)
        button = block.get_by_role("button")  # it is there while the pointer is on the block
        until(page, lambda block=block, button=button: block.hover() or button.count())
        button.click()
        until(page, lambda words=first_words: words in page.evaluate(COPIED))


def test_a_timing_can_be_stopped_and_keeps_its_link(open_page):
    page = open_page("speed?preset=Mistral&step=training+step&show=milliseconds")
    page.wait_for_selector(PICTURE)
    assert "16,384 tokens, window 4,096; 3 ways" in page.locator(".stMain").inner_text()
    page.get_by_role("button", name="Time it here").click()
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_enabled(timeout=LONG_MS)
    stop.click()
    expect(page.get_by_role("button", name="Time it")).to_be_enabled(timeout=LONG_MS)
    expect(page.get_by_role("radio", name="milliseconds")).to_be_checked()
    assert "step=training" in page.url


def test_embedded_it_can_be_timed_too_and_a_stop_keeps_what_is_finished(open_page):
    page = open_page("speed?embed=true&preset=own&tokens=512&window=32&repeats=3", width=700)
    page.wait_for_selector(PICTURE)
    page.get_by_role("button", name="Time it here").click()
    expect(page.get_by_text("Size 2 of 5")).to_be_visible(timeout=LONG_MS)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Time it again")).to_be_enabled(timeout=LONG_MS)
    expect(page.get_by_text("Download CSV")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_text(re.compile("Stopped before the last [1-4] of 5 sizes"))).to_be_visible()
    assert page.get_by_text("Show me the code").count() == 0
    assert page.locator(PICTURE).count() == 1
