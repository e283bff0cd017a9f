"""Every picture can leave the page as SVG, PNG and CSV; each file is opened elsewhere."""

import csv
import re
import struct
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Download, ElementHandle, Page

from swa_viz.cost import score_pairs
from swa_viz.models import load_model
from swa_viz.patterns import Causal, SlidingWindow
from tests.test_view_names import VIEWS, address_of

SVG = "{http://www.w3.org/2000/svg}"
HALF_PRECISION = 1e-3
WINDOW = 4
# Of more than ten downloads in a second Chromium drops the rest without a word (LocalFrame's
# kBurstDownloadLimit).  No hand is so fast, but a test is: one of its saves begins a second after
# the ninth before it.
LATEST: deque[float] = deque(maxlen=9)
A_SECOND = 1.1
KINDS = ("svg", "png", "csv")
NAMED = re.compile("Save this picture: (.+)")
# The buttons of an open menu that a mouse would miss.
OUT_OF_REACH = """(menu) => [...menu.parentElement.querySelectorAll("button")].filter((button) => {
  button.scrollIntoViewIfNeeded();
  const { left, top, width, height } = button.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2) !== button;
}).map((button) => button.textContent)"""
# Opens the menu and clicks one of its buttons.
CLICKED = """(menu, words) => {
  const { parentElement: details } = menu;
  if (details.open) throw new Error("it did not close itself");
  menu.click();
  if (!details.open) throw new Error("it did not open again");
  [...details.querySelectorAll("button")].find((each) => each.textContent.includes(words)).click();
}"""
HOSTILE = '=1+1 "quoted", <b>@x</b> & -2'
# What has no numbers to take along.
WORDS = {
    ("home", "trade"),
    ("window", "conventions"),
    ("limits", "misconceptions"),
    ("choose", "advice"),
    ("models", "config"),
    ("models", "lines"),
}


def wait_for_a_turn() -> None:
    """Until another download is allowed."""
    if len(LATEST) == LATEST.maxlen:
        time.sleep(max(0, LATEST[0] + A_SECOND - time.monotonic()))
    LATEST.append(time.monotonic())


def menus_of(page: Page) -> dict[str, ElementHandle]:
    """What opens the menu of each picture.

    To find one by its name takes longer than to open it, so all are found at once.
    """
    found = page.get_by_label(NAMED).element_handles()
    return {NAMED.fullmatch(menu.get_attribute("aria-label"))[1]: menu for menu in found}


def saved(page: Page, view: str, kind: str, folder: Path) -> Path:
    """The file that the button of a picture saves."""
    menus_of(page)[view].click()
    wait_for_a_turn()
    with page.expect_download() as download:
        page.locator("details.save[open] button", has_text=kind.upper()).click()
    return kept(download.value, kind, folder)


def kept(download: Download, kind: str, folder: Path) -> Path:
    """The file that was saved, under the name that the page gave it."""
    path = folder / download.suggested_filename
    assert path.suffix == f".{kind}"
    download.save_as(path)
    return path


def all_saved(page: Page, menu: ElementHandle, folder: Path) -> list[Path]:
    """The files of a picture, as SVG, PNG and CSV.

    A hand opens the menu and saves the first one.  It could reach the other two buttons as well,
    which are then clicked in an open menu without a mouse.
    """
    menu.click()
    assert menu.evaluate(OUT_OF_REACH) == []
    files = []
    for kind in KINDS:
        wait_for_a_turn()
        with page.expect_download() as download:
            if kind == KINDS[0]:
                menu.query_selector(f"xpath=..//button[contains(., '{kind.upper()}')]").click()
            else:
                menu.evaluate(CLICKED, kind.upper())
        files.append(kept(download.value, kind, folder))
    return files


def table(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def png_size(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:24])


@pytest.fixture(scope="module")
def trace():
    """What the attention page shows first, with its window."""
    model = load_model("tiny-swa")
    text = "When the storm reached the island, the old man took his boat and went down to the"
    return model.trace(text, layer_schedule=[SlidingWindow(WINDOW)] * model.n_layers)


@pytest.fixture(scope="module")
def elsewhere(chromium_browser: Browser) -> Iterator[Callable[[Path], Page]]:
    """`elsewhere(path)` -> a page without our site that shows this file, which is whole in itself.

    One page for all files: a page of its own for each would cost more than the look.
    """
    page = chromium_browser.new_page(viewport={"width": 1280, "height": 900})
    problems: list[str] = []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))

    def shown(path: Path) -> Page:
        asked.clear()
        page.goto(path.as_uri())
        page.locator("svg").wait_for()
        assert (problems, asked) == ([], [path.as_uri()])
        return page

    yield shown
    page.close()


@pytest.mark.parametrize("lab", VIEWS)
def test_every_picture_is_saved_as_vectors_pixels_and_numbers(open_site, elsewhere, tmp_path, lab):
    page = open_site(address_of(lab))
    page.locator("[data-view]:visible").first.wait_for()
    page.evaluate("document.fonts.ready")
    menus = menus_of(page)
    for view in (view for view in VIEWS[lab] if (lab, view) not in WORDS):
        svg, png, numbers = all_saved(page, menus[view], tmp_path)
        text = svg.read_text(encoding="utf-8")
        root = ElementTree.fromstring(text)
        assert "var(" not in text and "color-mix" not in text and "href" not in text
        assert root.findtext(f"{SVG}desc").startswith("http://127.0.0.1")
        assert root.find(f"{SVG}title").text
        assert len(root.findall(f".//{SVG}path")) + len(root.findall(f".//{SVG}text")) > 3
        assert all(word.get("font-family") for word in root.iter(f"{SVG}text"))
        assert max(map(len, root.itertext())) < 500, "words, and no heap of them"
        size = [round(2 * float(root.get(side))) for side in ("width", "height")]
        assert list(png_size(png)) == size
        assert len(table(numbers)) > 1
    box = elsewhere(svg).locator("svg").bounding_box()
    assert box["width"] * 2 == pytest.approx(size[0], abs=2)


def test_the_numbers_are_python_s(open_site, tmp_path, trace):
    page = open_site(f"attention.html?window={WINDOW}")
    page.locator("[data-view=next] tbody tr").first.wait_for()
    weights = trace.layers[2].weights.mean(0)
    last = len(trace.tokens) - 1

    tokens = table(saved(page, "tokens", "csv", tmp_path))
    assert [row["token"] for row in tokens] == list(trace.tokens)
    read = {int(row["key"]): float(row["weight"]) for row in tokens if row["weight"]}
    assert list(read) == [last - 2, last - 1, last, last + 1]
    for key, weight in read.items():
        assert weight == pytest.approx(float(weights[last, key - 1]), abs=HALF_PRECISION)

    matrix = table(saved(page, "matrix-window", "csv", tmp_path))
    assert len(matrix) == score_pairs(SlidingWindow(WINDOW), last + 1, last + 1)
    for row in matrix:
        query, key = int(row["query"]) - 1, int(row["key"]) - 1
        assert row["key_token"] == trace.tokens[key]
        assert float(row["weight"]) == pytest.approx(float(weights[query, key]), abs=HALF_PRECISION)

    following = table(saved(page, "next", "csv", tmp_path))
    shares = trace.logits[last].softmax(-1)
    for row in (row for row in following if row["attention"] == f"Window of {WINDOW}"):
        share = float(shares[int(row["token_id"])])
        assert float(row["probability"]) == pytest.approx(share, abs=HALF_PRECISION)


def test_the_counts_are_python_s(open_site, tmp_path):
    page = open_site(f"index.html?window={WINDOW}")
    page.locator(".miniature").first.wait_for()
    full, band = table(saved(page, "counts", "csv", tmp_path))
    n_tokens = int(full["tokens"])
    for row, pattern in ((full, Causal()), (band, SlidingWindow(WINDOW))):
        assert int(row["score_pairs"]) == score_pairs(pattern, n_tokens, n_tokens)


def test_a_hostile_text_stays_a_text(open_site, tmp_path):
    page = open_site("attention.html", live=True)
    page.get_by_label("Your text").fill(HOSTILE)
    page.locator(".chip[data-token='0']", has_text="=").wait_for()
    rows = table(saved(page, "tokens", "csv", tmp_path))
    assert rows[0]["token"].startswith("'=")
    first_letters = {row["token"].strip()[:1] for row in rows}
    assert not first_letters & set("=+-@")
    assert "".join(row["token"] for row in rows).replace("'", "") == HOSTILE
    root = ElementTree.parse(saved(page, "tokens", "svg", tmp_path)).getroot()
    assert not list(root.iter("b"))
    assert "<b" in "".join(word.text for word in root.iter(f"{SVG}text"))
