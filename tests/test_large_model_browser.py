"""A model of one's own, with many layers and shared keys, in the labs of the server."""

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import running_lab
from tests.test_hugging_face import SMALL, make_peer, write_tokenizer
from tests.test_start import a_copied_link_brings_the_page_and_the_menu
from tests.visitors import Visitors

LAYERS, HEADS = 14, 6
SIZES = SMALL | {"num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "sliding_window": 7}


@pytest.fixture(scope="module")
def address(tmp_path_factory, chromium_browser):
    """A server that offers a random Mistral beside tiny-swa, after its first visitor came.

    It is started by app.py, so that its first visitor need not have a server of their own.
    """
    folder = tmp_path_factory.mktemp("models")
    make_peer("Mistral", SIZES).save_pretrained(folder / "my-mistral")
    write_tokenizer(folder / "my-mistral")
    log = tmp_path_factory.mktemp("log") / "server.log"
    with running_lab(log, "app.py", SWA_VIZ_MODELS=str(folder)) as url:
        a_copied_link_brings_the_page_and_the_menu(chromium_browser, url)
        yield url


@pytest.fixture(scope="module")
def visitors(chromium_browser, address) -> Visitors:
    """Those who come to that server; they save data, so that it computes for them."""
    return Visitors(chromium_browser, address, "app/static/icon.png")


@pytest.fixture
def page(visitors):
    visit = visitors.come(dark=False, width=1366, height=768)
    yield visit.page
    assert visit.problems == []
    visitors.leave(visit)


def test_it_is_chosen_in_a_menu_and_each_layer_is_fetched_when_it_is_looked_at(address, page):
    page.goto(f"{address}/attention?window=3&text=hello+you")
    page.get_by_role("button", name=re.compile("More")).click()
    page.get_by_label("Model", exact=True).select_option("my-mistral")
    page.wait_for_url(re.compile("model=my-mistral"))
    expect(page.get_by_text("my-mistral was trained in windows of 7").first).to_be_attached()
    layer = page.get_by_role("slider", name="Layer", exact=True)
    assert layer.evaluate("({value, max}) => [value, max]") == ["3", str(LAYERS)]
    expect(page.locator(".layer-strip .layer")).to_have_count(LAYERS)
    assert "window=3" in page.url
    head = page.get_by_role("slider", name="Head", exact=True)
    head.focus()
    head.press("ArrowRight")
    expect(page.get_by_text("layer 3, head 1 (1 to 3 share keys)").first).to_be_visible()
    seen = []
    for at in ("3", "4"):
        expect(page.get_by_text(f"layer {at}, head 1").first).to_be_visible()
        expect(page.locator(".lab").get_by_text("computing…")).to_have_count(0)
        expect(
            page.get_by_text(re.compile(r"reads 3 of \d+ tokens, most from .* \(0\.\d"))
        ).to_be_visible()
        seen.append(page.get_by_text(re.compile(r"reads 3 of \d+ tokens")).inner_text())
        layer.focus()
        layer.press("ArrowRight")
    assert seen[0] != seen[1]


def test_layers_measures_its_influence(address, page):
    page.goto(f"{address}/layers?model=my-mistral&window=3&text=hello+you")
    expect(page.get_by_text("as measured on my-mistral")).to_be_visible()
    expect(
        page.get_by_text(f"exact reach {LAYERS * 2 + 1} tokens", exact=False).first
    ).to_be_visible()


def test_a_model_that_is_not_here_is_said_so(address, page):
    page.goto(f"{address}/attention?model=elsewhere")
    expect(page.get_by_text("The model that the link names is not on this server")).to_be_visible()
    expect(page.get_by_role("slider", name="Layer", exact=True)).to_be_visible()
