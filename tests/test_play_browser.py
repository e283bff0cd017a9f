"""Play: the query walks along the text, stops when a hand moves, and tells nobody on its way."""

import re
from itertools import dropwhile, pairwise

import pytest
from playwright.sync_api import Page, expect

from swa_viz.cost import score_pairs
from swa_viz.export.site import ADDRESSES
from swa_viz.patterns import Causal, SlidingWindow
from tests.waits import rested, sent_to_server, until, until_ready

WINDOWS = {"home": 4, "attention": 4, "window": 6}
# A whole walk takes half a minute at most.
WALK_MS = 40_000
WATCH = """() => {
  const count = document.querySelector(".count > span");
  window.seen = [];
  new MutationObserver(() => window.seen.push(
    [count.textContent, location.href, document.querySelectorAll("[aria-live=polite]").length],
  )).observe(count, {childList: true});
}"""


def go(page: Page):
    """The button that plays and pauses."""
    return page.locator("[data-knob=play] .go")


def token(page: Page) -> int:
    """Where the query stands, counted from 1."""
    return int(page.locator(".count strong").first.text_content())


def token_in(text: str) -> int:
    """The same, in the sentence with the counts."""
    return int(re.findall(r"\d+", text)[0])


def count(page: Page):
    return page.locator(".count > span").first


@pytest.fixture
def played(open_site):
    """`played("attention")` -> the page of the static lab, whose clock the test may turn."""

    def opened(name: str, query: str = "", **look) -> Page:
        page = open_site(ADDRESSES[name] + query, before=lambda page: page.clock.install(), **look)
        expect(count(page)).to_have_text(re.compile("full attention scores"))
        return page

    return opened


@pytest.mark.parametrize("name", WINDOWS)
def test_the_query_walks_to_the_end_and_the_pairs_are_python_s(played, name):
    page = played(name)
    address = page.url
    n = token(page)
    expect(go(page)).to_have_accessible_name("Play the window along the text")
    page.evaluate(WATCH)
    go(page).click()
    expect(go(page)).to_have_accessible_name("Pause")
    page.clock.run_for(WALK_MS)
    expect(go(page)).to_have_accessible_name("Play the window along the text")
    page.wait_for_url(re.compile(f"token={n}"))
    seen = list(dropwhile(lambda entry: token_in(entry[0]) == n, page.evaluate("window.seen")))
    texts = list(dict.fromkeys(text for text, _, _ in seen))
    rules = Causal(), SlidingWindow(WINDOWS[name])
    expected = [[i, n, *(score_pairs(rule, i) for rule in rules)] for i in range(1, n + 1)]
    assert [[int(number) for number in re.findall(r"\d+", text)] for text in texts] == expected
    # On its way it neither writes the address nor speaks to those who listen.
    on_the_way = [entry[1:] for entry in seen if entry[0] != texts[-1]]
    assert set(map(tuple, on_the_way)) == {(address, 0)}
    expect(page.locator(".count [role=status]")).to_have_text(texts[-1])


def test_what_the_model_says_and_the_arcs_follow_the_query(played):
    page = played("attention", "?token=6")
    go(page).click()
    page.clock.run_for(100)
    expect(page.locator(".chip[data-token='6']")).to_have_attribute("data-role", "query")
    assert page.locator(".arcs path").first.get_attribute("data-query") == "6"
    expect(page.locator(".card", has_text="What comes next?")).to_contain_text("the island”")


def test_a_pause_keeps_the_query_and_steps_lead_on_and_back(played):
    page = played("attention")
    go(page).press("Enter")
    page.clock.run_for(3_000)
    go(page).press("Space")
    here = token(page)
    assert 1 < here < 18
    page.clock.run_for(WALK_MS)
    assert token(page) == here
    page.wait_for_url(re.compile(f"token={here}"))
    expect(page.locator(".chip[aria-pressed=true]")).to_have_attribute("data-token", str(here - 1))
    go(page).press("ArrowRight")
    expect(page.locator(".count strong").first).to_have_text(str(here + 1))
    page.get_by_role("button", name="One token back").click()
    page.get_by_role("button", name="One token back").click()
    expect(page.locator(".count strong").first).to_have_text(str(here - 1))
    expect(page.locator(".count [role=status]")).to_contain_text(f"Up to token {here - 1} of")
    go(page).click()
    page.clock.run_for(100)
    assert token(page) >= here


def test_twice_the_speed_is_half_the_time(played):
    page = played("window")
    page.get_by_label("Speed").select_option("2×")
    go(page).click()
    page.clock.run_for(7_000)
    assert 15 < token(page) < 24


DRAG = """(input) => {
  input.value = 5;
  input.dispatchEvent(new window.Event("input", {bubbles: true}));
}"""
LEAVE = "Object.defineProperty(document, 'hidden', {get: () => true})"
STOPS = {
    "a slider is dragged": lambda page: page.get_by_label("Window W").evaluate(DRAG),
    "the text is edited": lambda page: page.locator("textarea").fill("Call me Ishmael."),
    "a token is chosen": lambda page: page.locator(".chip[data-token='1']").click(),
    "the tab is left": lambda page: page.evaluate(LEAVE),
}


@pytest.mark.parametrize("happens", STOPS)
def test_it_stops_when(played, happens):
    page = played("home")
    go(page).click()
    page.clock.run_for(1_500)
    STOPS[happens](page)
    page.clock.run_for(WALK_MS)
    expect(go(page)).to_have_accessible_name("Play the window along the text")
    assert token(page) < 12 or happens == "the text is edited"
    if happens == "a token is chosen":
        assert token(page) == 2


def test_where_less_motion_is_asked_for_there_are_steps_and_words(played):
    page = played("window", width=390)
    page.emulate_media(reduced_motion="reduce")
    expect(go(page)).to_be_hidden()
    expect(page.get_by_text("asks for less motion")).to_be_visible()
    page.get_by_role("button", name="One token back").click()
    expect(page.locator(".count strong").first).to_have_text("23")
    go(page).evaluate("(button) => button.click()")
    page.clock.run_for(WALK_MS)
    assert token(page) == 23


def test_on_layers_each_step_comes_with_its_numbers(open_site):
    page = open_site("layers.html?layers=2&window=3", live=True)
    until_ready(page)
    n = token(page)
    page.evaluate(
        """() => {
          const count = document.querySelector(".count > span");
          window.seen = [];
          new MutationObserver(() => requestAnimationFrame(() => window.seen.push([
            count.querySelector("strong").textContent,
            document.querySelector(".cone").getAttribute("aria-valuenow"),
            document.querySelector(".finding").textContent,
          ]))).observe(count, {childList: true});
        }"""
    )
    page.get_by_label("Speed").select_option("2×")
    go(page).click()
    expect(page.locator(".count strong").first).to_have_text(re.compile(r"^([4-9]|1\d)$"))
    go(page).click()
    expect(count(page)).to_contain_text("pairs in 2 layers")
    seen = page.evaluate("window.seen")
    assert [place for place, _, _ in seen[:4]] == ["1", "2", "3", "4"]
    assert all(place == now for place, now, _ in seen)
    assert not any(finding.endswith("…") for _, _, finding in seen)
    here = token(page)
    pairs = [2 * score_pairs(rule, here) for rule in (Causal(), SlidingWindow(3))]
    assert re.findall(r"\d+", count(page).text_content()) == [
        str(number) for number in (here, n, pairs[0], 2, pairs[1])
    ]


def test_the_server_hears_of_a_pause_and_never_of_a_walk(open_page):
    page = open_page("window?tokens=96")  # so that the walk is not over when it is looked at
    expect(count(page)).to_contain_text("of 96")
    rested(page)
    sent = sent_to_server(page)
    address = page.url
    page.get_by_label("Speed").select_option("2×")
    go(page).click()
    expect(page.locator(".count strong").first).to_have_text(re.compile(r"^([4-9]|\d\d)$"))
    assert (sent, page.url) == ([], address)
    go(page).click()
    page.wait_for_url(re.compile("token="))
    until(page, lambda: sent)


def test_a_walk_that_asks_the_server_does_not_write_the_address(open_page):
    page = open_page("layers?layers=2")
    expect(count(page)).to_contain_text("in 2 layers")
    address = page.url
    go(page).click()
    expect(page.locator(".count strong").first).to_have_text("3")
    assert page.url == address
    go(page).click()
    page.wait_for_url(re.compile("token="))


@pytest.mark.parametrize("name", [*WINDOWS, "layers"])
def test_on_a_phone_the_bar_has_two_rows(open_site, name):
    page = open_site(ADDRESSES[name], width=390, touch=True)
    expect(go(page)).to_be_visible()
    bottoms = page.locator(".stage-bar > *").evaluate_all(
        "all => all.filter((each) => each.offsetHeight).map((each) =>"
        " each.offsetTop + each.offsetHeight)"
    )
    lower = sorted(bottoms)
    assert sum(low - high > 20 for high, low in pairwise(lower)) <= 1
