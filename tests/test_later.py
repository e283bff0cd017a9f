"""What a lesson needs later: files of a host that keeps them apart, else a part of the page."""

import json
import re
import sys
from http.client import HTTPConnection
from threading import Event
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from swa_viz.export.lab_data import PAGES, knobs_from, page_data
from swa_viz.export.single import single_file
from swa_viz.lessons import LESSONS
from swa_viz.lessons.later import later_files
from swa_viz.ui.serving import later
from swa_viz.ui.serving.headers import KEPT

BEYOND = LESSONS["beyond"]
FILES = later_files("beyond")
IMAGE = "beyond.html?sequence=image"


def got(url: str, path: str) -> tuple[int, str | None, bytes]:
    """What the server answers: its status, how long it may be kept, and its body."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.getheader("Cache-Control"), answer.read()
    connection.close()
    return found


@pytest.mark.parametrize("name", BEYOND.later)
def test_the_server_has_each_part_as_a_file_that_is_kept(app_url, name):
    file, text = FILES[name]
    status, kept, body = got(app_url, f"/later/{file}")
    assert (status, kept) == (200, KEPT)
    assert body.decode() == text and json.loads(text) == BEYOND.later[name]


def test_there_is_no_other_file(app_url):
    assert got(app_url, "/later/beyond-readers.0123456789abcdef.json")[0] == 404


def test_a_server_without_these_routes_sends_them_along(monkeypatch):
    module = sys.modules[later.__module__]
    monkeypatch.setattr(module, "served", Event())
    assert module.later_addresses("beyond") == {}
    module.served.set()
    assert module.later_addresses("beyond").keys() == BEYOND.later.keys()


def test_the_page_of_the_server_says_where_they_are(open_page):
    page = open_page("beyond?sequence=code&picture=digit")
    with page.expect_response(re.compile("/later/")) as response:
        page.get_by_role("radio", name="Image").check(force=True)
    assert response.value.url.endswith(f"/later/{FILES['readers'][0]}")


def test_a_page_alone_holds_them():
    data = page_data(BEYOND, knobs_from(BEYOND, {}))
    assert data["later"] == {name: {"data": part} for name, part in BEYOND.later.items()}
    assert FILES["readers"][1] in single_file(PAGES["beyond"], {})


def rows(page: Page):
    return page.locator("[data-view=digit-examples] tbody")


def test_the_static_page_fetches_them_when_they_are_needed(open_site):
    asked = []
    page = open_site("beyond.html?sequence=code")
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("radio", name="Image").check(force=True)
    expect(rows(page)).to_contain_text("%")
    page.get_by_role("radio", name="Code").check(force=True)
    page.get_by_role("radio", name="Image").check(force=True)
    assert [url.rsplit("/", 1)[1] for url in asked if "assets/beyond-" in url] == [
        FILES["readers"][0]
    ]


def test_readers_that_do_not_come_are_said_and_asked_for_again(open_site, problems):
    page = open_site("beyond.html?sequence=code")
    page.route("**/beyond-readers.*", lambda route: route.fulfill(status=503))
    page.get_by_role("radio", name="Image").check(force=True)
    card = page.locator("[data-view=digit-examples]")
    expect(card).to_contain_text("The readers could not be fetched.")
    expect(rows(page)).not_to_contain_text("%")
    page.unroute("**/beyond-readers.*")
    card.locator(".chip").nth(2).click()
    expect(rows(page)).to_contain_text("%")
    expect(card).not_to_contain_text("could not be fetched")
    assert "503" in problems.pop()


def test_a_recording_is_fetched_when_it_is_played_and_can_be_stopped(open_site):
    page = open_site("beyond.html?sequence=sound")
    with page.expect_response(re.compile("beyond-sounds")):
        page.get_by_role("button", name="▶ Play").click()
    page.get_by_role("button", name="■ Stop").click()
    expect(page.get_by_role("button", name="▶ Play")).to_be_visible()
