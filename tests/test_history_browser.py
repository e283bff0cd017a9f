"""Back leads to the page before, and the address always names what is on screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.waits import copied_link, menu_links

ARRIVES_MS = 30_000
QUIET_MS = 800


@pytest.fixture
def lab(open_page):
    """Open a page with a lab, and wait until the lab stands there."""

    def opened(path: str) -> Page:
        page = open_page(path)
        slider(page).wait_for(timeout=ARRIVES_MS)
        return page

    return opened


def slider(page: Page):
    return page.get_by_role("slider", name="Window W", exact=True)


def steps(page: Page) -> int:
    """How many entries the browser's history has."""
    return page.evaluate("window.history.length")


def move(page: Page, value: int) -> None:
    """Move W and let go."""
    slider(page).evaluate(
        "(input, value) => { input.value = value;"
        " for (const name of ['input', 'change'])"
        " input.dispatchEvent(new window.Event(name, {bubbles: true})); }",
        value,
    )


def follow_menu(page: Page, name: str, title: str) -> None:
    """Go to another lesson by the menu."""
    menu_links(page).filter(has_text=name).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=ARRIVES_MS)


# Long enough for a window of 19 tokens.
LINKED = "given by a link to a text with so many words that all the windows fit in here"
WINDOW, ATTENTION = "Which keys does a query read?", "Which tokens attend where?"


def ten_moves_are_no_step_of_the_history(page: Page) -> None:
    before = steps(page)
    for value in range(10, 20):
        move(page, value)
    page.wait_for_url(re.compile(r"attention\?.*window=19"), timeout=ARRIVES_MS)
    assert "layer=2" in page.url and "embed_options=light_theme" in page.url
    page.wait_for_timeout(QUIET_MS)
    assert steps(page) == before


def test_the_default_leaves_the_address_and_nonsense_too(lab):
    page = lab("window?window=-5&pattern=nothing&tokens=40&embed=true")
    page.wait_for_url(
        re.compile(r"window\?window=1&tokens=40&embed=true&embed_options=light_theme$")
    )
    move(page, 6)
    page.wait_for_url(re.compile(r"window\?tokens=40&embed=true&embed_options=light_theme$"))


def test_the_menu_keeps_what_was_set_and_back_restores_what_was_shown(lab):
    page = lab("window?window=9")
    follow_menu(page, "Attention", ATTENTION)
    slider(page).wait_for()
    assert "window=" not in page.url
    move(page, 7)
    page.wait_for_url(re.compile(r"attention\?window=7$"))
    follow_menu(page, "Window", WINDOW)
    expect(slider(page)).to_have_value("9", timeout=ARRIVES_MS)
    page.wait_for_url(re.compile(r"window\?window=9$"))
    move(page, 3)
    page.wait_for_url(re.compile(r"window\?window=3$"))
    page.go_back()
    expect(page.get_by_role("heading", name=ATTENTION)).to_be_visible(timeout=ARRIVES_MS)
    expect(slider(page)).to_have_value("7", timeout=ARRIVES_MS)
    page.go_back()
    expect(page.get_by_role("heading", name=WINDOW)).to_be_visible(timeout=ARRIVES_MS)
    expect(slider(page)).to_have_value("9", timeout=ARRIVES_MS)
    page.wait_for_url(re.compile(r"window\?window=9$"))
    page.go_back()
    assert page.url == "about:blank"


def test_who_leaves_in_the_moment_of_a_move_finds_the_other_page(lab):
    """Neither page gets a part of the other one, and no address the other one's knobs."""
    page = lab("window")
    for pause_ms in (0, 4, 8, 30):
        move(page, 9)
        page.wait_for_url(re.compile(r"window\?window=9$"))
        follow_menu(page, "Attention", ATTENTION)
        slider(page).wait_for()
        move(page, 5)
        page.wait_for_timeout(pause_ms)
        page.go_back()
        expect(page.get_by_role("heading", name=WINDOW)).to_be_visible(timeout=ARRIVES_MS)
        expect(slider(page), f"after {pause_ms} ms").to_have_value("9", timeout=ARRIVES_MS)
        page.wait_for_url(re.compile(r"window\?window=9$"))
        move(page, 6)
        page.wait_for_timeout(pause_ms)
        follow_menu(page, "Attention", ATTENTION)
        expect(slider(page)).to_be_visible(timeout=ARRIVES_MS)
        follow_menu(page, "Window", WINDOW)
        slider(page).wait_for()


def a_reload_and_a_link_keep_the_view_and_a_typed_text_leaves_the_address(page: Page) -> None:
    box = page.get_by_label("Your text")
    expect(box).to_have_value(LINKED)
    move(page, 3)
    page.wait_for_url(re.compile("window=3"))
    page.reload()
    expect(slider(page)).to_have_value("3", timeout=ARRIVES_MS)
    expect(box).to_have_value(LINKED)
    assert "layer=2" in page.url and "text=given+by+a+link" in page.url
    box.fill("typed by hand")
    box.press("Enter")
    page.wait_for_url(lambda url: "window=3" in url and "text=" not in url)
    assert "layer=2" in page.url
    copied = copied_link(page)
    assert "text=typed+by+hand" in copied and "window=3" in copied
    assert "typed" not in page.url


def test_moves_a_reload_and_a_text_are_no_step_of_the_history(lab):
    text = LINKED.replace(" ", "+")
    page = lab(f"attention?text={text}&window=5&layer=2&embed_options=light_theme")
    expect(slider(page)).to_have_value("5")
    ten_moves_are_no_step_of_the_history(page)
    a_reload_and_a_link_keep_the_view_and_a_typed_text_leaves_the_address(page)
    page.go_back()
    assert page.url == "about:blank"


def test_the_speed_page_makes_no_steps_either(open_page):
    page = open_page("speed")
    page.wait_for_selector(".lab .chart .line", timeout=ARRIVES_MS)
    before = steps(page)
    for choice in ("training step", "forward pass", "training step"):
        page.get_by_role("radio", name=choice).click()
        page.wait_for_timeout(QUIET_MS)
    page.wait_for_url(re.compile(r"speed\?step=training(\+|%20)step$"))
    assert steps(page) == before
    page.go_back()
    assert page.url == "about:blank"
