"""Pictures on the page beyond prose: what a place reads is what Python counts."""

import itertools
import re
from collections.abc import Iterator

import pytest
import torch
from playwright.sync_api import Browser, Page, expect

from swa_viz.experiments.digits import (
    BUNDLED,
    READERS,
    SIDE,
    chances,
    load_digits,
    load_reader,
    reader_payload,
)
from swa_viz.experiments.stored_image import stored_image
from swa_viz.patterns import Chunked2D, Pattern, Window2D
from swa_viz.reach import reachable
from swa_viz.timing.grids import stored_grids
from swa_viz.web.bundle import as_function, in_order

FIELDS = """([layers, grid, place]) => {
  const { scheduleOf, attentionField, convolutionField } = $lessons_beyond_image_fields;
  const schedule = scheduleOf(grid, layers);
  const { counts, zeros } = convolutionField(layers, grid, place);
  return { schedule, attention: attentionField(schedule, grid, place).counts, counts, zeros };
}"""


READ = """([packed, readers, greys]) =>
  greys.map($lessons_beyond_image_readers.readersOf(packed, readers))"""


def schedule_of(layout: str, around: int, depth: int, height: int, width: int) -> list[Pattern]:
    """The last layer is the other one of those that take turns."""
    size = 2 * around + 1
    plain, other = {
        "square": (Window2D(height, width, size), Window2D(height, width, size)),
        "spaced": (Window2D(height, width, size), Window2D(height, width, size, 2)),
        "chunks": (Chunked2D(height, width, size), Chunked2D(height, width, size, around)),
    }[layout]
    return [plain if (depth - layer) % 2 == 0 else other for layer in range(depth)]


def convolved(layout: str, around: int, depth: int, at: tuple[int, int]) -> set[tuple[int, int]]:
    """All places that a stack of kernels reads, those beyond the border too."""
    found = {at}
    for layer in reversed(range(depth)):
        step = 2 if layout == "spaced" and (depth - 1 - layer) % 2 == 0 else 1
        sides = [i * step for i in range(-around, around + 1)]
        found = {
            (row + down, column + right)
            for row, column in found
            for down, right in itertools.product(sides, sides)
        }
    return found


@pytest.fixture(scope="module")
def modules(chromium_browser: Browser) -> Iterator[Page]:
    """A page that holds the lab's modules, each as a global named by its path."""
    page = chromium_browser.new_page()
    code = "".join(map(as_function, in_order("lessons/beyond/lab.js")))
    page.set_content(f"<script>{code}</script>")
    yield page
    page.close()


@pytest.mark.parametrize("layout", ["square", "spaced", "chunks"])
def test_fields_are_what_python_reaches(modules, layout):
    height, width = 6, 9
    for around, depth, place in itertools.product((0, 1, 2), (1, 2, 3), (0, 4, 30, 53)):
        layers = {"layout": layout, "around": around, "depth": depth}
        ask = [layers, {"height": height, "width": width}, place]
        found = modules.evaluate(FIELDS, ask)
        schedule = schedule_of(layout, around, depth, height, width)
        assert found["schedule"] == [pattern.to_plain() for pattern in schedule]
        rows = reachable(schedule, place, height * width)
        assert found["attention"] == rows[-2::-1].sum(axis=1).tolist()
        for n_layers in range(1, depth + 1):
            at = (place // width, place % width)
            # The last layers alone: which of them have gaps depends on how many there are.
            seen = convolved(layout, around, n_layers, at)
            inside = {(r, c) for r, c in seen if 0 <= r < height and 0 <= c < width}
            assert found["counts"][n_layers - 1] == len(inside)
            if n_layers == 1:
                assert found["zeros"] == len(seen) - len(inside)


@pytest.fixture
def page(open_site) -> Page:
    opened = open_site("beyond.html?sequence=image&spot=1&depth=2")
    opened.locator("[data-view=field-attention] canvas").wait_for()
    expect(opened.locator("[data-view=digit-examples] tbody")).to_contain_text("%")
    return opened


def said(page: Page, which: int):
    return page.locator(".field .lead").nth(which)


def test_a_corner_reads_as_much_as_any_place_and_a_kernel_reads_zeros(page):
    expect(said(page, 0)).to_contain_text("row 1, column 1 reads 9 patches in one layer")
    expect(said(page, 0)).to_contain_text("2 layers it can hear of 16 of 256")
    expect(said(page, 1)).to_contain_text("reads 4 patches and 5 zeros beyond the border")
    expect(said(page, 1)).to_contain_text("2 layers it can hear of 9 of 256")


def test_a_place_is_picked_by_keyboard_and_by_click(page):
    picture = page.locator("[data-view=field-attention] canvas")
    picture.press("ArrowDown")
    expect(said(page, 0)).to_contain_text("row 2, column 1")
    picture.press("ArrowRight")
    expect(said(page, 0)).to_contain_text("row 2, column 2")
    assert "spot=18" not in page.url
    picture.press("Enter")
    page.wait_for_url(re.compile("spot=18"))
    box = picture.bounding_box()
    page.locator("[data-view=field-convolution] canvas").click(
        position={"x": box["width"] / 18 * 5.5, "y": box["height"] / 18 * 3.5}
    )
    page.wait_for_url(re.compile(f"spot={2 * 16 + 4 + 1}(&|$)"))
    expect(said(page, 0)).to_contain_text("row 3, column 5")


def rows_of(page: Page) -> list[list[str]]:
    rows = page.locator("[data-view=digit-examples] tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


def expect_rows(page: Page, rows: list[list[str]]) -> None:
    """What the readers say, once it is drawn."""
    cells = page.locator("[data-view=digit-examples] tbody td")
    expect(cells).to_have_text([cell for row in rows for cell in row])


def named(greys: list[int]) -> list[tuple[int, list[float]]]:
    """What each reader that comes with the page takes a digit for, and all its chances."""
    found = [chances(load_reader(name), torch.tensor([greys]))[0] for name in BUNDLED]
    return [(int(each.argmax()), each.tolist()) for each in found]


def percent(share: float) -> str:
    return "< 0.1 %" if 0 < share < 0.0005 else f"{100 * share:.1f} %"


def test_the_page_computes_the_readers_as_python_does(modules):
    greys = load_digits()[0][-4:].tolist()
    packed = {name: reader_payload(name) for name in BUNDLED}
    readers = [
        {"name": name, "schedule": [pattern.to_plain() for pattern in READERS[name]]}
        for name in BUNDLED
    ]
    found = modules.evaluate(READ, [packed, readers, greys])
    truth = [[each for _, each in named(digit)] for digit in greys]
    torch.testing.assert_close(torch.tensor(found), torch.tensor(truth), atol=1e-4, rtol=0)


def test_a_digit_and_what_readers_take_it_for(page):
    page.locator("[data-view=digit-examples] .chip").nth(3).click()
    page.wait_for_url(re.compile("picture=digit.*digit=4"))
    expect(said(page, 0)).to_contain_text("of 64")
    example = stored_image()["examples"][3]
    windows = [row[0] for row in rows_of(page)]
    said_of = [
        (f"{digit} {'✓' if digit == example['label'] else '✗'}", percent(shares[example["label"]]))
        for digit, shares in named(example["greys"])
    ]
    expect_rows(page, [[window, *cells] for window, cells in zip(windows, said_of, strict=True)])


def test_a_visitor_draws_a_digit_and_takes_it_back(page):
    page.locator("[data-view=digit-examples] .chip").first.click()
    page.wait_for_url(re.compile("picture=digit"))
    before = rows_of(page)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("button", name="As it was")).to_be_visible()
    pad = page.locator(".pixel-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    cell = box["width"] / SIDE
    x, y = box["x"] + 3.5 * cell, box["y"] + 1.5 * cell
    page.mouse.move(x, y)
    page.mouse.down()
    for row in range(2, 7):
        page.mouse.move(x, y + (row - 1) * cell)
    page.mouse.up()
    drawn = [0] * SIDE**2
    for row in range(SIDE):
        for column in range(SIDE):
            if column == 3 and 1 <= row <= 6:
                drawn[row * SIDE + column] = 16
            elif (column in (2, 4) and 1 <= row <= 6) or (column == 3 and row in (0, 7)):
                drawn[row * SIDE + column] = 5
    said_of = [(str(digit), percent(shares[digit])) for digit, shares in named(drawn)]
    expect_rows(page, [[row[0], *cells] for row, cells in zip(before, said_of, strict=True)])
    assert "greys" not in page.url
    page.get_by_role("button", name="As it was").click()
    expect_rows(page, before)
    # With the keyboard: the first pixel becomes ink, and the pixels beside it grey.
    pad.press("Space")
    expect(page.get_by_role("button", name="As it was")).to_be_visible()


def test_times_are_those_of_the_file(page):
    text = page.locator(".card", has=page.locator("[data-view=image-times]")).inner_text()
    grids = {(row["side"], row["name"]): row for row in stored_grids()["grids"]}
    side = max(side for side, _ in grids)
    window, everything = (
        min(ms for _, ms, _ in grids[side, name]["times"].values()) for name in ("window-7", "all")
    )
    times = everything / window
    assert f"{times:.1f} times as long" in text or f"{times:.0f} times as long" in text
    fewer = grids[side, "all"]["pairs"] / grids[side, "window-7"]["pairs"]
    assert f"{fewer:.0f} times as much" in text
    assert stored_grids()["machine"] in text


def spread(shares: list[float]) -> str:
    middle = sum(shares) / len(shares)
    return f"{percent(middle)} ({percent(min(shares))} to {percent(max(shares))})"


def test_sentences_say_what_was_stored(page):
    readers = {reader["name"]: reader for reader in stored_image()["readers"]}
    small, whole = readers["window-3"], readers["window-15"]
    beside = page.locator(".card", has=page.locator("[data-view=image-accuracy]")).inner_text()
    assert spread(small["held_out"]) in beside and spread(whole["held_out"]) in beside
    assert f"{whole['pairs'] / small['pairs']:.1f} times as many score pairs" in beside
    if min(small["held_out"]) > max(whole["held_out"]):
        assert "the smaller square is better in every seed" in beside
    below = page.locator(".card", has=page.locator("[data-view=image-readers]")).inner_text()
    best = max(readers.values(), key=lambda reader: sum(reader["held_out"]))
    assert f"{spread(best['held_out'])} with {best['pairs']:,} score pairs" in below
    assert f"{stored_image()['facts']['n_steps']:,} steps" in below
