"""A long text in a real browser: seen from afar, panned over, with the model's own numbers."""

import json
import re
from collections.abc import Iterator
from itertools import product
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


def test_a_stretch_sees_its_part_of_the_rule(modules):
    """All is asked at once, and answered as JSON: value by value is slow."""
    n, asked = 40, list(product(ONE_OF_EACH.values(), (0, 1, 29, 90)))
    given = [[pattern.to_plain(), first, n] for pattern, first in asked]
    answers = json.loads(modules.evaluate(f"(all) => JSON.stringify(all.map({PART}))", given))
    for (pattern, first), found in zip(asked, answers, strict=True):
        mask = build_mask(pattern, first + n, first + n)[first:, first:].tolist()
        assert found["rule"] == found["ranges"] == mask, (pattern, first)
        assert found["pinned"] == found["whole"], (pattern, first)


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


def dragged(page: Page) -> int:
    """Drag the frame over the overview and let go: where the stretch begins then."""
    canvas = page.locator("[data-view=overview] canvas")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 160)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 160, steps=3)
    expect(page.locator(".spoken").first).to_contain_text("weights follow when you let go")
    page.mouse.up()
    numbers_came(page)
    return int(canvas.get_attribute("aria-valuenow"))


def reads_the_model_s_share(page: Page) -> None:
    """A block of the overview is as heavy as in the model."""
    overview = page.locator("[data-view=overview]")
    told = overview.locator(".told")
    overview.locator("canvas").hover(position={"x": 5, "y": 60})
    expect(told).to_contain_text("Full attention: the queries ")
    *blocks, share = re.split(" give | of their attention to the keys ", told.inner_text())
    (q0, q1), (k0, k1) = map(places_in, (blocks[0], share))
    mean = weights_with(Causal())[q0 - 1 : q1, k0 - 1 : k1].sum(-1).mean()
    assert float(blocks[1].replace("<", "")) == pytest.approx(float(mean), abs=0.01)


def reads_the_model_s_weight(page: Page) -> None:
    """A cell of the second stretch has the number of the model."""
    windowed = page.locator("[data-view]:has(> .matrix-view)").last
    for _ in range(4):
        windowed.locator("canvas").press("ArrowLeft")
    told = windowed.locator(".told")
    expect(told).to_contain_text(re.compile(r"weight 0\.\d"))
    query, key = (int(place) for place in re.findall(r"\((\d+)\)", told.inner_text()))
    assert (query, key) == (2 * STRETCH, 2 * STRETCH - 4)
    weight = float(told.inner_text().split("weight ")[1].rstrip("."))
    expected = weights_with(SlidingWindow(9))[query - 1, key - 1]
    assert weight == pytest.approx(float(expected), abs=0.002)


def test_a_link_leads_to_a_stretch_and_a_hand_and_keys_pan_over_the_text(open_page):
    """The numbers are the model's own.  Then a short text is typed, and the long one anew."""
    page = open_page(f"attention?window=9&head={HEAD}&from=200&text={quote(TEXT)}")
    begins_at(page, 200)
    reads_the_model_s_share(page)
    place = dragged(page)
    assert place > 201
    begins_at(page, place)
    page.reload()
    begins_at(page, place)
    overview, text = page.locator("[data-view=overview]"), page.get_by_label("Your text")
    text.fill("The cat sat on the mat")
    expect(overview).to_be_hidden(timeout=ARRIVES)
    numbers_came(page)
    expect(page).not_to_have_url(re.compile("from="), timeout=ARRIVES)
    text.fill(TEXT)
    expect(overview).to_be_visible(timeout=ARRIVES)
    numbers_came(page)
    canvas, n_tokens = overview.locator("canvas"), len(load_model("tiny-swa").encode(TEXT))
    expect(canvas).to_have_attribute("aria-valuenow", str(n_tokens - STRETCH + 1))
    expect(page.locator(".chip")).to_have_count(STRETCH)
    canvas.focus()
    canvas.press("Home")
    begins_at(page, 1)
    canvas.press("PageDown")
    begins_at(page, STRETCH + 1)
    reads_the_model_s_weight(page)


def test_without_a_server_the_page_says_where_more_is_read(open_site):
    page = open_site(f"attention.html?text={quote(TEXT)}", live=True)
    expect(page.locator(".notice")).to_contain_text(
        "the first 128 are shown. Where a server is behind this page, it reads up to 2,048.",
        timeout=ARRIVES,
    )
    expect(page.locator("[data-view=overview]")).to_be_hidden()
    expect(page.locator(".chip")).to_have_count(LIMITS["tokens"])
