"""The lab in Firefox and in WebKit: it is drawn, it lives, it plays, and its files are saved.

These are smoke tests: whatever does not depend on the browser is tested in Chromium.  Each browser
is started once, and left out with a word where it is not installed.
"""

import csv
import os
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from swa_viz.export.single import single_file
from swa_viz.export.site import ADDRESSES
from swa_viz.lessons import LESSONS
from swa_viz.lessons.attention.lesson import SENTENCE
from swa_viz.models import load_model
from swa_viz.patterns import SlidingWindow
from tests.conftest import RAN, free_port
from tests.drivers import BROWSERS
from tests.drivers.driven import Driven, NotInstalled
from tests.test_arcs_browser import OFF
from tests.test_view_names import VIEWS

SAME, ROUNDED, NEAR_PX = 1e-4, 0.01, 2
BEGINS_AT = LESSONS["attention"].knobs["window"].default
RIGHT, BACKSPACE = "\ue014", "\ue003"
# Do these views take room, and hold all canvases pictures on the page's own background?
DRAWN = """
const [isDark, names = []] = arguments;
const isNothing = ([red, green, blue, alpha]) =>
  alpha === 0 || (isDark ? Math.max(red, green, blue) < 50 : Math.min(red, green, blue) > 240);
const isPicture = (canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const corner = data.subarray(4 * (3 * canvas.width - 3));
  return isNothing(corner) && new Set(new Uint32Array(data.buffer)).size > 2;
};
const isSeen = (each) => each.offsetHeight > 10;
const seen = (selector) => [...(lab?.querySelectorAll(selector) ?? [])].filter(isSeen);
const views = seen("[data-view]").map((view) => view.dataset.view);
const isThere = seen("[data-view], .chart").length && seen("canvas").every(isPicture);
return isThere && names.every((name) => views.includes(name)) ? views : null;
"""
LIGHTEST = "return Math.max(...getComputedStyle(lab).backgroundColor.match(/\\d+/g).map(Number))"
# In a list, since until() waits for something that is not nothing, and 0 would be.
ARCS = f"""
const off = ({OFF})(lab.querySelector("[data-view=tokens]"));
return Number.isNaN(off) ? null : [off];
"""
READY = "return Boolean(lab?.querySelector('.engine[data-model=ready]'))"
LIVE = """
const titles = [...lab.querySelectorAll("h2")].map((title) => title.textContent);
const isHere = /in your browser/.test(lab.querySelector(".engine").textContent);
return isHere && titles.includes(`Window W = ${arguments[0]}`);
"""
TURN = """
const menus = all.map(({ shadowRoot }) => shadowRoot?.querySelector("nav[aria-label=Pages]"));
const links = menus.flatMap((menu) => [...(menu?.children ?? [])]);
links.find(({ textContent }) => textContent === arguments[0]).click();
"""
# Until the server has drawn all of a page, the lab of the page before may stand there.
TURNED = f"""
return document.querySelector('{RAN}') !== null &&
  [...document.querySelectorAll("h1")].some((title) => title.textContent === arguments[0]);
"""
FOCUS = "lab.querySelector(arguments[0]).focus()"
CLICK = "lab.querySelector(arguments[0]).click()"
SAVE = """
const [view, kind] = arguments;
const card = lab.querySelector(`[data-view=${view}]`).closest(".card");
const isAsked = (button) => button.textContent.startsWith(kind);
[...card.querySelectorAll(".save-menu button")].find(isAsked).click();
"""
TOKEN = "return Number(lab.querySelector('.count strong').textContent)"
TEXT = """
const text = lab?.querySelector("textarea")?.value;
return text === arguments[0] && lab.querySelectorAll(".chip").length === arguments[1];
"""
KEPT = "return Object.values(sessionStorage).includes(arguments[0])"
OTHER_TEXT = "The old man took his boat and went to the king"

# What a printer says before and after; between both, the lab on paper.
PRINTED = """
window.dispatchEvent(new window.Event("beforeprint"));
const paper = getComputedStyle(lab).backgroundColor;
window.dispatchEvent(new window.Event("afterprint"));
return paper;
"""


@pytest.fixture(scope="session", params=BROWSERS)
def started(request, tmp_path_factory) -> Iterator[Driven]:
    """One process of this browser for all tests."""
    if os.environ.get("SWA_NO_BROWSER"):
        pytest.skip("SWA_NO_BROWSER is set: tests in a real browser are left out")
    try:
        with BROWSERS[request.param](tmp_path_factory.mktemp(request.param), free_port()) as found:
            yield found
    except NotInstalled as reason:
        pytest.skip(str(reason))


@pytest.fixture
def browser(started) -> Iterator[Driven]:
    """The same for one test, in which no page may meet an error."""
    yield started
    assert started.new_problems() == []


def arcs_end_on_their_tokens(browser: Driven) -> None:
    """There are arcs, perhaps only in a moment, and then they are where they belong."""
    [off] = browser.until(ARCS)
    assert off <= NEAR_PX


def all_is_drawn(browser: Driven, name: str, is_dark: bool) -> None:
    """The pictures of a lab, in the colours of the page, with arcs that end on their tokens."""
    views = browser.until(DRAWN, is_dark, list(VIEWS.get(name, [])))
    lightest = browser.run(LIGHTEST)
    assert lightest < 50 if is_dark else lightest > 240
    if "tokens" in views:
        arcs_end_on_their_tokens(browser)


def table(browser: Driven, view: str) -> list[dict]:
    """The numbers of a picture, as its file holds them."""
    browser.run(SAVE, view, "CSV")
    return list(csv.DictReader(browser.saved(f"swa_viz-attention-{view}.csv").splitlines()))


def it_lives(browser: Driven, window: int, error: float, text: str = SENTENCE) -> None:
    """The model runs here, and once W is two more than `window` its numbers are Python's."""
    window += 2
    browser.until(READY)
    browser.run(FOCUS, "[data-knob=window] input")
    browser.press(RIGHT, RIGHT)
    browser.until(LIVE, window)
    model = load_model("tiny-swa")
    trace = model.trace(text, layer_schedule=[SlidingWindow(window)] * model.n_layers)
    read = [float(row["weight"]) for row in table(browser, "tokens") if row["weight"]]
    assert read == pytest.approx(trace.layers[2].weights.mean(0)[-1, -window:].tolist(), abs=error)
    following = [row for row in table(browser, "next") if row["attention"] == f"Window of {window}"]
    shares = trace.logits[-1].softmax(-1)
    for row in following:
        assert float(row["probability"]) == pytest.approx(
            float(shares[int(row["token_id"])]), abs=error
        )
    arcs_end_on_their_tokens(browser)


def it_plays_and_is_saved_and_printed(browser: Driven) -> None:
    browser.run(CLICK, ".play .go")
    browser.until(f"{TOKEN} === 2")
    browser.run(CLICK, ".play .go")
    here = browser.run(TOKEN)
    browser.run(CLICK, "[aria-label='One token on']")
    browser.until(f"{TOKEN} === {here + 1}")
    browser.run(SAVE, "matrix-window", "SVG")
    root = ElementTree.fromstring(browser.saved("swa_viz-attention-matrix-window.svg"))
    assert root.tag.endswith("svg") and len(list(root.iter())) > 20
    assert browser.run(PRINTED) == "rgb(255, 255, 255)"
    browser.until(DRAWN, True)


def it_is_typed(browser: Driven, text: str) -> None:
    browser.run(FOCUS, "textarea")
    browser.run("lab.querySelector('textarea').select()")
    browser.press(BACKSPACE, *text)


def it_is_forgotten(browser: Driven, text: str) -> None:
    """Or else it follows to the next page.  A page keeps it when the hand rests."""
    browser.until(KEPT, text)
    browser.run("sessionStorage.clear()")


def it_keeps_the_text(browser: Driven, text: str) -> None:
    """What was typed is there again, in tokens too, in the page that is loaded anew."""
    it_is_typed(browser, text)
    browser.until(KEPT, text)
    browser.command("Refresh")
    browser.until(TEXT, text, len(load_model("tiny-swa").encode(text)))


def it_reads_while_one_types(browser: Driven) -> None:
    it_is_typed(browser, "The cat sat")
    browser.until(TEXT, "The cat sat", 3)
    it_is_forgotten(browser, "The cat sat")


# Loading the model is most of the work, so one visit sees all that the attention page does.
def test_the_pages_of_the_server_are_drawn_and_live(browser, app_url):
    """One is opened by its address and all others by the menu, which loads nothing anew."""
    others = [name for name in LESSONS if name not in ("window", "attention")]
    browser.set_dark(False)
    browser.open(f"{app_url}/window")
    all_is_drawn(browser, "window", is_dark=False)
    for name in [*others, "attention"]:
        browser.run(TURN, LESSONS[name].label)
        browser.until(TURNED, LESSONS[name].title)
        all_is_drawn(browser, name, is_dark=False)
    it_lives(browser, BEGINS_AT, SAME)


def test_one_file_lives(browser, tmp_path):
    path = tmp_path / "lesson.html"
    path.write_text(single_file(LESSONS["attention"], {}), encoding="utf-8")
    browser.open(f"{path.as_uri()}?window=4")
    it_lives(browser, 4, ROUNDED)


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_static_page_is_drawn_in_the_dark_and_lives(browser, site_url, name):
    browser.set_dark(True)
    browser.open(site_url + ADDRESSES[name])
    all_is_drawn(browser, name, is_dark=True)
    if name == "attention":
        it_keeps_the_text(browser, OTHER_TEXT)  # before the model is there: one is loaded, not two
        it_lives(browser, BEGINS_AT, SAME, OTHER_TEXT)
        it_plays_and_is_saved_and_printed(browser)
        it_reads_while_one_types(browser)
