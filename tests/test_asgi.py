"""What stands between the lab and the network: headers, compression, health, the document."""

import gzip
import re
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from streamlit.file_util import get_static_dir

from swa_viz.browser_model.files import manifest
from swa_viz.lessons import LESSONS
from swa_viz.ui.serving import FRAME_ANCESTORS
from swa_viz.ui.serving.document import document, with_streamlits_words
from swa_viz.ui.serving.headers import KEPT, frame_rule
from tests.conftest import ROOT, running
from tests.waits import menu_links

LINKS = re.findall(r'(?:href|src)="\./([^"]+)"', document())
SCRIPT = max(
    (link for link in LINKS if re.match("static.*js$", link)),
    key=lambda link: (Path(get_static_dir()) / link).stat().st_size,
)


def ask(url: str, path: str, **headers: str) -> HTTPResponse:
    """What the server at `url` answers, as it is: not unpacked, and no other address followed."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request("GET", f"/{path}", headers=headers)
    answer = connection.getresponse()
    answer.content = answer.read()
    connection.close()
    return answer


def packed(url: str, path: str) -> HTTPResponse:
    """What a browser is answered, which can unpack."""
    return ask(url, path, **{"Accept-Encoding": "gzip, deflate, br"})


@pytest.mark.parametrize(
    "path", ["", "window", SCRIPT, "healthz", "app/static/icon.png", "_stcore/nothing"]
)
def test_every_answer_has_the_headers(app_url, path):
    headers = ask(app_url, path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "object-src 'none'" in policy
    assert "'unsafe-eval'" not in policy and "http" not in policy
    assert "'unsafe-inline'" not in re.search("script-src ([^;]*)", policy)[1]
    assert "frame-ancestors" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_script_is_compressed_and_it_is_the_same_script(app_url):
    there = (Path(get_static_dir()) / SCRIPT).read_bytes()
    first, second = packed(app_url, SCRIPT), packed(app_url, SCRIPT)
    for answer in (first, second):
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers.get_all("Vary") == ["Accept-Encoding"]
        assert gzip.decompress(answer.content) == there
        assert len(answer.content) < len(there) / 4
    assert first.headers.keys() == second.headers.keys()
    plain = ask(app_url, SCRIPT)
    assert plain.content == there and "Content-Encoding" not in plain.headers
    part = ask(app_url, SCRIPT, Range="bytes=0-9", **{"Accept-Encoding": "gzip"})
    assert part.status == 206 and part.content == there[:10]
    known = {"If-None-Match": plain.headers["ETag"], "Accept-Encoding": "gzip"}
    assert ask(app_url, SCRIPT, **known).status == 304


def test_what_is_packed_already_is_sent_as_it_is(app_url):
    live = manifest()
    if live is None:
        pytest.skip("the model's files for the browser were not built here")
    for name in live["sizes"]:
        answer = packed(app_url, f"app/static/live/{name}")
        assert answer.headers["Cache-Control"] == KEPT
        assert ("Content-Encoding" in answer.headers) == name.endswith(".js")


def test_names_with_a_hash_are_kept_for_ever_and_no_others(app_url):
    for link in LINKS:
        answer = packed(app_url, link)
        assert answer.status == 200 or link.startswith("_stcore/agent")
        hashed = link.startswith("static/")
        assert (answer.headers["Cache-Control"] == KEPT) == hashed, link
    for path in ("", "window", "app/static/live/manifest.json", "static/js/x.0123456789ab.js"):
        assert "immutable" not in (packed(app_url, path).headers["Cache-Control"] or "")


def test_the_document_loads_what_is_needed_and_runs_nothing_itself(app_url):
    sent = packed(app_url, "window")
    assert gzip.decompress(sent.content).decode() == document()
    assert "SourceSans" not in document() and "inter-latin.woff2" in document()
    assert re.search("modulepreload[^>]*BidiComponent", document())
    assert all(script.endswith("></script>") for script in re.findall("<script.*", document()))
    (sheet,) = (link for link in LINKS if link.endswith(".css"))
    looks = ask(app_url, sheet).content.decode()
    icons = re.search(r"@font-face\{font-family:Material[^}]*", looks)
    assert icons[0].endswith("unicode-range:U+21-10FFFF")


def test_a_query_that_streamlit_does_not_know_is_put_into_its_words(app_url):
    answer = ask(app_url, "window?window=4&embed=1")
    assert answer.status == 307
    assert answer.headers["Location"] == "?window=4&embed=true&embed_options=light_theme"
    for query in ("", "window=4", "theme=blue", "text=a+%3C+b", answer.headers["Location"][1:]):
        assert ask(app_url, f"window?{query}").status == 200
    for theme in ("light", "dark", "auto"):
        once = with_streamlits_words(f"embed=1&theme={theme}")
        assert with_streamlits_words(once) == once


def test_it_is_healthy(app_url):
    answer = ask(app_url, "healthz")
    assert (answer.status, answer.content) == (200, b"ok")


def test_plain_uvicorn_runs_it_and_who_may_frame_it_is_a_setting(tmp_path):
    command = ["uvicorn", "asgi:app", "--host", "127.0.0.1", "--port", "{port}"]
    ancestors = {FRAME_ANCESTORS: "'self' https://moodle.example.edu"}
    with running(tmp_path / "uvicorn.log", *command, **ancestors) as url:
        policy = ask(url, "window").headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors 'self' https://moodle.example.edu")
        assert ask(url, "healthz").content == b"ok"


@pytest.mark.parametrize("words", ["*; script-src *", "a,b", "https://x\r\nX-Y: z;"])
def test_nothing_else_gets_into_the_policy_by_that_setting(words):
    with pytest.raises(ValueError, match="frame-ancestors"):
        frame_rule(words)


def test_what_starts_the_lab_starts_this():
    assert "streamlit run asgi.py\n" in (ROOT / "Makefile").read_text()
    assert 'CMD ["streamlit", "run", "asgi.py"' in (ROOT / "Dockerfile").read_text()


def lab_theme(page) -> str | None:
    return page.locator(".lab").get_attribute("data-theme")


def test_embedded_it_is_light_without_its_menu_unless_the_link_says_otherwise(open_page):
    page = open_page("window?embed=1", dark=True)
    page.locator(".lab .card").first.wait_for()
    assert lab_theme(page) == "light" and menu_links(page).count() == 0
    page = open_page("window?theme=dark")
    page.locator(".lab .card").first.wait_for()
    assert lab_theme(page) == "dark" and menu_links(page).count() == len(LESSONS)


def test_on_a_phone_the_menu_has_a_name_and_closes_after_a_choice(open_page):
    page = open_page("window", width=390, height=844)
    button = page.get_by_role("button", name="Menu")
    expect(button).to_be_visible()
    assert menu_links(page).count() == 0
    button.click()
    assert menu_links(page).all_inner_texts() == [lesson.label for lesson in LESSONS.values()]
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu_links(page)).to_have_count(0)
    expect(button).to_be_focused()
    button.click()
    menu_links(page).filter(has_text="Layers").click()
    expect(page.get_by_role("heading", name=LESSONS["layers"].title)).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "false")
    assert page.url.endswith("/layers")
    button.click()
    expect(menu_links(page).filter(has_text="Layers")).to_have_attribute("aria-current", "page")
