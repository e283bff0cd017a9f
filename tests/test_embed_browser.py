"""A lab in a frame of somebody else's page: another host, small, perhaps without any storage."""

import functools
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.static_host import QuietHost
from tests.waits import until_true

HEIGHT = 450
# What a browser says that lets no frame of another host keep anything.
NO_STORAGE = """
if (window !== window.top)
  for (const name of ["localStorage", "sessionStorage", "caches", "indexedDB"])
    Object.defineProperty(window, name, {
      get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
    });
"""
NO_COOKIES = {
    "enableThirdPartyCookieRestriction": True,
    "disableThirdPartyCookieMetadata": True,
    "disableThirdPartyCookieHeuristics": True,
}
LISTEN = "told = []; addEventListener('message', (event) => told.push(event.data));"


@pytest.fixture
def course(tmp_path: Path, visit, site_url) -> Iterator[Callable[..., Page]]:
    """`course(lines)` -> somebody's page with these lines of HTML, on a host of its own."""
    host = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(QuietHost, directory=str(tmp_path))
    )
    threading.Thread(target=host.serve_forever, daemon=True).start()
    # Another name, so that it is another site too.
    address = f"http://localhost:{host.server_port}/"

    def opened(lines: str, **look) -> Page:
        head = f"<!doctype html><meta charset=utf-8><script>{LISTEN}</script>"
        page = f"{head}<body style='margin:0'>{lines}"
        (tmp_path / "course.html").write_text(page, encoding="utf-8")
        return visit(f"{address}course.html", only=(address, site_url), shows="iframe", **look)

    yield opened
    host.shutdown()
    host.server_close()


def framed(address: str, width: str = "100%", **more: str) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in more.items())
    style = f"width:{width};height:{HEIGHT}px;border:0;display:block"
    return f'<iframe src="{address}" style="{style}"{attributes}></iframe>'


def keep_nothing(page: Page) -> None:
    """Let this page's frames of other hosts keep no cookies, and find no storage."""
    page.add_init_script(NO_STORAGE)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCookieControls", NO_COOKIES)


def nothing_is_kept(page: Page, frame: FrameLocator) -> None:
    assert frame.locator("html").evaluate("() => document.hasStorageAccess()") is False
    assert page.context.cookies() == []


def lab_in(page: Page) -> FrameLocator:
    frame = page.frame_locator("iframe")
    frame.locator(".lab .card:visible").first.wait_for()
    return frame


def edges(part) -> tuple[float, float]:
    """The upper and the lower edge, from the top of the frame, which is that of the page."""
    box = part.bounding_box()
    return box["y"], box["y"] + box["height"]


@pytest.mark.parametrize("width", ["900px", "320px"])
@pytest.mark.parametrize("lab", ["index", "attention"])
def test_bar_picture_and_predictions_are_in_sight(course, site_url, lab, width):
    page = course(framed(f"{site_url}{lab}.html?embed=true&window=5", width), live=width == "900px")
    frame = lab_in(page)
    expect(frame.locator("[data-view=next] tbody tr").first).to_be_attached()
    bar, tokens = frame.locator(".stage-bar"), frame.locator("[data-view=tokens] .strip")
    following = frame.locator(".card", has=page.locator("[data-view=next]")).locator("h2")
    assert edges(bar)[0] >= 0 and edges(bar)[1] < 110
    assert edges(bar)[1] <= edges(tokens)[0] and edges(tokens)[1] < HEIGHT
    assert edges(following.first)[1] < HEIGHT
    # The Tab key goes through them as the eye does.
    in_order = frame.locator(":is([data-knob=window] input, .chip, textarea):visible")
    names = in_order.evaluate_all("all => all.map(({ tagName }) => tagName)")
    assert list(dict.fromkeys(names)) == ["INPUT", "BUTTON", "TEXTAREA"]
    assert frame.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth")
    assert frame.locator("[data-knob=window] input").bounding_box()["width"] > 80


@pytest.mark.parametrize("lab, view", [("window", "matrix-full"), ("layers", "cone")])
def test_the_picture_comes_first(course, site_url, lab, view):
    frame = lab_in(course(framed(f"{site_url}{lab}.html?embed=1")))
    picture = frame.locator(f"[data-view={view}] canvas")
    picture.wait_for()
    assert edges(picture)[0] < 150


def the_picture_of_a_timing_is_whole(page: Page, address: str) -> None:
    page.set_content(f"<body style='margin:0'>{framed(address)}")
    frame = page.frame_locator("iframe")
    chart, button = frame.locator("svg.chart:not(.sample)"), frame.locator(".st-key-speed_start")
    expect(chart).to_be_visible()
    assert 0 < edges(button)[1] <= edges(chart)[0] < 150
    assert edges(frame.locator(".lab .keys"))[1] <= HEIGHT
    assert frame.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth")
    frame.get_by_role("radio", name="score pairs").click()
    expect(frame.get_by_text("Score pairs against tokens N")).to_be_visible()
    nothing_is_kept(page, frame)


def test_the_picture_of_a_timing_is_whole_and_needs_no_cookies(chromium_browser, app_url):
    page = chromium_browser.new_page()
    keep_nothing(page)
    for width in (900, 320):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        the_picture_of_a_timing_is_whole(page, f"{app_url}/speed?embed=true")
    page.close()


def test_the_shared_lines_give_the_frame_its_height(open_site, course):
    page = open_site("attention.html?window=5")
    page.get_by_role("button", name="Share", exact=True).click()
    lines = page.get_by_label("The lines for your page").input_value()
    course_page = course(lines)
    frame = lab_in(course_page)
    content = frame.locator("html")
    until_true(course_page, "document.querySelector('iframe').offsetHeight > 600")
    frame.locator(".stage-bar .more").click()
    expect(frame.locator(".stage-more")).to_be_visible()
    until_true(
        course_page,
        "told.filter(({type}) => type === 'swa-viz:height').at(-1).height"
        " === document.querySelector('iframe').offsetHeight",
    )
    assert content.evaluate("page => page.scrollHeight <= window.innerHeight")
    told = course_page.evaluate("told")
    mine = [each for each in told if each.get("type") == "swa-viz:height"]
    lti = [each for each in told if each.get("subject") == "lti.frameResize"]
    assert {each["name"] for each in mine} == {"attention"}
    assert [each["height"] for each in mine] == [each["height"] for each in lti]


def test_a_page_that_is_no_frame_tells_nobody(open_site):
    page = open_site("window.html?embed=true", before=lambda page: page.add_init_script(LISTEN))
    page.locator("canvas").first.wait_for()
    assert page.evaluate("told") == []


@pytest.mark.parametrize(
    "query, dark, background",
    [
        ("embed=true", True, "rgb(255, 255, 255)"),
        ("embed=true&theme=auto", True, "rgb(18, 22, 29)"),
        ("embed=true&theme=dark", False, "rgb(18, 22, 29)"),
        ("theme=light", True, "rgb(255, 255, 255)"),
        ("", True, "rgb(18, 22, 29)"),
    ],
)
def test_the_address_says_the_colours(open_site, query, dark, background):
    page = open_site(f"window.html?{query}", dark=dark)
    expect(page.locator(".lab")).to_have_css("background-color", background)
    theme = "dark" if background.startswith("rgb(18") else "light"
    expect(page.locator(".lab")).to_have_attribute("data-theme", theme)


def test_only_the_wished_views_are_shown_and_locked_knobs_stay(course, site_url):
    wishes = "show=tokens,next&lock=window&hide=head"
    frame = lab_in(course(framed(f"{site_url}attention.html?embed=true&{wishes}")))
    shown = frame.locator("[data-view]:visible")
    expect(frame.locator("[data-view=tokens]")).to_be_visible()
    names = set(shown.evaluate_all("all => all.map(({dataset}) => dataset.view)"))
    assert names <= {"tokens", "next"}
    assert frame.locator(".card:visible").count() == 2
    expect(frame.locator("[data-knob=window] input")).to_be_disabled()
    expect(frame.locator("[data-knob=head]")).to_be_hidden()


def works(frame: FrameLocator) -> None:
    """A hand moves the window, and the picture follows."""
    slider = frame.locator("[data-knob=window] input")
    slider.focus()
    slider.press("ArrowRight")
    expect(frame.locator("[data-knob=window] output")).to_have_text("5 keys")
    expect(frame.locator(".chip[data-role=key]")).to_have_count(4)


def test_a_sandbox_without_an_origin_says_no_raw_error(course, site_url):
    lines = framed(f"{site_url}attention.html?embed=true&window=4", sandbox="allow-scripts")
    frame = lab_in(course(lines))
    works(frame)


def test_the_server_in_such_a_sandbox_says_where_its_page_is(chromium_browser, app_url):
    page = chromium_browser.new_page()
    page.set_content(framed(f"{app_url}/attention?embed=true", sandbox="allow-scripts"))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("sandbox without an origin")).to_be_visible()
    expect(frame.get_by_role("link")).to_have_attribute("href", f"{app_url}/attention")
    page.close()


def test_a_browser_that_keeps_nothing_of_other_hosts(course, site_url):
    lines = framed(f"{site_url}attention.html?embed=true&window=4")
    page = course(lines, before=keep_nothing)
    works(lab_in(page))
    nothing_is_kept(page, lab_in(page))
