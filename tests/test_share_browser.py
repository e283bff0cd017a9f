"""Share: the link to this view, the lines for another page, and the page in one file."""

import json
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from swa_viz.lessons import LESSONS
from swa_viz.ui.elsewhere import STATIC_URL, files_of, static_page

ELSEWHERE = "https://lab.example/swa/attention.html"
TEXT = 'He put the money in the "bank" & left'


class Frame(HTMLParser):
    """The attributes of the one frame in some lines of HTML."""

    def __init__(self, lines: str):
        super().__init__()
        self.found = {}
        self.feed(lines)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        if tag == "iframe":
            self.found = dict(attributes)


def panel(page: Page):
    page.get_by_role("button", name="Share", exact=True).click()
    return page.locator(".share-panel")


def frame_of(shared) -> tuple[str, dict, str]:
    """Where the frame leads, what it wishes, and its style."""
    frame = Frame(shared.get_by_label("The lines for your page").input_value()).found
    address, _, query = frame["src"].partition("?")
    return address, {name: words[-1] for name, words in parse_qs(query).items()}, frame["style"]


def copied(page: Page, button) -> str:
    button.click()
    expect(button).to_have_text("Copied")
    return page.evaluate("navigator.clipboard.readText()")


def the_link_leads_to_this_view_with_its_text(shared):
    copy = shared.locator(".share-line button")
    link = copied(shared.page, copy.first)
    assert link == shared.get_by_label("The link to this view").input_value()
    words = parse_qs(urlsplit(link).query)
    assert words == {"window": ["5"], "text": [TEXT]}
    lines = copied(shared.page, copy.last)
    assert lines == shared.get_by_label("The lines for your page").input_value()


def test_link_and_frame_lead_to_this_view_and_say_what_was_chosen(open_site):
    page = open_site("attention.html?window=5", live=True)
    page.get_by_label("Your text").fill(TEXT)
    page.locator(".chip", has_text="money").wait_for()
    shared = panel(page)
    the_link_leads_to_this_view_with_its_text(shared)
    address, wishes, style = frame_of(shared)
    assert address.endswith("/attention.html")
    assert wishes == {"window": "5", "text": TEXT, "embed": "true", "theme": "light"}
    assert "width:100%;height:450px" in style
    assert "swa-viz:height" in shared.get_by_label("The lines for your page").input_value()

    shared.get_by_label("Size").select_option("slide")
    shared.get_by_label("Colours").select_option("auto")
    shared.get_by_text("Controls", exact=True).click()
    shared.get_by_label("Layer", exact=True).select_option("fixed")
    shared.get_by_label("Head", exact=True).select_option("hidden")
    shared.get_by_label("(matrix-full)").uncheck()
    _, wishes, style = frame_of(shared)
    assert (wishes["theme"], wishes["lock"], wishes["hide"]) == (
        "auto",
        "layer",
        "matrix-full,head",
    )
    assert "width:800px;height:600px" in style
    assert "<script" not in shared.get_by_label("The lines for your page").input_value()


def test_a_picture_is_shared_alone_and_the_preview_shows_it(open_site):
    page = open_site("attention.html?window=5")
    page.get_by_label("Save this picture: matrix-window").click()
    page.get_by_role("button", name="Link or frame…").click()
    shared = page.locator(".share-panel")
    assert frame_of(shared)[1]["show"] == "matrix-window"
    preview = shared.frame_locator("iframe")
    expect(preview.locator("[data-view=matrix-window] canvas")).to_be_visible()
    expect(preview.locator("[data-view=tokens]")).to_be_hidden()


def test_the_static_page_comes_first_where_there_is_one(open_site):
    def elsewhere(page: Page) -> None:
        def changed(route):
            body = route.fetch().text()
            route.fulfill(body=body.replace('"static_page":""', f'"static_page":"{ELSEWHERE}"'))

        page.route("**/attention.html*", changed, times=1)  # the preview comes as it is

    page = open_site("attention.html?window=5", before=elsewhere)
    address, wishes, _ = frame_of(panel(page))
    assert address == ELSEWHERE
    assert wishes["window"] == "5"


@pytest.mark.parametrize(
    "site, found",
    [
        ("", ""),
        ("javascript:alert(1)", ""),
        ("https://lab.example/swa/", ELSEWHERE),
        ("https://lab.example/swa", ELSEWHERE),
    ],
)
def test_the_setting_names_the_static_host(monkeypatch, site, found):
    monkeypatch.setenv(STATIC_URL, site)
    assert static_page(LESSONS["attention"]) == found
    member = LESSONS["attention"].about("family-w8")
    assert static_page(member) == found.replace(".html", "-family-w8.html")
    for nowhere in (LESSONS["speed"], LESSONS["attention"].about("smollm2-135m")):
        assert static_page(nowhere) == "" and files_of(nowhere) == {}


def asked(app_url: str, path: str, body: bytes) -> tuple[int, str]:
    connection = HTTPConnection(urlsplit(app_url).netloc, timeout=120)
    connection.request("POST", f"/{path}", body=body)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_the_server_writes_the_page_into_one_file(app_url, visit, tmp_path):
    knobs = {"window": 5, "text": "The cat sat", "layer": "<b>", "unknown": 1}
    path = files_of(LESSONS["attention"])["light"]
    status, text = asked(app_url, path, json.dumps(knobs).encode())
    assert status == 200
    file = tmp_path / "attention.html"
    file.write_text(text, encoding="utf-8")
    page = visit(file.as_uri(), only=file.as_uri())
    expect(page.get_by_label("Your text")).to_have_value("The cat sat")
    expect(page.locator("[data-knob=window] output")).to_have_text("5 keys")


def test_the_server_writes_the_page_about_a_model_that_came_with_the_lab(app_url):
    path = files_of(LESSONS["attention"])["light"]
    for model, found in (("family-w8", "family-w8"), ("nobody", "tiny-swa"), (5, "tiny-swa")):
        body = json.dumps({"model": model, "text": "The cat sat"}).encode()
        assert f'"model":{{"name":"{found}"' in asked(app_url, path, body)[1]


@pytest.mark.parametrize(
    "path, body, status",
    [
        ("one-file/speed/whole", b"{}", 404),
        ("one-file/window/exe", b"{}", 404),
        ("one-file/window/whole", b"x" * 100_000, 413),
        ("one-file/window/whole", b"no JSON", 200),
    ],
)
def test_nonsense_gets_no_file_or_the_page_as_it_begins(app_url, path, body, status):
    assert asked(app_url, path, body)[0] == status


def test_a_visitor_gets_the_file(open_page, tmp_path):
    page = open_page("window?window=7")
    shared = panel(page)
    with page.expect_download() as download:
        shared.get_by_role("button", name="With the model").click()
    assert download.value.suggested_filename == "window.html"
    download.value.save_as(tmp_path / "window.html")
    assert '"default":7' in (tmp_path / "window.html").read_text(encoding="utf-8")
