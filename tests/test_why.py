"""What depth and positions do for windowed models can be measured again, and is shown so."""

import pytest
import torch
from playwright.sync_api import expect

from swa_viz.experiments.stored_limits import passages
from swa_viz.experiments.stored_why import (
    LONGEST,
    MODELS_READ,
    PASSAGES,
    PREDICTED,
    STARTS,
    bits_with,
    logits_from,
    position_bits,
    stored_why,
)
from swa_viz.models import load_model

STORED = stored_why()["models"]
SMALL = "family-w8"
MODEL = load_model(SMALL)
ROWS = passages(MODEL, PASSAGES, PREDICTED)


@pytest.mark.parametrize("n_tokens", [1, 29])
@torch.inference_mode()
def test_the_stored_bits_can_be_measured_again(n_tokens):
    of_model = STORED[SMALL]
    known = of_model["bits"][of_model["contexts"].index(n_tokens)]
    assert bits_with(MODEL, ROWS, n_tokens) == pytest.approx(known, rel=1e-4)


@torch.inference_mode()
def test_positions_matter_as_stored():
    short = ROWS[:, : LONGEST + 1]
    assert position_bits(MODEL, short, STARTS[-1]) == pytest.approx(STORED[SMALL]["from"][-1])
    assert position_bits(MODEL, short, 0, turned=False) == pytest.approx(STORED[SMALL]["unturned"])


@torch.inference_mode()
def test_a_text_that_begins_at_0_is_read_as_ever():
    rows = ROWS[:2, :40]
    assert torch.equal(logits_from(MODEL.transformer, rows, 0), MODEL.transformer(rows))
    far = logits_from(MODEL.transformer, rows, 5000)
    assert torch.allclose(far, MODEL.transformer(rows), atol=1e-2)


@pytest.mark.parametrize("name", MODELS_READ)
def test_tokens_beyond_reach_add_nothing_and_those_within_it_do(name):
    stored = STORED[name]
    by_context = dict(zip(stored["contexts"], stored["bits"], strict=True))
    at_reach = by_context[stored["reach"]]
    assert {bits for n, bits in by_context.items() if n >= stored["reach"]} == {at_reach}
    assert at_reach < by_context[stored["window"]] < by_context[1]
    assert stored["unturned"] > max(stored["from"]) + 0.1


def test_the_page_says_what_is_stored(open_site):
    page = open_site("layers.html")
    stored = STORED["tiny-swa"]
    inside = stored["bits"][stored["contexts"].index(stored["window"])]
    card = page.locator(".card", has=page.locator("[data-view='why-depth-tiny-swa']"))
    expect(card).to_contain_text(f"from them it needs {inside:.3f} bits per byte")
    expect(card).to_contain_text(
        f"and from more the same. So depth saves {inside - stored['bits'][-1]:.3f}"
    )
    cells = page.locator("[data-view=why-positions] td").all_inner_texts()
    every = [n for model in STORED.values() for n in (*model["from"], model["unturned"])]
    assert cells == [f"{n:.3f}" for n in every]
