"""What holds for every page: it fits, it is accessible, it embeds, it follows the theme."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from swa_viz.lessons import LESSONS

LABS = [name for name, lesson in LESSONS.items() if lesson.panel == "lab"]
NUMBERS = '.lab .engine:not([data-engine=""])'  # the model has answered


def picture_of(name: str) -> str:
    """What a page has drawn when it is complete."""
    if name not in LABS:
        return ".js-plotly-plot"
    return NUMBERS if LESSONS[name].requests else ".lab .card"


def opened(open_page, name: str, query: str = "", **look) -> Page:
    """A page whose pictures are there."""
    page = open_page(f"{'' if name == 'home' else name}{query}", **look)
    page.wait_for_selector(picture_of(name))
    page.wait_for_function("document.fonts.status === 'loaded'")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    return page


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_is_accessible(open_page, name, dark, width):
    page = opened(open_page, name, dark=dark, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(page, context=".stMain").response["violations"]
    found = [(v["id"], [node["html"][:90] for node in v["nodes"]]) for v in violations]
    assert found == []


@pytest.mark.parametrize("name", LESSONS)
def test_the_tab_names_the_lesson(open_page, name):
    lesson = LESSONS[name]
    page = opened(open_page, name)
    expect(page).to_have_title(lesson.tab_title)
    assert page.get_by_test_id("stTopNavLink").all_inner_texts() == [
        each.label for each in LESSONS.values()
    ]


@pytest.mark.parametrize("name", LABS)
@pytest.mark.parametrize("dark", [False, True])
def test_the_lab_follows_the_theme(open_page, name, dark):
    page = opened(open_page, name, dark=dark)
    assert page.locator(".lab").get_attribute("data-theme") == ("dark" if dark else "light")


@pytest.mark.parametrize("name", LESSONS)
def test_embedded_it_shows_the_picture_and_its_controls_without_menus(open_page, name):
    page = opened(open_page, name, "?embed=true")
    assert page.get_by_test_id("stTopNavLink").count() == 0
    assert page.get_by_text("Show me the code").count() == 0
    assert page.get_by_role("slider").count() + page.get_by_role("radio").count() > 0
