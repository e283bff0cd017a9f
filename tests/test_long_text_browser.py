"""A long text in a real browser: seen from afar, panned over, with the model's own numbers."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from swa_viz.answers import LIMITS
from swa_viz.models import load_model
from swa_viz.patterns import Causal, Pattern, SlidingWindow, build_mask
from swa_viz.shapes import Tensor
from swa_viz.web.bundle import as_function, in_order
from tests.pattern_examples import ONE_OF_EACH

ARRIVES = 60_000
LAYER, HEAD = 3, 2
TEXT = "Once there was a small grey cat who sat by the door of the old mill, and waited. " * 20
STRETCH = LIMITS["stretch"]

PART = """([of, first, n]) => {
  const part = $patterns_part.partOf(of, first);
  const at = Array.from({length: n}, (_, i) => i);
  const within = (key) => ([start, stop, step]) =>
    key >= start && key < stop && (key - start) % step === 0;
  return {
    rule: at.map((query) => at.map((key) => $patterns_pattern.visible(part, query, key))),
    ranges: at.map((query) => {
      const found = $patterns_ranges.keyRanges(part, query, n);
      return at.map((key) => found.some(within(key)));
    }),
    pinned: at.map((key) => $patterns_pattern.isPinned(part, key)),
    whole: at.map((key) => $patterns_pattern.isPinned(of, first + key)),
  };
}"""


@pytest.fixture(scope="module")
def modules(chromium_browser: Browser) -> Iterator[Page]:
    """A page that holds the lab's modules, each as a global named by its path."""
    page = chromium_browser.new_page()
    names = in_order("lessons/attention/lab.js")
    page.set_content(f"<script>{''.join(map(as_function, names))}</script>")
    yield page
    page.close()


@pytest.mark.parametrize("first", [0, 1, 29, 90])
@pytest.mark.parametrize("pattern", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_a_stretch_sees_its_part_of_the_rule(modules, pattern, first):
    n = 40
    found = modules.evaluate(PART, [pattern.to_plain(), first, n])
    mask = build_mask(pattern, first + n, first + n)[first:, first:].tolist()
    assert found["rule"] == found["ranges"] == mask
    assert found["pinned"] == found["whole"]


def weights_with(pattern: Pattern) -> Tensor:
    """The weights of one head on screen, computed densely: [seq_len, seq_len]."""
    model = load_model("tiny-swa")
    schedule = [pattern] * model.n_layers
    return model.run(model.encode(TEXT), schedule, [LAYER - 1]).layers[0].weights[HEAD - 1]


def numbers_came(page: Page) -> None:
    """Wait until the query has its own weight."""
    weight = page.locator(".chip[data-role=query] .weight")
    expect(weight).to_have_text(re.compile(r"\d"), timeout=ARRIVES)


def begins_at(page: Page, first: int) -> None:
    """The address, the overview and the tokens agree on where the stretch begins."""
    expect(page).to_have_url(re.compile(f"from={first}(&|$)"), timeout=ARRIVES)
    canvas = page.locator("[data-view=overview] canvas")
    expect(canvas).to_have_attribute("aria-valuenow", str(first), timeout=ARRIVES)
    tokens = page.locator(".chip")
    expect(tokens.first).to_have_attribute("data-token", str(first - 1), timeout=ARRIVES)
    numbers_came(page)


def places_in(words: str) -> list[int]:
    """The positions that a sentence names, from 1."""
    return [int(place.replace(",", "")) for place in re.findall(r"\d[\d,]*", words)]


def test_who_types_a_long_text_pans_over_it_and_reads_the_model_s_own_numbers(open_page):
    page = open_page(f"attention?window=9&head={HEAD}")
    numbers_came(page)
    overview = page.locator("[data-view=overview]")
    expect(overview).to_be_hidden()
    page.get_by_label("Your text").fill(TEXT)
    expect(overview).to_be_visible(timeout=ARRIVES)
    numbers_came(page)
    weights = weights_with(SlidingWindow(9))
    canvas = overview.locator("canvas")
    expect(canvas).to_have_attribute("aria-valuenow", str(len(weights) - STRETCH + 1))
    expect(page.locator(".chip")).to_have_count(STRETCH)
    canvas.focus()
    canvas.press("Home")
    begins_at(page, 1)
    canvas.press("PageDown")
    begins_at(page, STRETCH + 1)
    windowed = page.locator("[data-view]:has(> .matrix-view)").last
    for _ in range(4):
        windowed.locator("canvas").press("ArrowLeft")
    told = windowed.locator(".told")
    expect(told).to_contain_text(re.compile(r"weight 0\.\d"))
    query, key = (int(place) for place in re.findall(r"\((\d+)\)", told.inner_text()))
    assert (query, key) == (2 * STRETCH, 2 * STRETCH - 4)
    weight = float(told.inner_text().split("weight ")[1].rstrip("."))
    assert weight == pytest.approx(float(weights[query - 1, key - 1]), abs=0.002)
    page.get_by_label("Your text").fill("The cat sat on the mat")
    expect(overview).to_be_hidden(timeout=ARRIVES)
    numbers_came(page)
    expect(page).not_to_have_url(re.compile("from="), timeout=ARRIVES)


def test_a_link_leads_to_a_stretch_and_a_hand_drags_the_frame(open_page):
    page = open_page(f"attention?window=9&head={HEAD}&from=200&text={quote(TEXT)}")
    begins_at(page, 200)
    overview = page.locator("[data-view=overview]")
    canvas, told = overview.locator("canvas"), overview.locator(".told")
    canvas.hover(position={"x": 5, "y": 60})
    expect(told).to_contain_text("Full attention: the queries ")
    *blocks, share = re.split(" give | of their attention to the keys ", told.inner_text())
    (q0, q1), (k0, k1) = map(places_in, (blocks[0], share))
    mean = weights_with(Causal())[q0 - 1 : q1, k0 - 1 : k1].sum(-1).mean()
    assert float(blocks[1].replace("<", "")) == pytest.approx(float(mean), abs=0.01)
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 160)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 160, steps=3)
    expect(page.locator(".spoken").first).to_contain_text("weights follow when you let go")
    page.mouse.up()
    numbers_came(page)
    place = int(canvas.get_attribute("aria-valuenow"))
    assert place > 201
    begins_at(page, place)
    page.reload()
    begins_at(page, place)


def test_without_a_server_the_page_says_where_more_is_read(open_site):
    page = open_site(f"attention.html?text={quote(TEXT)}", live=True)
    expect(page.locator(".notice")).to_contain_text(
        "the first 128 are shown. Where a server is behind this page, it reads up to 2,048.",
        timeout=ARRIVES,
    )
    expect(page.locator("[data-view=overview]")).to_be_hidden()
    expect(page.locator(".chip")).to_have_count(LIMITS["tokens"])
