"""What holds for every page: it fits, it is accessible, it embeds, it follows the theme."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PAGES = sorted(path.stem for path in Path("pages").glob("*.py"))


def opened(open_page, name: str, query: str = "", **look) -> Page:
    """A page whose pictures are there."""
    page = open_page(f"{'' if name == 'home' else name}{query}", **look)
    page.wait_for_selector(".js-plotly-plot" if name == "speed" else ".lab .card")
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_is_accessible(open_page, name, dark, width):
    page = opened(open_page, name, dark=dark, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(page, context=".stMain").response["violations"]
    found = [(v["id"], [node["html"][:90] for node in v["nodes"]]) for v in violations]
    assert found == []


@pytest.mark.parametrize("name", [name for name in PAGES if name != "speed"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_lab_follows_the_theme(open_page, name, dark):
    page = opened(open_page, name, dark=dark)
    assert page.locator(".lab").get_attribute("data-theme") == ("dark" if dark else "light")


@pytest.mark.parametrize("name", PAGES)
def test_embedded_it_shows_the_picture_and_its_controls_without_menus(open_page, name):
    page = opened(open_page, name, "?embed=true")
    assert page.get_by_test_id("stTopNavLink").count() == 0
    assert page.get_by_text("Show me the code").count() == 0
    assert page.get_by_role("slider").count() + page.get_by_role("radio").count() > 0
