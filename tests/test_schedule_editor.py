"""The editor of a schedule: what is written, windows of a layer's own, what all of it costs."""

import re
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from swa_viz.cost import kv_cache_bytes, score_pairs
from swa_viz.models import load_model
from swa_viz.patterns import Causal
from swa_viz.patterns.schedule import schedule_of
from swa_viz.reach import reach, reachable
from swa_viz.web.bundle import as_function, in_order

ARRIVES = 60_000
MODEL = load_model("tiny-swa")


def unfold(page: Page) -> None:
    """Bring the controls behind "More" into sight."""
    opener = page.get_by_role("button", name=re.compile("^More"))
    if opener.get_attribute("aria-expanded") == "false":
        opener.click()


@pytest.fixture
def editor(open_site):
    """Open a static page, which needs no model to edit a schedule."""

    def opened(path: str, **look) -> Page:
        page = open_site(path, **look)
        unfold(page)
        return page

    return opened


def letters(page: Page) -> str:
    return "".join(page.locator(".layer").evaluate_all("(all) => all.map((b) => b.dataset.letter)"))


def test_layers_are_written_and_one_gets_a_window_of_its_own(editor):
    page = editor("layers.html?window=4")
    is_checked_while_one_types_and_taken_at_the_end(page)
    page.get_by_label("or written").fill("L")
    page.get_by_label("or written").press("Enter")
    is_given_and_taken_back(page)


def is_checked_while_one_types_and_taken_at_the_end(page: Page) -> None:
    """What is written of the layers."""
    box, said = page.get_by_label("or written"), page.locator(".layer-strip > .changed")
    expect(box).to_have_value("L")
    box.fill("LLx")
    expect(said).to_contain_text("“x” (character 3) is no layer")
    expect(box).to_have_attribute("aria-invalid", "true")
    box.press("Enter")
    expect(box).to_have_value("LLx")  # what was written stays, and changes nothing
    assert letters(page) == "wwwwww" and "schedule" not in page.url
    box.fill("LLG")
    expect(said).to_have_text("These 3 layers are repeated 2 times. Enter takes it.")
    assert letters(page) == "wwwwww"
    box.press("Enter")
    expect(said).to_have_text("These 3 layers are repeated 2 times.")
    expect(page).to_have_url(re.compile("schedule=wwfwwf"))
    page.get_by_label("Pattern of layer 1", exact=True).select_option(label="chunks")
    expect(box).to_have_value("CLGLLG")
    expect(said).to_be_empty()


def is_given_and_taken_back(page: Page) -> None:
    """A window of a layer's own."""
    menu = page.get_by_label("Pattern of layer 2", exact=True)
    size = page.get_by_label("Window of layer 2", exact=True)
    expect(size).to_be_hidden()
    menu.select_option(label="its own W…")
    expect(size).to_be_focused()
    expect(size).to_have_value("4")
    size.fill("900")
    size.press("Enter")
    expect(size).to_have_value("64")
    size.fill("9")
    size.press("Enter")
    expect(page).to_have_url(re.compile("schedule=ww9wwww(&|$)"))
    expect(menu).to_have_value("w")
    expect(page.get_by_label("or written")).to_have_value("LL9LLLL")
    menu.select_option(label="dilated")
    expect(page).to_have_url(re.compile("schedule=wd9wwww(&|$)"))
    size.fill("")
    size.press("Enter")
    expect(size).to_be_hidden()
    expect(page).to_have_url(re.compile("schedule=wdwwww(&|$)"))
    menu.select_option(label="full")
    expect(menu.locator("option", has_text="its own W")).to_be_disabled()


def test_a_link_that_cannot_be_shown_says_why(open_site):
    page = open_site("layers.html?schedule=wwwwwwwf")  # what is folded away is unfolded
    expect(page.locator(".layer-strip > .changed")).to_have_text(
        "The schedule of the link is not shown. There are 8 layers in this, and the model has 6."
    )
    assert letters(page) == "wwwwww"
    page = open_site("layers.html?schedule=w99wwwww")
    expect(page.locator(".layer-strip > .changed")).to_have_text(
        "Layer 1 asks for more than 64 keys, the most here."
    )
    expect(page.get_by_label("Window of layer 1", exact=True)).to_have_value("64")


COSTS = """([schedule, window, sinks, n]) => {
  const layers = $patterns_schedule.scheduleOf({schedule, window, sinks});
  const {element, update} = $web_views_schedule_costs.render({n_kv_heads: 4, head_dim: 32});
  document.body.replaceChildren(element);
  element.open = true;
  update(layers, n);
  return [layers.map((layer) => $cost.pairsOf(layer, n)), $cost.kvCacheBytes(layers, n, 4, 32),
    element.querySelector("summary").textContent, [...element.querySelectorAll("tbody tr")].map(
      (row) => [...row.children].map((cell) => cell.textContent))];
}"""


def test_a_schedule_costs_what_python_counts(chromium_browser):
    page = chromium_browser.new_page()
    modules = "".join(map(as_function, in_order("web/views/schedule_costs.js", "cost.js")))
    written = ["wwwwww", "w2w8fd3c5w", "w2w2w4w8w8w16", "c4cd2dcw"]
    asked = list(product(written, [4], [0, 2], [1, 7, 40]))
    answers = page.evaluate(f"(all) => {{ {modules} return all.map({COSTS}); }}", asked)
    page.close()
    for given, found in zip(asked, answers, strict=True):
        assert_costs_are_python_s(*given, *found)


def assert_costs_are_python_s(written, window, sinks, n, pairs, total, said, rows) -> None:
    """What the page counts and says of a schedule."""
    schedule = schedule_of(written, window, sinks)
    assert pairs == [score_pairs(layer, n) for layer in schedule]
    assert total == kv_cache_bytes(schedule, n, n_kv_heads=4, head_dim=32)
    assert [row[2] for row in rows] == [
        f"{each:,}" for each in (*pairs, sum(pairs), 6 * score_pairs(Causal(), n))
    ]
    assert f"score {sum(pairs):,} pairs" in said
    for depth, row in enumerate(rows[:6], start=1):
        below = schedule[:depth]
        if reach(below) is None:
            assert row[4] == "everything"
        elif set(written[: 2 * depth]) <= {"w", *"0123456789"} and not sinks:
            assert row[4] == ("1 token" if reach(below) == 1 else f"{reach(below)} tokens")
        elif "token" not in row[4]:
            assert row[4] == f"{reachable(below, n - 1, n)[0].sum()} of this text"


def test_each_layer_reads_its_own_window_on_the_server_too(open_page):
    page = open_page("attention?schedule=w2w8wwww&window=4&layer=1")
    numbers = ".chip .weight"
    expect(page.locator(".chip[data-role=query] .weight")).to_have_text(
        re.compile(r"\d"), timeout=ARRIVES
    )
    trace = MODEL.trace(
        "When the storm reached the island, the old man took his boat and went down to the",
        layer_schedule=schedule_of("w2w8wwww", 4, 0),
    )
    for number, keys in ((1, 2), (2, 8), (3, 4)):
        page.get_by_role("button", name=f"Look at layer {number}").click()
        expect(page.locator(".badge").first).to_have_text(f"layer {number}, mean of heads")
        expect(page.locator(".chip[data-role=key], .chip[data-role=query]")).to_have_count(keys)
        own = trace.layers[number - 1].weights.mean(0)[-1, -1].item()
        expect(page.locator(numbers).last).to_have_text(f"{own:.2f}")
