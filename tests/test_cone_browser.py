"""The layers page in a real browser: its mathematics, the cone, dragging, keys, links, limits."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from swa_viz.answers.influence import influence_payload
from swa_viz.lessons.layers.lesson import STORY
from swa_viz.models import load_model
from swa_viz.patterns import Chunked, DilatedWindow, SinkWindow, SlidingWindow
from swa_viz.reach import diluted_influence, reach, reachable
from swa_viz.web.bundle import as_function, in_order
from tests.visitors import as_somebody_else
from tests.waits import copied_link, rested, sent_to_server, until

ARRIVES = 60_000
SCHEDULES = [
    (SlidingWindow(1),) * 3,
    (SlidingWindow(4),) * 6,
    (SlidingWindow(64),) * 2,
    (SlidingWindow(2), SlidingWindow(5), SlidingWindow(3)),
    (SinkWindow(3, 2), SlidingWindow(2)),
    (DilatedWindow(3, 4), Chunked(5)),
]


def staircase(page: Page):
    """The card with the reach of a real model."""
    return page.locator(".card:has([data-view=span])")


@pytest.fixture(scope="module")
def in_browser(chromium_browser):
    """Evaluate an expression of the module `reach` (here `$reach`) on some data."""
    page = chromium_browser.new_page()
    modules = "".join(as_function(name) for name in in_order("lessons/layers/mixing.js"))
    yield lambda expression, data: page.evaluate(
        f"(data) => {{ {modules} return {expression}; }}", data
    )
    page.close()


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_reach_is_the_same_as_in_python(in_browser, schedule):
    """The same patterns are asked again for a text of another length, as when somebody types."""
    rows = "data.asked.map((each) => $reach.reachable(data.schedule, ...each).map((r) => [...r]))"
    asked = [(5, 9), (0, 24), (5, 24), (23, 24)]
    payload = [pattern.to_plain() for pattern in schedule]
    found = in_browser(rows, {"schedule": payload, "asked": asked})
    expected = [reachable(schedule, *each).astype(int).tolist() for each in asked]
    assert found == expected


@pytest.mark.parametrize("layers, size", [(1, 1), (1, 9), (6, 1), (6, 4), (32, 256), (32, 4096)])
def test_the_closed_form_is_the_same_as_in_python(in_browser, layers, size):
    exact = in_browser(
        "$reach.exactReach(data.size, data.layers)", {"size": size, "layers": layers}
    )
    assert exact == reach((SlidingWindow(size),) * layers)


def test_the_kernel_over_a_text_is_the_same_far_from_its_start(in_browser):
    call = "[...$reach.dilutedShares(Array(3).fill(data), 20, 24, 0.25)]"
    shares = in_browser(call, {"kind": "sliding", "window_size": 5})
    expected = diluted_influence(5, 3, 0.25)
    np.testing.assert_allclose(shares[20 - 12 : 21][::-1], expected, atol=1e-15)
    assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize("own_share", [0.0, 0.3, 0.5, 0.75, 1.0])
def test_the_mixing_that_made_the_shares_is_found(in_browser, own_share):
    shares = np.zeros(24)
    shares[20 - 12 : 21] = diluted_influence(5, 3, own_share)[::-1]
    call = "$lessons_layers_mixing.fittedMixing(data.schedule, 20, data.shares)"
    schedule = [SlidingWindow(5).to_plain()] * 3
    fit = in_browser(call, {"schedule": schedule, "shares": shares.tolist()})
    assert fit["ownShare"] == pytest.approx(own_share, abs=1 / 32)
    assert fit["misplaced"] < 0.04


def test_the_fitted_formula_is_near_what_was_measured_on_the_model(in_browser):
    model = load_model("tiny-swa")
    schedule = [SlidingWindow(6)] * model.n_layers
    payload = influence_payload(model, model.encode(STORY), schedule, None)
    call = "$lessons_layers_mixing.fittedMixing(data.schedule, data.token, data.shares[0])"
    plain = [pattern.to_plain() for pattern in schedule]
    fit = in_browser(call, {**payload, "schedule": plain})
    assert 0.6 < fit["ownShare"] < 0.9
    assert fit["misplaced"] < 0.25


def test_a_route_jumps_as_far_as_windows_allow(in_browser):
    call = "[7, 12, 20, 21].map((key) => $reach.route(Array(3).fill(data), 20, 0, key))"
    found = in_browser(call, {"kind": "sliding", "window_size": 5})
    assert found == [None, [20, 16, 12, 12], [20, 20, 20, 20], None]
    sizes = [{"kind": "sliding", "window_size": size} for size in (2, 5, 3)]
    assert in_browser("$reach.route(data, 20, 1, 15)", sizes) == [20, 18, 15]


def test_the_nearest_tokens_that_carry_most_are_counted(in_browser):
    shares = [[0.5, 0.4, 0.1], [0.5, 0.399, 0.101], [0.5, 0.3999999, 0.1000001], [0.5, 0.1]]
    counts = in_browser("data.map((byAge) => $reach.nearestCarrying(byAge, 0.9))", shares)
    assert counts == [2, 3, 2, 2]


@pytest.fixture
def layers_page(open_page):
    """Open the page with some knobs, and wait until the model's numbers are on screen."""
    return lambda query="", **look: measured(open_page(f"layers{query}", **look))


@pytest.fixture
def static_page(open_site):
    """The page of the static lab, for what the server has no part in: there a visit costs least."""
    return lambda query="", **look: measured(open_site(f"layers.html{query}", **look))


def measured(page: Page) -> Page:
    """The page, as soon as the influence is on screen."""
    expect(page.locator(".finding")).to_contain_text("of the measured influence", timeout=ARRIVES)
    return page


def summary(page: Page):
    return page.locator(".cone ~ [role=status]")


def slider(page: Page, label: str):
    return page.locator(".slider", has_text=re.compile(f"^{label}")).locator("input")


def drag(page: Page, label: str, value: int) -> None:
    """Move a slider as a hand does that has not let go yet."""
    slider(page, label).evaluate(
        "(input, value) => { input.value = value;"
        " input.dispatchEvent(new window.Event('input', {bubbles: true})); }",
        value,
    )


def release(page: Page, label: str) -> None:
    slider(page, label).evaluate(
        "(input) => input.dispatchEvent(new window.Event('change', {bubbles: true}))"
    )


def cell(page: Page, token: int, n_tokens: int, row: int) -> dict[str, float]:
    """Where a square of the cone stands on a wide screen."""
    box = page.locator(".cone").bounding_box()
    pitch = min((box["width"] - 92 - 10) / n_tokens, 54)
    return {"x": 92 + (token - 0.5) * pitch, "y": 26 + 54 * (6 - row) + 11}


def the_cone_says_exact_and_round(page: Page) -> None:
    badge = page.locator(".badge").first
    expect(badge).to_have_text("exact reach 31 tokens · rule of thumb W × L = 36 (5 too many)")
    expect(summary(page)).to_contain_text("31 of 39 tokens can influence “him” (token 39)")
    assert "the ceiling is 31" in page.locator(".finding").inner_text()


def test_a_drag_redraws_without_the_server(layers_page):
    page = layers_page("?window=4")
    rested(page)
    sent = sent_to_server(page)
    for size in range(5, 9):
        drag(page, "Window W", size)
    expect(summary(page)).to_contain_text("39 of 39 tokens can influence")
    drag(page, "Layers L", 2)
    expect(summary(page)).to_contain_text(
        "After 2 layers, 15 of 39 tokens can influence “him” (token 39)"
    )
    expect(page.locator(".finding")).to_have_text(re.compile("^Let go to measure"))
    rested(page)
    assert sent == []
    release(page, "Layers L")
    measured(page)
    expect(page).to_have_url(re.compile(r"window=8.*layers=2|layers=2.*window=8"), timeout=ARRIVES)
    until(page, lambda: sent)


def hover_picks_click_locks_and_escape_unlocks(page: Page) -> None:
    cone = page.locator(".cone")

    def place(token: int, row: int = 6) -> dict:
        return cell(page, token, 39, row)

    cone.hover(position=place(20))
    expect(cone).to_have_attribute("aria-valuenow", "20")
    cone.click(position=place(30))
    expect(cone).to_have_attribute("aria-valuetext", re.compile(r"token 30\), locked"))
    cone.hover(position=place(12, 0))
    expect(cone).to_have_attribute("aria-valuenow", "30")
    expect(summary(page)).to_contain_text("18 tokens back, reached in 4 hops")
    cone.hover(position=place(36, 0))
    expect(summary(page)).to_contain_text("comes later")
    cone.press("Escape")
    expect(cone).not_to_have_attribute("aria-valuetext", re.compile("locked"))
    cone.click(position=place(30))
    expect(cone).to_have_attribute("aria-valuetext", re.compile("locked"))
    cone.click(position=place(30))
    expect(cone).not_to_have_attribute("aria-valuetext", re.compile("locked"))


def keys_walk_lock_and_unlock(page: Page) -> None:
    cone = page.locator(".cone")
    cone.focus()
    page.keyboard.press("Home")
    expect(cone).to_have_attribute("aria-valuenow", "1")
    for token in (2, 3, 4):
        page.keyboard.press("ArrowRight")
        expect(cone).to_have_attribute("aria-valuenow", str(token))
    expect(summary(page)).to_contain_text("4 of 39 tokens can influence")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("token=4"), timeout=ARRIVES)
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("token="), timeout=ARRIVES)


def test_a_copied_link_restores_the_view(layers_page):
    link = "?window=3&layers=4&token=9&scale=log&preset=custom&span_window=5000&span_layers=7"
    page = layers_page(link)
    page.get_by_label("Your text").fill("In the beginning God created the heaven and the earth")
    expect(summary(page)).to_contain_text("“earth”", timeout=ARRIVES)
    page.locator(".cone").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    assert "beginning" not in page.url
    copied = copied_link(page)
    as_somebody_else(page, copied)
    measured(page)
    expect(page.get_by_label("Your text")).to_have_value(re.compile("^In the beginning"))
    expect(page.locator(".cone")).to_have_attribute("aria-valuetext", "“In” (token 1), locked")
    expect(page.get_by_label("logarithmic")).to_be_checked()
    assert slider(page, "Window W").input_value() == "3"
    expect(staircase(page)).to_contain_text("34,994 tokens")


def two_keys_within_one_frame_act_one_after_the_other(page: Page) -> None:
    page.locator(".cone").evaluate(
        """(cone) => ["Home", "Enter"].forEach((key) =>
        cone.dispatchEvent(new window.KeyboardEvent("keydown", {key, bubbles: true})))"""
    )
    expect(page.locator(".cone")).to_have_attribute("aria-valuetext", re.compile("token 1.*locked"))


def test_a_token_is_chosen_by_keys_and_by_hand(static_page):
    page = static_page()
    keys_walk_lock_and_unlock(page)
    hover_picks_click_locks_and_escape_unlocks(page)
    two_keys_within_one_frame_act_one_after_the_other(page)


def says_of_a_real_size(page: Page, exact: str, less: str) -> None:
    card = staircase(page)
    noun = "token" if exact == "1" else "tokens"
    expect(card.locator(".badge").first).to_have_text(f"exact reach {exact} {noun}")
    expect(card).to_contain_text(less)


@pytest.mark.parametrize(
    "query, exact, less",
    [
        ("?preset=32x256", "8,161", "The rule of thumb is 31 too large"),
        ("?preset=custom&span_window=1&span_layers=64", "1", "nothing travels"),
        ("?preset=custom&span_window=8192&span_layers=64", "524,225", "is 63 too large"),
        ("?preset=custom&span_window=8192&span_layers=1", "8,192", "both figures are the same"),
    ],
)
def test_real_sizes(open_site, query, exact, less):
    says_of_a_real_size(open_site(f"layers.html{query}"), exact, less)


def moving_a_preset_makes_it_your_own(page: Page) -> None:
    drag(page, "The model's layers L", 8)
    release(page, "The model's layers L")
    expect(page.get_by_role("radio", name="your own")).to_be_checked()
    expect(staircase(page)).to_contain_text("32,761 tokens")
    page.get_by_text("textbook 32 × 256").click()
    expect(staircase(page)).to_contain_text("8,161 tokens")


def test_the_first_view_says_reaches_and_its_model_can_be_changed(static_page):
    page = static_page()
    the_cone_says_exact_and_round(page)
    says_of_a_real_size(page, "131,041", "The rule of thumb is 31 too large")
    moving_a_preset_makes_it_your_own(page)


def test_texts_at_the_limits(static_page):
    page = static_page("?window=40", live=True)
    expect(page.locator(".lead").first).to_contain_text("W covers this whole text")
    text = page.get_by_label("Your text")
    text.fill("")
    expect(page.locator(".empty")).to_contain_text("Type a word", timeout=ARRIVES)
    expect(page.locator(".cone")).to_be_hidden()
    text.fill("The")
    expect(summary(page)).to_contain_text("1 of 1 token can influence", timeout=ARRIVES)
    text.fill("<img src=x onerror=alert(1)> 👩‍👩‍👧 مرحبا **é**")
    expect(page.locator(".cone")).to_have_attribute(
        "aria-valuetext", re.compile(r"token \d\d"), timeout=ARRIVES
    )
    measured(page)


@pytest.mark.parametrize("query", ["", "?embed=true&theme=auto"])
def test_it_fits_a_phone(layers_page, query):
    page = layers_page(query, width=390, height=800)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        expect(page.locator(".lab")).to_have_attribute("data-theme", theme)
        rested(page)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 390, theme
        assert page.locator(".cone").bounding_box()["width"] <= 350, theme
