"""What holds for every page: it fits, it is accessible, it embeds, it follows the theme."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from swa_viz.lessons import LESSONS
from tests.waits import menu_links, rested

LABS = [name for name, lesson in LESSONS.items() if lesson.panel == "lab"]
NUMBERS = '.lab .engine:not([data-engine=""])'  # the model has answered


def picture_of(name: str) -> str:
    """What a page has drawn when it is complete."""
    if name not in LABS:
        return ".lab .chart .line"
    return NUMBERS if LESSONS[name].requests else ".lab .card:visible"


def opened(open_page, name: str, query: str = "", **look) -> Page:
    """A page whose pictures are there."""
    page = open_page(f"{'' if name == 'home' else name}{query}", **look)
    page.wait_for_selector(picture_of(name))
    page.wait_for_function("document.fonts.status === 'loaded'")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    return page


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("dark, widths", [(False, (1280, 390)), (True, (390, 1280))])
def test_it_fits_follows_the_theme_and_is_accessible(open_page, name, dark, widths):
    """With the model in the browser, as it comes to most visitors, and again in the other width."""
    page = opened(open_page, name, dark=dark, width=widths[0], live=True)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("(width) => window.innerWidth === width", arg=width)
        rested(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        violations = Axe().run(page, context=".stMain").response["violations"]
        found = [(v["id"], [node["html"][:90] for node in v["nodes"]]) for v in violations]
        assert found == [], width
        # On a phone the menu is behind a button.
        labels = [each.label for each in LESSONS.values()] if width > 800 else []
        expect(menu_links(page)).to_have_text(labels)
    if name in LABS:
        assert page.locator(".lab").get_attribute("data-theme") == ("dark" if dark else "light")
    expect(page).to_have_title(LESSONS[name].tab_title)


@pytest.mark.parametrize("name", LESSONS)
def test_embedded_it_shows_the_picture_and_its_controls_without_menus(open_page, name):
    page = opened(open_page, name, "?embed=true")
    assert menu_links(page).count() == 0
    assert page.get_by_text("Show me the code").count() == 0
    assert page.get_by_role("slider").count() + page.get_by_role("radio").count() > 0
