"""What the tests share: shapes checked at run time, the running lab, and a real browser.

The import hook checks every tensor against the axis names of its signature.  It must be in place
before the first import of swa_viz, so it stands at the top of this file.
"""

import contextlib
import gc
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.machinery import PathFinder
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import jaxtyping
import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.processes import end
from tests.shapes import check_types
from tests.visitors import Visit, Visitors
from tests.waits import ARRIVES_MS

pytest_plugins = ("tests.static_host",)  # read after this file, so behind the import hook

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90
# Without a window of its own the browser draws the same, for two thirds of the work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Compiling the model's functions a second time, for speed, costs more than a test's few runs save.
COMPILE_ONCE = "--js-flags=--wasm-tiering-budget=200000000"
RAN = '[data-testid="stApp"][data-test-script-state="notRunning"]'
SHOWS = ('[data-testid="stMain"] [data-testid="stElementContainer"]', '[data-testid="stException"]')


class Unchecked:
    """Import these modules as they are.

    numba cannot compile a hooked loop, ui has no shapes, and patterns look at their values
    themselves, with a better sentence than a type checker has.
    """

    packages = (
        *("swa_viz.ui", "swa_viz.patterns", "swa_viz.patterns.pattern"),
        "swa_viz.kernels.behind_sink",
    )

    @staticmethod
    def find_spec(name: str, path=None, target=None):
        """Take these modules away from the hook, and leave all others to it."""
        is_loop = name.startswith("swa_viz.") and name.endswith("_loop")
        if is_loop or name.startswith(Unchecked.packages):
            return PathFinder.find_spec(name, path, target)
        return None


WORKER = "PYTEST_XDIST_WORKER" in os.environ
if WORKER:  # else torch's threads spin while they wait, and take the cores from everyone else
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    gc.disable()  # until all is imported
# The tests compare with tensors of their own, which lie on the processor.
os.environ.setdefault("SWA_VIZ_DEVICE", "cpu")
check_types("swa_viz")
sys.meta_path.insert(0, Unchecked)
expect.set_options(timeout=ARRIVES_MS)  # a busy machine may be slow, but not wrong


def pytest_collection_finish() -> None:
    """What was imported stays: nobody needs to look through it again and again for garbage."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a name with an address of memory in it: each worker would have another one."""
    for item in items:
        if re.search(r" at 0x[0-9a-f]+", item.nodeid):
            raise pytest.UsageError(f"give its values names (ids=...): {item.nodeid}")


@pytest.fixture(scope="module", autouse=True)
def a_share_of_the_cores(request: pytest.FixtureRequest) -> Iterator[None]:
    """A worker beside others computes on one core, except where threads are what is tested."""
    if not WORKER or request.node.get_closest_marker("every_core"):
        yield
        return
    import torch

    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(n_threads)


@pytest.fixture(scope="module")
def flex_unrecorded() -> Iterator[None]:
    """FlexAttention without torch's recording of every single call, which is most of its work.

    The numbers come from the same function.  That it can be recorded, with every pattern and
    whatever is set around it, is seen in test_kernels.py and test_surroundings.py.
    """
    with pytest.MonkeyPatch.context() as patch:
        flex_attention = "torch.nn.attention.flex_attention"
        patch.setattr(f"{flex_attention}._FLEX_ATTENTION_DISABLE_COMPILE_DEBUG", True)
        yield


@pytest.fixture
def shapes_unchecked() -> Iterator[None]:
    """Let functions meet values of any kind, as they do outside of tests."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_healthy(url: str, server: subprocess.Popen, log: Path) -> None:
    """Return when the server answers; fail with its log if it ends first or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(URLError, ConnectionError, TimeoutError):
            if urlopen(f"{url}/_stcore/health", timeout=2).status == 200:
                return
        time.sleep(0.2)
    pytest.fail(f"the lab did not start; its log:\n{log.read_text()}")


@contextlib.contextmanager
def running(log: Path, *command: str, **environment: str) -> Iterator[str]:
    """A server of the lab, started by a module's command with {port} in it; its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    words = [sys.executable, "-m", *(word.format(port=port) for word in command)]
    env = os.environ | environment
    with log.open("w") as output:
        server = subprocess.Popen(words, cwd=ROOT, env=env, stdout=output, stderr=output)
        try:
            wait_until_healthy(url, server, log)
            yield url
        finally:
            end(server)


def running_lab(
    log: Path, script: str = "asgi.py", **environment: str
) -> contextlib.AbstractContextManager[str]:
    """The lab, started as `make run` starts it, but showing errors in full; its address."""
    command = ["streamlit", "run", script, "--server.headless=true"]
    command += ["--server.address=127.0.0.1", "--server.port={port}"]
    return running(log, *command, "--client.showErrorDetails=full", **environment)


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the lab: one server for all tests of this process."""
    with running_lab(tmp_path_factory.mktemp("lab") / "streamlit.log") as url:
        yield url


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    """One Chromium for this process: the system's, else the one that Playwright installed."""
    if os.environ.get("SWA_NO_BROWSER"):
        pytest.skip("SWA_NO_BROWSER is set: tests in a real browser are left out")
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    quiet += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    quiet += [COMPILE_ONCE]
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=executable, args=quiet)
        except Error as error:
            pytest.fail(f"no Chromium to test with (SWA_NO_BROWSER=1 leaves it out): {error}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def visitors(chromium_browser: Browser, app_url: str) -> Visitors:
    """Those who come to the lab, in pages that are wiped between two of them."""
    return Visitors(chromium_browser, app_url, "app/static/icon.png")


@pytest.fixture
def open_page(visitors: Visitors, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`open_page("attention?window=4", dark=False, width=1280)` -> a Playwright page, settled.

    Each call is a new visitor, `live` or one who saves data (tests/visitors.py).  When the test
    ends, no visitor may have met an error.
    """
    visits: list[Visit] = []
    failed_before = request.session.testsfailed

    def open_page(
        path: str = "",
        dark: bool = False,
        width: int = 1280,
        height: int = 900,
        live: bool = False,
    ) -> Page:
        visit = visitors.come(dark, width, height, live)
        visits.append(visit)
        visit.page.goto(f"{visitors.home}/{path}")
        settled(visit.page)
        return visit.page

    yield open_page
    problems = [problem for visit in visits for problem in visit.problems]
    for visit in visits:
        if problems or request.session.testsfailed > failed_before:
            visit.page.context.close()
        else:
            visitors.leave(visit)
    assert problems == []


def settled(page: Page) -> None:
    """Wait until the page's script has run and shows something, but no error of its own."""
    page.wait_for_selector(
        ", ".join(f"{RAN} {shown}" for shown in SHOWS),
        timeout=ARRIVES_MS,
        state="attached",
    )
    failures = page.locator('[data-testid="stException"]')
    assert failures.count() == 0, failures.first.inner_text()


@pytest.fixture
def browser_page(open_page: Callable[..., Page]) -> Page:
    """The home page, for a test that needs one visitor and goes its own way."""
    return open_page()
