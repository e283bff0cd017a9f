"""The first page in a real browser: real weights, pending ones, hostile text, the way on."""

import re

import pytest
from playwright.sync_api import Page, expect

from swa_viz.cost import score_pairs
from swa_viz.lessons import LESSONS
from swa_viz.patterns import Causal, SlidingWindow

ARRIVES_MS = 30_000


@pytest.fixture
def home(open_page):
    """Open the page with some knobs, and wait until the model's numbers are on screen."""

    def opened(query: str = "", **look) -> Page:
        page = open_page(query, **look)
        expect(page.locator(".chip[data-role=query] .weight")).to_have_text(
            re.compile(r"\d"), timeout=ARRIVES_MS
        )
        return page

    return opened


def send_to_slider(page: Page, event: str, value: int) -> None:
    page.get_by_label("Window W").evaluate(
        "(input, [event, value]) => { input.value = value;"
        " input.dispatchEvent(new window.Event(event, {bubbles: true})); }",
        [event, value],
    )


def shown_weights(page: Page) -> list[str]:
    return [text for text in page.locator(".chip .weight").all_text_contents() if text]


def test_a_token_reads_w_tokens_and_the_counts_are_python_s(open_site):
    page = open_site()
    expect(page.locator(".chip[data-role=query] .weight")).to_have_text(re.compile(r"\d"))
    weights = [float(text.replace("<", "0")) for text in shown_weights(page)]
    assert len(weights) == 4 and sum(weights) == pytest.approx(1, abs=0.03)
    n = page.locator(".chip").count()
    counts = page.locator(".miniatures strong").all_text_contents()
    assert counts == [str(score_pairs(rule, n)) for rule in (Causal(), SlidingWindow(4))]


def test_weights_wait_for_the_hand_and_then_arrive(home):
    page = home()
    send_to_slider(page, "input", 3)
    expect(page.locator(".chip[data-role=key]")).to_have_count(2)
    assert not any(re.search(r"\d", text) for text in shown_weights(page))
    send_to_slider(page, "change", 3)
    expect(page.locator(".chip[data-role=query] .weight")).to_have_text(
        re.compile(r"\d"), timeout=ARRIVES_MS
    )
    page.wait_for_url(re.compile("window=3"))


def test_hostile_text_is_shown_as_text(home):
    page = home()
    box = page.get_by_label("Your sentence")
    box.fill("<img src=x onerror=alert(1)> ![a](b)")
    box.press("Enter")
    expect(page.locator(".chip").first).to_contain_text("<", timeout=ARRIVES_MS)
    assert page.locator(".lab img").count() == 0
    box.fill("")
    box.press("Enter")
    expect(page.get_by_text("there is nothing to read yet")).to_be_visible(timeout=ARRIVES_MS)
    assert "text=" not in page.url


def test_a_card_for_each_page_leads_on(home):
    page = home()
    cards = page.locator(".page-card")
    names = cards.evaluate_all("all => all.map((card) => card.getAttribute('href'))")
    assert names == [f"./{name}" for name in LESSONS if name != "home"]
    cards.first.click()
    expect(page.get_by_role("heading", name="Which keys does a query read?")).to_be_visible(
        timeout=ARRIVES_MS
    )


def test_embedded_there_are_no_cards(home):
    page = home("?embed=true")
    expect(page.locator(".page-cards")).to_be_hidden()
