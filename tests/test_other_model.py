"""No control is built for one model: with a smaller one the pages offer its layers and heads."""

import re

import pytest
import torch
from playwright.sync_api import Browser, Page, expect

from swa_viz.export import lab_data
from swa_viz.export.single import single_file
from swa_viz.lessons import LESSONS
from swa_viz.models import load_model
from swa_viz.models.config import TransformerConfig
from swa_viz.models.language_model import LanguageModel
from swa_viz.models.transformer import Transformer

SIZES = TransformerConfig(
    vocab_size=4096,
    d_model=24,
    n_layers=2,
    n_heads=3,
    n_kv_heads=1,
    d_ff=32,
    window_size=None,
    trained_len=64,
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the files be made with a model of two layers and three heads, trained on nothing."""
    real = load_model("tiny-swa")
    torch.manual_seed(0)
    model = LanguageModel(real.name, Transformer(SIZES), real.tokenizer)
    monkeypatch.setattr(lab_data, "load_model", lambda name: model)
    lab_data.the_model.cache_clear()
    yield
    lab_data.the_model.cache_clear()


@pytest.fixture
def opened(small, chromium_browser: Browser, tmp_path):
    """Open a lesson's light file; it may meet no error."""
    errors = []

    def opened(name: str) -> Page:
        path = tmp_path / f"{name}.html"
        path.write_text(single_file(LESSONS[name], {"text": "The cat sat"}, light=True))
        page = chromium_browser.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path.as_uri())
        page.locator(".card:visible").first.wait_for()
        return page

    yield opened
    assert errors == []


def limits(page: Page, label: str) -> list[str]:
    """The least, the present and the greatest value of a slider."""
    slider = page.get_by_role("slider", name=label, exact=True)
    return slider.evaluate("({min, value, max}) => [min, value, max]")


def test_attention_offers_its_layers_and_heads(opened):
    page = opened("attention")
    assert limits(page, "Layer") == ["1", "2", "2"]
    assert limits(page, "Head") == ["0", "0", "3"]
    expect(page.locator(".layer-strip .layer")).to_have_count(2)
    expect(page.get_by_text("was trained in full", exact=False).last).to_be_visible()


def test_layers_stacks_its_layers(opened):
    page = opened("layers")
    assert limits(page, "Layers L") == ["1", "2", "2"]
    expect(page.locator(".layer-strip .layer")).to_have_count(2)


def test_home_shows_a_late_layer_of_it(opened):
    page = opened("home")
    expect(page.get_by_text(re.compile("layer 1 of 2, mean of 3 heads"))).to_be_visible()
