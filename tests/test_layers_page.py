"""What the layers page is told: measured shares, the presets, and sentences for odd texts."""

import pytest
import torch

from swa_viz.answers.facts import model_payload
from swa_viz.answers.influence import answer_influence, first_layers, influence_payload
from swa_viz.answers.limits import MAX_TOKENS
from swa_viz.answers.request import Request
from swa_viz.experiments import measured_influence
from swa_viz.experiments.influence import residual_states
from swa_viz.lessons.layers.lesson import LESSON, STORY
from swa_viz.models import load_model
from swa_viz.patterns import SlidingWindow
from swa_viz.presets import PRESETS
from swa_viz.reach import reach, reachable, round_reach

SLIDING = SlidingWindow(3)


@pytest.fixture(scope="module")
def model():
    return load_model("tiny-swa")


@pytest.fixture(scope="module")
def token_ids(model):
    return model.encode("The old man rowed his small boat out to the island")


def asked(text: str) -> Request:
    return Request("tiny-swa", text, (SLIDING,) * 2, kind="influence")


def test_fewer_layers_are_the_first_ones(model, token_ids):
    tokens = torch.tensor(token_ids)
    whole = residual_states(model, tokens, [SlidingWindow(3)] * model.n_layers)
    short = residual_states(first_layers(model, 2), tokens, [SlidingWindow(3)] * 2)
    assert len(short) == 3
    for state, expected in zip(short, whole[:3], strict=True):
        assert torch.equal(state, expected)


def test_all_layers_are_the_model_itself(model, token_ids):
    schedule = [SlidingWindow(3)] * model.n_layers
    expected = measured_influence(model, token_ids, schedule, query_pos=7)
    payload = influence_payload(model, token_ids, [SLIDING] * model.n_layers, 7)
    shares = torch.tensor(payload["shares"])
    torch.testing.assert_close(
        shares, expected / expected.sum(-1, keepdim=True), rtol=1e-3, atol=1e-9
    )


def test_shares_sum_to_one_and_stay_within_reach(model, token_ids):
    shares = torch.tensor(influence_payload(model, token_ids, [SLIDING] * 2, 8)["shares"])
    assert shares.sum(dim=-1).tolist() == pytest.approx([1] * 3, abs=2e-3)
    expected = reachable((SlidingWindow(3),) * 2, 8, len(token_ids))
    assert ((shares > 0).numpy() == expected).all()


@pytest.mark.parametrize("count", [0, 7])
def test_a_schedule_that_the_model_has_no_layers_for(model, token_ids, count):
    with pytest.raises(ValueError, match="1 to 6 layers"):
        influence_payload(model, token_ids, [SLIDING] * count, None)


@pytest.mark.parametrize("token", [None, 10_000])
def test_no_token_or_one_outside_the_text_means_the_last(model, token_ids, token):
    payload = influence_payload(model, token_ids, [SLIDING], token)
    assert payload["token"] == len(token_ids) - 1


def test_texts_at_the_limits_get_a_sentence(model):
    assert "Type a word" in answer_influence(asked(""), model)["empty"]
    alone = answer_influence(asked("The"), model)
    assert alone["shares"] == [[1.0]] * 3
    cut = answer_influence(asked("The cat sat on the mat. " * 40), model)
    assert len(cut["tokens"]) == MAX_TOKENS
    assert f"the first {MAX_TOKENS} are shown" in cut["notice"]


def test_presets_of_the_page_exist_and_reach_what_the_page_says():
    names = [name for name in LESSON.knobs["preset"].choices if name != "custom"]
    found = {
        name: (reach(PRESETS[name].layer_schedule), round_reach(PRESETS[name].layer_schedule))
        for name in names
    }
    assert found == {"mistral-7b-v0.1": (131_041, 131_072), "32x256": (8_161, 8_192)}


def test_the_knobs_fit_the_model_and_its_own_preset(model):
    knobs = LESSON.knobs_for(model_payload(model))
    assert knobs["layers"].at_most == model.n_layers
    assert knobs["token"].at_most == MAX_TOKENS
    schedule = PRESETS[knobs["preset"].default].layer_schedule
    sizes = (schedule[0].window_size, len(schedule))
    assert sizes == (knobs["span_window"].default, knobs["span_layers"].default)


def test_the_story_leaves_some_tokens_out_of_reach(model):
    knobs = LESSON.knobs_for(model_payload(model))
    schedule = (SlidingWindow(knobs["window"].default),) * knobs["layers"].default
    assert reach(schedule) < len(model.encode(STORY)) <= 40
