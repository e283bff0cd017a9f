"""Whatever goes wrong with the model in the browser, a page says so once and then rests.

It keeps its first picture, never shows a number of other settings, and never waits for ever.
"""

import contextlib
import gzip
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from swa_viz.browser_model.files import LIVE, files_of
from swa_viz.export.lab_data import PAGES
from swa_viz.export.single import single_file
from tests.visitors import Visit, wipe
from tests.waits import ARRIVES_MS, until, until_ready

# What goes wrong does not depend on the model, so it goes wrong with a small one.
FILES = files_of("family-w8")
ATTENTION = "attention-family-w8.html"
pytestmark = [
    pytest.mark.skipif(FILES is None, reason="static/live was not built (make live)"),
]
FINAL = re.compile(r"The model cannot run here: [^…]*[^.…]\.$")
ENDLESS = re.compile(r"loading|computing|starting|Measuring", re.I)
HTML = "<!doctype html><title>Welcome</title><p>This course has moved.</p>"
TICK_MS, TICKS = 15_000, 5


@pytest.fixture(scope="module")
def strangers(chromium_browser: Browser) -> Iterator[Callable[[], Visit]]:
    """New pages without a keeper of models, each in a context of its own."""
    with contextlib.ExitStack() as contexts:

        def come() -> Visit:
            context = chromium_browser.new_context(viewport={"width": 1280, "height": 900})
            contexts.callback(context.close)
            stranger = Visit(context.new_page(), live=True)
            page, note = stranger.page, stranger.problems.append
            page.on("pageerror", lambda error: note(str(error)))
            page.on("console", lambda m: note(m.text) if "Uncaught" in m.text else None)
            return stranger

        yield come


@pytest.fixture(scope="module")
def wiped() -> dict[str, list[Visit]]:
    """Pages that wait for their next visitor, by what they were prepared for."""
    return defaultdict(list)


@pytest.fixture
def new_page(strangers, wiped, site_url, request) -> Iterator[Callable[..., Page]]:
    """`new_page("clock")` -> a page of a new visitor, who may meet no error that nobody caught.

    As in tests/visitors.py it was wiped.  What cannot be wiped is said in a word: only who says the
    same gets such a page.
    """
    here: list[tuple[str, Visit]] = []
    failed_before = request.session.testsfailed

    def opened(prepared: str = "") -> Page:
        stranger = wiped[prepared].pop() if wiped[prepared] else strangers()
        here.append((prepared, stranger))
        return stranger.page

    yield opened
    home = urljoin(site_url, "/").rstrip("/")
    uncaught = [error for _, stranger in here for error in stranger.problems]
    for prepared, stranger in here:
        if uncaught or request.session.testsfailed > failed_before:
            stranger.page.context.close()
        else:
            wipe(stranger.page, home)
            wiped[prepared].append(stranger)
    assert uncaught == []


def answering(page: Page, files: str, **answer: object) -> None:
    """Let the host answer like this when it is asked for these files."""
    page.route(files, lambda route: route.fulfill(**answer))


def live_file(name: str) -> bytes:
    return (LIVE / FILES[name]).read_bytes()


def other_content(name: str) -> bytes:
    """A file as long as the true one, well packed, whose content is not what its name says."""
    content = bytearray(gzip.decompress(live_file(name)))
    content[-1] ^= 1
    return gzip.compress(bytes(content))


def with_headers(policy: str) -> Callable[[Route], None]:
    """Serve what the host has, under another policy."""

    def serve(route: Route) -> None:
        response = route.fetch()
        headers = {**response.headers, "content-security-policy": policy}
        route.fulfill(response=response, headers=headers)

    return serve


LARGE = re.compile(r"/live/.*\.(wasm|safetensors)\.gz$")


def instead_of_a_graph(body: bytes) -> Callable[[Page], None]:
    """Let the host send this instead of a small file, while the large ones are under way."""

    def prepare(page: Page) -> None:
        page.route(LARGE, lambda route: None)
        answering(page, FORWARD, body=body)

    return prepare


FORWARD, WORKER, GZ = "**/live/forward.*", "**/live/worker.*", "**/live/*.gz"
FAULTS: dict[str, Callable[[Page], None]] = {
    "a page instead of every file": lambda p: answering(
        p, "**/live/*", body=HTML, content_type="text/html"
    ),
    "a page instead of the model": lambda p: answering(p, GZ, body=HTML, content_type="text/html"),
    "a page instead of the worker": lambda p: answering(
        p, WORKER, body=HTML, content_type="text/html"
    ),
    "no worker": lambda p: answering(p, WORKER, status=404, body="no"),
    "no model": lambda p: answering(p, GZ, status=404, body=HTML),
    "no connection": lambda p: p.route(GZ, lambda route: route.abort()),
    "nothing in a file": instead_of_a_graph(b""),
    "half a file": lambda p: instead_of_a_graph(live_file("forward")[:6000])(p),
    "half the weights": lambda p: answering(
        p, "**/*.safetensors.gz", body=live_file("weights")[:99]
    ),
    "garbage in a file": instead_of_a_graph(b"\x1f\x8b" + bytes(5000)),
    "another file": lambda p: instead_of_a_graph(other_content("forward"))(p),
    "half a worker": lambda p: answering(
        p, WORKER, body=live_file("worker")[:9000], content_type="text/javascript"
    ),
    "a policy without WebAssembly": lambda p: p.route(WORKER, with_headers("script-src 'self'")),
    "a policy without workers": lambda p: p.route("**/*.html", with_headers("worker-src 'none'")),
    "a policy without connections": lambda p: p.route(WORKER, with_headers("connect-src 'none'")),
    "no WebAssembly": lambda p: p.add_init_script("delete window.WebAssembly"),
    "no workers": lambda p: p.add_init_script("delete window.Worker"),
    "nothing unpacks": lambda p: p.add_init_script("delete window.DecompressionStream"),
}
STAYS = ("no WebAssembly", "no workers", "nothing unpacks")  # as long as the page lives


def has_numbers(page: Page) -> None:
    """The picture with the numbers that came along is there."""
    expect(page.locator(".chip[data-role=query] .weight")).to_have_text(re.compile(r"\d"))


def is_final(page: Page) -> None:
    """The lab says once why there is no model, and waits for nothing, whatever is moved."""
    badge = page.locator(".engine [role=status]")
    expect(badge).to_have_text(FINAL, timeout=ARRIVES_MS)
    page.get_by_role("slider", name="Window W", exact=True).press("ArrowRight")
    expect(page.get_by_text("the model cannot run here").first).to_be_visible()
    assert not ENDLESS.search(page.locator(".lab").inner_text())
    expect(badge).to_have_text(FINAL)
    expect(page.locator(".engine progress")).to_be_hidden()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_without_a_model_says_so_and_rests(new_page, site_url, fault):
    page = new_page(fault if fault in STAYS else "")
    FAULTS[fault](page)
    page.goto(f"{site_url}{ATTENTION}")
    has_numbers(page)
    expect(page.locator(".engine [role=status]")).to_have_text(FINAL, timeout=ARRIVES_MS)
    has_numbers(page)
    is_final(page)


def test_where_the_link_asks_for_other_numbers_there_is_a_sentence_too(new_page, site_url):
    page = new_page()
    FAULTS["no model"](page)
    page.goto(f"{site_url}layers.html?window=9")
    expect(page.locator(".engine [role=status]")).to_have_text(FINAL, timeout=ARRIVES_MS)
    assert not ENDLESS.search(page.locator(".lab").inner_text())
    expect(page.locator(".empty")).to_have_text("the model cannot run here")


@pytest.mark.parametrize("files", [WORKER, GZ], ids=["the worker", "the model"])
def test_a_download_that_hangs_ends(new_page, site_url, files):
    page = new_page("clock")
    asked = []
    page.route(files, lambda route: asked.append(route))
    page.clock.install()
    page.goto(f"{site_url}{ATTENTION}")
    has_numbers(page)
    expect(page.locator(".engine [role=status]")).to_contain_text("loading the model")
    until(page, lambda: asked)
    for _ in range(TICKS):
        page.clock.fast_forward(TICK_MS)
    is_final(page)


def until_live(page: Page) -> None:
    """Wait for the model in this browser, and move W: now it has computed what is shown."""
    until_ready(page)
    page.get_by_role("slider", name="Window W", exact=True).press("ArrowRight")
    expect(page.locator(".engine")).to_contain_text("in your browser (", timeout=ARRIVES_MS)


def it_is_missed_when_it_dies(page: Page, death: str) -> None:
    page.workers[0].evaluate(death)
    box = page.get_by_label("Your text")
    for words in ("Once upon", "Once upon a time there was a king"):
        box.fill(words)
        box.press("Enter")
        said = page.locator(".engine, .empty").filter(has_text=re.compile("cannot|could not"))
        expect(said.first).to_be_visible(timeout=ARRIVES_MS)
    is_final(page)


def one_answer_that_throws_is_a_sentence_and_the_next_ones_come(page: Page) -> None:
    once = "() => { const { now } = performance; performance.now = () => {"
    once += " performance.now = now; throw new Error('odd'); }; }"
    page.workers[0].evaluate(once)
    box = page.get_by_label("Your text")
    box.fill("Once upon")
    box.press("Enter")
    expect(page.locator(".empty")).to_have_text("This could not be computed: odd.")
    box.fill("Once upon a time")
    box.press("Enter")
    expect(page.locator(".empty")).to_have_text("")
    has_numbers(page)


def it_is_missed_when_it_falls_silent(page: Page) -> None:
    one_answer_that_throws_is_a_sentence_and_the_next_ones_come(page)
    page.workers[0].evaluate("() => { self.onmessage = null; }")
    page.get_by_role("slider", name="Window W", exact=True).press("Home")
    page.wait_for_timeout(500)
    for _ in range(TICKS):
        page.clock.fast_forward(TICK_MS)
    is_final(page)


STORAGE = {
    "forbidden": "Object.defineProperty(self, 'caches', {get() { throw new Error('no'); }});",
    "missing": "Object.defineProperty(self, 'caches', {value: undefined});",
    "closed": "CacheStorage.prototype.open = async () => { throw new DOMException('no'); };",
    "full": "Cache.prototype.put = async () => {"
    " throw new DOMException('full', 'QuotaExceededError'); };",
    "broken": "for (const name of ['match', 'keys', 'put', 'delete']) Cache.prototype[name] ="
    " async () => { throw new DOMException('broken'); };",
}
UNCAUGHT = "() => { setTimeout(() => { throw new Error('memory'); }); }"
THROWS = "() => { performance.now = () => { throw new Error('odd'); }; }"
# What becomes of a model later is seen in the same visits: to open one is most of the work.
ENDS: dict[str, Callable[[Page], None]] = {
    "forbidden": lambda page: it_is_missed_when_it_dies(page, UNCAUGHT),
    "missing": lambda page: it_is_missed_when_it_dies(page, THROWS),
    "closed": it_is_missed_when_it_falls_silent,
}


@pytest.mark.parametrize("storage", STORAGE)
def test_the_model_runs_without_storage_and_its_end_is_noticed(new_page, site_url, storage):
    page = new_page("clock")
    source = STORAGE[storage].encode() + live_file("worker")
    answering(page, WORKER, body=source, content_type="text/javascript")
    page.clock.install()
    page.goto(f"{site_url}{ATTENTION}")
    until_live(page)
    if storage in ENDS:
        ENDS[storage](page)


# What a browser has kept of these files.
DAMAGES = {
    "tokenizer": b"",
    "wasm": b"\x1f\x8b",
    "influence": HTML.encode(),
    "forward": other_content("forward") if FILES else b"",
}


def test_what_was_kept_and_is_damaged_is_fetched_again(new_page, site_url):
    page = new_page()
    page.goto(f"{site_url}window.html")
    keep = """async ([url, bytes]) => (await caches.open("swa-viz-live"))
      .put(url, new Response(Uint8Array.from(bytes)))"""
    length = """async (url) => (await (await (await caches.open("swa-viz-live")).match(url))
      .arrayBuffer()).byteLength"""
    addresses = {name: f"{site_url}live/{FILES[name]}" for name in DAMAGES}
    for name, damage in DAMAGES.items():
        page.evaluate(keep, [addresses[name], [*damage]])
        assert page.evaluate(length, addresses[name]) == len(damage)
    page.goto(f"{site_url}{ATTENTION}")
    until_live(page)
    for name in DAMAGES:
        assert page.evaluate(length, addresses[name]) == len(live_file(name))


@cache
def whole() -> str:
    """The page in one file, with its model."""
    return single_file(PAGES["attention"], {})


def in_a_sandbox(address: str) -> str:
    """A course page that shows another page in a frame without an origin of its own."""
    return f'<iframe sandbox="allow-scripts" width="1200" height="800" src="{address}"></iframe>'


def test_in_a_sandbox_the_site_says_why_and_the_file_runs(new_page, site_url, tmp_path):
    page = new_page()
    (tmp_path / "course.html").write_text(in_a_sandbox(f"{site_url}{ATTENTION}"))
    page.goto((tmp_path / "course.html").as_uri())
    frame = page.frame_locator("iframe")
    status = frame.locator(".engine [role=status]")
    expect(status).to_have_text(FINAL, timeout=ARRIVES_MS)
    expect(status).to_contain_text("may not be started in this frame")

    (tmp_path / "lesson.html").write_text(whole())
    (tmp_path / "course.html").write_text(in_a_sandbox("lesson.html"))
    page.goto((tmp_path / "course.html").as_uri())
    window = frame.get_by_role("slider", name="Window W", exact=True)
    for _ in range(120):
        if "in your browser" in frame.locator(".engine").inner_text():
            break
        window.press("ArrowRight")
        page.wait_for_timeout(500)
    expect(frame.locator(".engine")).to_contain_text("computed in your browser, with parameters")


def damaged(document: str, name: str) -> str:
    """A page whose file `name` inside was cut by a copy that went wrong."""
    start = document.index(">", document.index(f'data-live="{name}"')) + 1
    return document[: start + 400] + document[document.index("</script>", start) :]


@pytest.mark.parametrize("name", ["worker", "wasm", "rounded", "tokenizer"])
def test_one_file_that_is_damaged_says_so(new_page, tmp_path, name):
    page = new_page()
    path = tmp_path / "lesson.html"
    path.write_text(damaged(whole(), name))
    page.goto(path.as_uri())
    has_numbers(page)
    is_final(page)
