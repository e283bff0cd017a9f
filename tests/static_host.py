"""The lab without a server, for tests: a plain file host with the site, and pages in one file.

What needs torch is imported late: the process that hands tests out to others has none to run.
"""

import contextlib
import functools
import os
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Page, Request, Route

from tests.visitors import SAVES_DATA, Visit, Visitors

FOLDER = "courses/attention"


class QuietHost(SimpleHTTPRequestHandler):
    """A file host that keeps its diary to itself."""

    def log_message(self, *words: object) -> None:
        """Say nothing."""


class PatientHost(ThreadingHTTPServer):
    """It minds no visitor who leaves in the middle of a file."""

    def handle_error(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole site, deep inside a host's own folder: one for all workers."""
    from swa_viz.export.site import write_site

    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shared / "host" / FOLDER
    with FileLock(shared / "host.lock"):
        if not folder.exists():
            made = shared / "host in the making"
            write_site(made)
            folder.parent.mkdir(parents=True)
            made.rename(folder)
    return folder


@pytest.fixture(scope="session")
def site_url(site: Path) -> Iterator[str]:
    """The site's address on a plain file host."""
    root = site.parents[FOLDER.count("/")]
    host = PatientHost(("127.0.0.1", 0), functools.partial(QuietHost, directory=str(root)))
    threading.Thread(target=host.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{host.server_port}/{FOLDER}/"
    host.shutdown()
    host.server_close()


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """What no page may do: an error, a request that leaves the site.  Empty when a test ends."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def visit(chromium_browser: Browser, problems: list[str]) -> Iterator[Callable[..., Page]]:
    """`visit(address, only=...)` -> a page; whatever it asks for outside `only` is a failure.

    `before` may prepare the page that is about to open.  As in tests/visitors.py, the model is
    loaded only for who comes `live`.
    """
    with contextlib.ExitStack() as open_contexts:

        def visit(
            address: str,
            only: str | tuple[str, ...],
            shows: str = ".lab",
            dark: bool = False,
            width: int = 1280,
            touch: bool = False,
            live: bool = False,
            before: Callable[[Page], None] = lambda page: None,
        ) -> Page:
            context = chromium_browser.new_context(
                color_scheme="dark" if dark else "light",
                viewport={"width": width, "height": 900},
                has_touch=touch,
                is_mobile=touch,
                permissions=["clipboard-read", "clipboard-write"],
            )
            open_contexts.callback(context.close)
            if not live:
                context.add_init_script(SAVES_DATA)

            def guard(route: Route) -> None:
                if route.request.url.startswith(only):
                    route.continue_()
                else:
                    problems.append(f"asked for {route.request.url}")
                    route.abort()

            context.route("**", guard)
            page = context.new_page()
            page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: problems.append(str(error)))
            before(page)
            page.goto(address, wait_until="domcontentloaded")
            page.locator(shows).wait_for()
            return page

        yield visit


@pytest.fixture(scope="session")
def readers(chromium_browser: Browser, site: Path, site_url: str) -> Visitors:
    """Those who come to the site, in pages that are wiped between two of them."""
    style = min(path.name for path in site.glob("assets/*.css"))
    home = site_url.removesuffix(f"/{FOLDER}/")
    return Visitors(chromium_browser, home, f"{FOLDER}/assets/{style}")


@pytest.fixture
def open_site(visit, readers, site_url, problems, request) -> Iterator[Callable[..., Page]]:
    """`open_site("window.html?window=4", dark=False, width=1280)` -> a page of the site.

    What `before` prepares stays in a page, so that such a page is nobody else's.
    """
    visits: list[Visit] = []
    failed_before = request.session.testsfailed

    def guard(asked: Request) -> None:
        if not asked.url.startswith((site_url, "blob:")):
            problems.append(f"asked for {asked.url}")

    def opened(path: str = "", shows: str = ".lab", dark=False, width=1280, **look) -> Page:
        if "before" in look:
            look |= {"shows": shows, "dark": dark, "width": width}
            return visit(site_url + path, only=site_url, **look)
        reader = readers.come(dark, width, 900, **look)
        reader.problems = problems
        visits.append(reader)
        reader.page.on("request", guard)
        reader.page.goto(site_url + path, wait_until="domcontentloaded")
        reader.page.locator(shows).wait_for()
        return reader.page

    yield opened
    for reader in visits:
        if problems or request.session.testsfailed > failed_before:
            reader.page.context.close()
        else:
            reader.page.remove_listener("request", guard)
            readers.leave(reader)


@pytest.fixture
def open_file(visit, tmp_path) -> Callable[..., Page]:
    """`open_file({"window": 9}, query="")` -> the window page in one file, opened from a folder."""
    from swa_viz.export.single import single_file
    from swa_viz.lessons import LESSONS

    def opened(chosen: dict | None = None, query="", page="window", light=False, **look) -> Page:
        path = tmp_path / "lesson.html"
        path.write_text(single_file(LESSONS[page], chosen or {}, light), encoding="utf-8")
        return visit(path.as_uri() + query, only=(path.as_uri(), "blob:"), **look)

    return opened
