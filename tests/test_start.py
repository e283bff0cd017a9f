"""The first visitor of a server that has just started sees what every later visitor sees."""


def test_a_copied_link_brings_the_menu(chromium_browser, fresh_app_url):
    page = chromium_browser.new_page()
    page.goto(f"{fresh_app_url}/window")
    page.wait_for_selector("h1")
    page.wait_for_selector('[data-testid="stTopNavLink"]', timeout=10_000)
    page.close()
