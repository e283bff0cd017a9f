"""What holds for every page: it fits, it is accessible, it embeds, it follows the theme."""

import pytest
from playwright.sync_api import Page, expect

from swa_viz.lessons import LESSONS
from tests.accessibility import too_pale, violations
from tests.waits import menu_links, rested, until_true

LABS = [name for name, lesson in LESSONS.items() if lesson.panel == "lab"]
# Dark or not, and the width; one thing changes at a time.
LOOKS = [(False, 1280), (False, 390), (True, 390), (True, 1280)]
# A lab's colours are the same on both hosts, so that each host has them looked at in two of the
# four ways: the server's pages in these, and the static ones in the others (test_static_site.py).
LAB_LOOKS_HERE = [(False, 1280), (True, 390)]
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
    page.evaluate("document.fonts.ready")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.locator(".lab .stale")).to_have_count(0)  # later pictures are dim until they come
    return page


@pytest.mark.parametrize("name", LESSONS)
def test_it_fits_follows_the_theme_and_is_accessible(open_page, name):
    """With the model in the browser, as most visitors have it, in two colours and two widths."""
    page = opened(open_page, name, width=1280, live=True)
    for dark, width in LOOKS:
        theme = "dark" if dark else "light"
        page.emulate_media(color_scheme=theme)
        expect(page.locator(".stApp")).to_have_css("color-scheme", theme)
        page.set_viewport_size({"width": width, "height": 900})
        until_true(page, "(width) => window.innerWidth === width", width)
        if name in LABS:
            expect(page.locator(".lab")).to_have_attribute("data-theme", theme)
        rested(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        elsewhere = LESSONS[name].static and (dark, width) not in LAB_LOOKS_HERE
        found = too_pale if dark else violations
        assert found(page, ".stMain", ".lab" if elsewhere else "") == [], (dark, width)
        # On a phone the menu is behind a button.
        labels = [each.label for each in LESSONS.values()] if width > 800 else []
        expect(menu_links(page)).to_have_text(labels)
    expect(page).to_have_title(LESSONS[name].tab_title)


@pytest.mark.parametrize("name", LESSONS)
def test_embedded_it_shows_the_picture_and_its_controls_without_menus(open_page, name):
    page = opened(open_page, name, "?embed=true")
    assert menu_links(page).count() == 0
    assert page.get_by_text("Show me the code").count() == 0
    assert page.get_by_role("slider").count() + page.get_by_role("radio").count() > 0
