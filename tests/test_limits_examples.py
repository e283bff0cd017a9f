"""The examples of the limits page do on the real model what their sentences say."""

import re
from functools import cache

import pytest
from playwright.sync_api import expect

from swa_viz.experiments import perplexity_against_window
from swa_viz.lessons.limits.examples import EXAMPLES, Costs, LimitsExample
from swa_viz.models import load_model
from swa_viz.patterns import Causal, SlidingWindow

MODEL = load_model("tiny-swa")
by_name = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


@cache
def bits(text: str, window: int | None) -> list[float]:
    """What each token after the first costs."""
    pattern = Causal() if window is None else SlidingWindow(window)
    schedules = [(pattern,) * MODEL.n_layers]
    (reading,) = perplexity_against_window(MODEL, MODEL.encode(text), schedules)
    return reading.bits.tolist()


def measured(text: str, claim: Costs) -> float:
    every = bits(text, claim.window)
    if claim.position is None:
        return sum(every) / len(every)
    assert MODEL.tokenizer.pieces(MODEL.encode(text))[claim.position] == claim.piece
    return every[claim.position - 1]


@by_name
def test_the_effect_is_there(example: LimitsExample):
    for claim in example.effect:
        assert round(measured(example.text, claim), 1) == claim.bits
    assert example.window in {claim.window for claim in example.effect}


@by_name
def test_the_sentence_names_only_numbers_that_are_measured(example: LimitsExample):
    costs = {claim.bits for claim in example.effect}
    assert {float(number) for number in re.findall(r"([\d.]+) bits", example.look)} == costs
    windows = {claim.window for claim in example.effect} - {None}
    assert {int(size) for size in re.findall(r"W = (\d+)", example.look)} == windows


def test_an_example_is_chosen_and_shown(open_page):
    page = open_page("limits")
    page.get_by_label("Examples").select_option(label="A verse that returns")
    expect(page.locator("p.look")).to_contain_text("10.3 bits")
    expect(page.get_by_role("textbox", name="Your text")).to_have_value(EXAMPLES[0].text)
    expect(page.locator("section").filter(has_text="suffers most").first).to_contain_text("LORD")
