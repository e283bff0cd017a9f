"""The chart of the speed page: its points stand where their numbers say, and it can be read out."""

import csv
import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

CHART = ".lab svg.chart:not(.sample)"
PLACES = """(chart) => {
  const left = chart.getBoundingClientRect().left;
  const at = (element) => {
    const box = element.getBoundingClientRect();
    return [box.left + box.width / 2 - left, box.top + box.height / 2];
  };
  return {
    marks: [...chart.querySelectorAll(':scope > text.middle:not(.axis)')]
      .map((text) => [text.textContent, ...at(text)]),
    scale: [...chart.querySelectorAll(':scope > text.right')]
      .map((text) => [text.textContent, ...at(text)]),
    signs: [...chart.querySelectorAll('.window .sign')].map(at),
  };
}"""


@pytest.fixture
def page(open_page):
    page = open_page("speed?preset=own&tokens=8192&show=score+pairs")
    page.wait_for_selector(f"{CHART} .line")
    return page


def saved_numbers(page: Page) -> list[dict]:
    """The rows of the picture's CSV."""
    page.get_by_label("Save this picture: speed").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV, numbers").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def number(words: str) -> float:
    size = {"k": 1e3, "M": 1e6, "G": 1e9}.get(words[-1], 1)
    return float(re.sub("[,kMG]", "", words)) * size


def test_points_stand_where_their_numbers_say_and_can_be_taken_along_and_read_out(page):
    rows = [row for row in saved_numbers(page) if row["line"] == "window"]
    found = page.locator(CHART).evaluate(PLACES)
    assert len(rows) == len(found["signs"]) >= 5
    across = {number(words): x for words, x, _ in found["marks"]}
    up = {number(words): y for words, _, y in found["scale"]}
    for row, (x, y) in zip(rows, found["signs"], strict=True):
        assert abs(x - between(across, float(row["tokens N"]))) < 1.5
        assert abs(y - between(up, float(row["score pairs of one head"]))) < 1.5

    page.locator(CHART).press("ArrowLeft")
    page.locator(CHART).press("ArrowLeft")
    told = page.locator(".lab .told").inner_text()
    assert told.startswith(f"tokens N = {float(rows[-2]['tokens N']):,.0f}: ")
    assert "window" in told and "full" in told


def between(places: dict[float, float], value: float) -> float:
    """Where a value stands on the logarithmic axis on which these values stand."""
    (low, first), *_, (high, last) = sorted(places.items())
    return first + (last - first) * math.log(value / low) / math.log(high / low)
