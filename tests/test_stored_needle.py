"""The stored needles and prompts can be measured again, and what is said of them holds."""

import pytest
import torch

from swa_viz.experiments.prefill import in_prompt_only
from swa_viz.experiments.stored_limits import passages
from swa_viz.experiments.stored_needle import (
    CASES,
    PLANS,
    QUESTIONS,
    hidden_at,
    right_share,
    stored_needle,
)
from swa_viz.experiments.stored_prefill import (
    LATER,
    PASSAGES,
    PROMPT,
    SWITCHES,
    WINDOWS,
    later_bits,
    schedule_with,
    stored_prefill,
)
from swa_viz.models import load_model
from swa_viz.patterns import Causal, SlidingWindow

MODEL = load_model("tiny-swa")
SMALL, LARGE = (stored_needle()["models"][name] for name in ("tiny-swa", "smollm2-135m"))
BITS = stored_prefill()["models"]


@pytest.mark.parametrize("name", CASES)
def test_a_stored_share_can_be_measured_again(name):
    found = right_share(MODEL, QUESTIONS["name"], PLANS["tiny-swa"], 24, CASES[name])
    assert found == pytest.approx(SMALL[name]["name"][1], rel=1e-3)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_same_filler_surrounds_every_answer(question):
    prompts = [hidden_at(MODEL, question, right, 128, 40) for right in question.answers]
    assert {prompt.distance for prompt in prompts} == {40}
    assert len({prompt.token_ids[prompt.stop :] for prompt in prompts}) == 1


def test_a_window_forgets_what_lies_outside_it_and_two_repairs_bring_it_back():
    far = [i for i, d in enumerate(LARGE["prompt"]["distances"]) if d >= 256]
    for name in QUESTIONS:
        assert min(LARGE["full"][name]) > 0.9
        assert all(LARGE["window"][name][i] < 0.4 for i in far)
        assert all(LARGE["prompt only, four sinks"][name][i] > 0.9 for i in far)
        reach = LARGE["n_layers"] * (LARGE["prompt"]["small_window"] - 1)
        beyond = [i for i, d in enumerate(LARGE["prompt"]["distances"]) if d > reach]
        assert all(LARGE["small window"][name][i] == pytest.approx(1 / 3, abs=1e-4) for i in beyond)


def test_the_prompt_alone_is_read_through_windows():
    ids = MODEL.encode("The king went up to the house of the old man, and he said")
    schedule = [SlidingWindow(3)] * MODEL.n_layers
    mixed = MODEL.logits(ids, in_prompt_only(schedule, 8))
    assert torch.allclose(mixed[:8], MODEL.logits(ids, schedule)[:8], atol=1e-3)
    assert not torch.allclose(mixed[8:], MODEL.logits(ids, schedule)[8:], atol=1e-2)
    assert not torch.allclose(mixed[8:], MODEL.logits(ids, [Causal()] * 6)[8:], atol=1e-2)


@pytest.fixture(scope="module")
def rows():
    """The passages of which the beginning is a prompt."""
    return passages(MODEL, PASSAGES, PROMPT + LATER)


@pytest.mark.parametrize("signs", SWITCHES.values(), ids=SWITCHES)
def test_stored_bits_after_a_prompt_can_be_measured_again(rows, signs):
    found = later_bits(MODEL, rows, schedule_with(signs, WINDOWS[1], MODEL.n_layers))
    assert found == pytest.approx(BITS["tiny-swa"]["".join(signs)][1], rel=1e-3)


def test_each_repair_helps_the_model_trained_in_full_on_every_text_and_both_help_small_windows():
    large = BITS["smollm2-135m"]
    for i, window in enumerate(WINDOWS):
        for plain, sinks, prompt, both in zip(
            *(large[name][i] for name in ("---", "-s-", "p--", "ps-")), strict=True
        ):
            assert max(sinks, prompt) < plain
            assert both < min(sinks, prompt) or window > 32
