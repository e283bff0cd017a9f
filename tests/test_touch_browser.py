"""A finger reaches what a mouse does: it cannot rest on the screen, so what it taps stays."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.waits import rested


@pytest.fixture
def on_phone(open_site):
    """`on_phone("window.html")` -> the page on a phone."""
    return lambda path, **look: open_site(path, width=390, touch=True, **look)


def matrix(page: Page):
    return page.locator("[data-view=matrix-window]")


def a_tapped_cell_shows_its_number_until_the_next_tap(page: Page) -> None:
    told = matrix(page).locator(".told")
    expect(told).to_have_text("Tap a cell to read it.")
    canvas = matrix(page).locator("canvas")
    box = canvas.bounding_box()
    near_the_top = {"x": box["width"] * 0.3, "y": 4}
    canvas.tap(position=near_the_top)
    expect(told).to_contain_text("query “When” (1)")
    first = told.text_content()
    page.get_by_role("heading", level=1).tap()
    rested(page)
    assert told.text_content() == first
    canvas.tap(position={"x": box["width"] * 0.9, "y": box["width"] * 0.5})
    expect(told).not_to_have_text(first)
    expect(told).to_contain_text("query")


def a_tapped_token_shows_its_arcs(page: Page) -> None:
    chip = page.locator("[data-view=tokens] [data-token='7']")
    chip.tap()
    expect(chip).to_have_attribute("data-role", "query")
    keys = "all => all.map(({ dataset }) => dataset.query + ' ' + dataset.key)"
    expect(page.locator(".arcs path")).to_have_count(3)
    assert sorted(page.locator(".arcs path").evaluate_all(keys)) == ["7 4", "7 5", "7 6"]


def test_a_tapped_token_and_a_tapped_cell_are_read(on_phone):
    page = on_phone("attention.html?window=4")
    a_tapped_cell_shows_its_number_until_the_next_tap(page)
    a_tapped_token_shows_its_arcs(page)


@pytest.mark.parametrize("name", ["window", "attention"])
def test_a_phone_shows_one_matrix_and_a_switch_and_paper_shows_both(on_phone, name):
    page = on_phone(f"{name}.html")
    full = page.locator("[data-view=matrix-full]")
    expect(matrix(page)).to_be_visible()
    expect(full).to_be_hidden()
    page.get_by_text("Full attention", exact=True).and_(page.locator("span")).tap()
    expect(full.locator("canvas")).to_be_visible()
    expect(matrix(page)).to_be_hidden()
    page.emulate_media(media="print")
    expect(full).to_be_visible()
    expect(matrix(page)).to_be_visible()


def test_there_is_no_switch_on_a_laptop_or_where_the_address_wants_one_matrix(open_site, on_phone):
    page = open_site("window.html")
    expect(page.locator("[data-view=matrix-full]")).to_be_visible()
    expect(matrix(page)).to_be_visible()
    expect(page.locator(".pair > .segmented")).to_be_hidden()
    page = on_phone("window.html?show=matrix-full")
    expect(page.locator("[data-view=matrix-full]")).to_be_visible()
    expect(page.locator(".pair > .segmented")).to_be_hidden()


def a_finger_scrolls_the_page_over(canvas: Locator) -> None:
    assert canvas.evaluate("(canvas) => getComputedStyle(canvas).touchAction") == "manipulation"


def test_a_second_tap_on_a_cell_locks_its_query(on_phone):
    page = on_phone("window.html")
    canvas = matrix(page).locator("canvas")
    a_finger_scrolls_the_page_over(canvas)
    canvas.tap(position={"x": 40, "y": 40})
    rested(page)
    assert "token=" not in page.url
    canvas.tap(position={"x": 40, "y": 40})
    page.wait_for_url(re.compile(r"token=\d"))


def a_tapped_cell_of_the_cone_shows_the_way_to_it(page: Page) -> None:
    cone = page.locator("[data-view=cone] canvas")
    a_finger_scrolls_the_page_over(cone)
    told = page.locator("[data-view=cone] .told")
    expect(told).to_contain_text("Tap a cell below")
    box = cone.bounding_box()
    low = 26 + 54 * 6 + 11
    cone.tap(position={"x": box["width"] * 0.8, "y": low})
    expect(told).to_contain_text("in the text")
    expect(told).to_contain_text("tokens back")
    expect(cone).not_to_have_attribute("aria-valuetext", re.compile("locked"))
    top = cone.get_attribute("aria-valuenow")
    rested(page)
    expect(told).to_contain_text("tokens back")
    cone.tap(position={"x": box["width"] * 0.7, "y": 26 + 11})
    expect(cone).not_to_have_attribute("aria-valuenow", top)


def a_tapped_bar_is_read(page: Page) -> None:
    told = page.locator("[data-view=influence] .told")
    expect(told).to_have_text("Tap a bar to read its numbers.")
    page.locator("[data-view=influence] svg").tap(position={"x": 250, "y": 150})
    expect(told).to_contain_text("back: ")
    rested(page)
    expect(told).to_contain_text("back: ")


def test_a_tapped_cell_of_the_cone_and_a_tapped_bar_are_read(on_phone):
    page = on_phone("layers.html")
    a_tapped_bar_is_read(page)
    a_tapped_cell_of_the_cone_shows_the_way_to_it(page)
