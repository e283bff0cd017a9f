"""A server that has just started shows its first visitor what every later one sees."""

import pytest
from playwright.sync_api import expect

from swa_viz.lessons import LESSONS
from tests.conftest import running_lab
from tests.waits import menu_links


@pytest.mark.parametrize("script", ["asgi.py", "app.py"])
def test_a_copied_link_brings_the_page_and_the_menu(chromium_browser, tmp_path, script):
    with running_lab(tmp_path / "lab.log", script) as url:
        page = chromium_browser.new_page()
        page.goto(f"{url}/window")
        expect(page.get_by_role("heading", name=LESSONS["window"].title)).to_be_visible()
        expect(menu_links(page)).to_have_count(len(LESSONS))
        expect(page.locator(".lab .card").first).to_be_visible()
        page.close()
