"""A server that has just started shows its first visitor what every later one sees.

The one that app.py starts is looked at in test_large_model_browser.py.
"""

from playwright.sync_api import Browser, expect

from swa_viz.lessons import LESSONS
from tests.conftest import running_lab
from tests.waits import menu_links


def a_copied_link_brings_the_page_and_the_menu(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(f"{url}/window")
    expect(page.get_by_role("heading", name=LESSONS["window"].title)).to_be_visible()
    expect(menu_links(page)).to_have_count(len(LESSONS))
    expect(page.locator(".lab .card").first).to_be_visible()
    page.close()


def test_started_by_asgi_py(chromium_browser, tmp_path):
    with running_lab(tmp_path / "lab.log", "asgi.py") as url:
        a_copied_link_brings_the_page_and_the_menu(chromium_browser, url)
