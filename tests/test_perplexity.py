"""The bits of a text: the same token by token, in stretches, and with the rolling cache."""

import math

import pytest
import torch

from swa_viz.experiments import bits_per_byte, perplexity_against_window, stretches
from swa_viz.experiments.perplexity import cost_bits, stretch_bits, written_bytes
from swa_viz.models import load_model
from swa_viz.patterns import Causal, SinkWindow, SlidingWindow

TEXT = "And the king said unto him, Behold, the land is before thee: dwell where it pleaseth thee."
N_LAYERS = 6
SCHEDULES = [
    (SlidingWindow(1),) * N_LAYERS,
    (SlidingWindow(5),) * N_LAYERS,
    (SinkWindow(4, 1),) * N_LAYERS,
    (SlidingWindow(3), Causal()) * 3,
    (Causal(),) * N_LAYERS,
]


@pytest.fixture(scope="module")
def model():
    return load_model("tiny-swa")


@pytest.fixture(scope="module")
def token_ids(model):
    return model.encode(TEXT)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_the_bits_equal_those_of_a_model_that_reads_one_token_after_the_other(
    model, token_ids, schedule
):
    (reading,) = perplexity_against_window(model, token_ids, [schedule])
    cache = model.new_cache(schedule)
    for position, (token, following) in enumerate(zip(token_ids, token_ids[1:], strict=False)):
        probabilities = model.extend([token], cache)[0].double().softmax(-1)
        bits = -math.log2(probabilities[following])
        assert reading.bits[position].item() == pytest.approx(bits, abs=1e-3)
        best, expected = probabilities.max(0)
        assert reading.likeliest[position, 0] == expected
        assert reading.probabilities[position, 0].item() == pytest.approx(best.item(), abs=1e-4)


def test_a_window_as_long_as_the_text_is_full_attention(model, token_ids):
    n = len(token_ids)
    schedules = [
        (pattern,) * N_LAYERS for pattern in (Causal(), SlidingWindow(n), SlidingWindow(2))
    ]
    full, whole, short = perplexity_against_window(model, token_ids, schedules)
    torch.testing.assert_close(full.bits, whole.bits, atol=1e-4, rtol=1e-4)
    assert not torch.allclose(full.bits, short.bits, atol=0.1)


def test_a_token_costs_the_same_until_the_window_is_full(model, token_ids):
    schedules = [(SlidingWindow(w),) * N_LAYERS for w in (6, 12)]
    six, twelve = perplexity_against_window(model, token_ids, schedules)
    torch.testing.assert_close(six.bits[:6], twelve.bits[:6], atol=1e-4, rtol=1e-4)
    assert not torch.allclose(six.bits[6:], twelve.bits[6:], atol=1e-3)


def test_the_perplexity_is_two_to_the_mean_of_the_bits(model, token_ids):
    reading, other = perplexity_against_window(model, token_ids, [None, None], n_shown=3)
    assert reading.layer_schedule == model.native_schedule
    assert reading.perplexity == pytest.approx(
        2 ** (sum(reading.bits.tolist()) / len(reading.bits))
    )
    assert reading.likeliest.shape == (len(token_ids) - 1, 3)
    assert torch.equal(reading.bits, other.bits)


def test_the_bits_of_all_tokens_are_the_bits_of_the_text(model, token_ids):
    (reading,) = perplexity_against_window(model, token_ids, [None])
    rows = torch.tensor([token_ids])
    n_bytes = len(TEXT.encode()) - len(model.tokenizer.token_bytes(token_ids[0]))
    assert written_bytes(model, rows).sum() == n_bytes
    per_byte = reading.bits.sum().item() / n_bytes
    assert bits_per_byte(model, rows) == pytest.approx(per_byte, rel=1e-5)


def test_stretches_are_read_each_from_its_own_beginning(model, monkeypatch):
    rows = stretches(model, [TEXT * 4], n_predicted=16)
    at_once = stretch_bits(model, rows)
    monkeypatch.setattr("swa_viz.experiments.perplexity.TOKENS_AT_ONCE", 40)
    torch.testing.assert_close(stretch_bits(model, rows), at_once, atol=1e-4, rtol=1e-4)
    for row, bits in zip(rows, at_once, strict=True):
        (reading,) = perplexity_against_window(model, row, [None])
        torch.testing.assert_close(bits, reading.bits, atol=1e-4, rtol=1e-4)


def test_a_certain_token_costs_nothing_and_a_guess_all_its_bits():
    logits = torch.tensor([[0.0, 0.0, 0.0, 0.0], [100.0, 0.0, 0.0, 0.0]])
    torch.testing.assert_close(cost_bits(logits, torch.tensor([2, 0])), torch.tensor([2.0, 0.0]))


def test_one_token_is_too_few(model):
    with pytest.raises(ValueError, match="at least two tokens"):
        perplexity_against_window(model, [5], [None])


def test_a_bad_schedule_is_refused_before_anything_is_read(model, token_ids):
    with pytest.raises(ValueError, match="one pattern for each of the 6 layers"):
        perplexity_against_window(model, token_ids, [None, [Causal()]])
