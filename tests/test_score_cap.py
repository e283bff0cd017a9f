"""A cap on scores (Gemma 2): bent smoothly, before anything is hidden."""

import math

import pytest
import torch

from swa_viz.attention import attention, capped
from swa_viz.kernels import KERNELS, attend
from swa_viz.patterns import SlidingWindow

PATTERN = SlidingWindow(5)


@pytest.fixture(scope="module")
def inputs():
    random = torch.Generator().manual_seed(5)
    return [torch.randn(2, 4, 20, 8, generator=random) * 4 for _ in range(3)]


def test_a_cap_is_tanh_between_its_bounds():
    scores = torch.tensor([0.0, 0.01, 3.0, -500.0], dtype=torch.float64)
    expected = torch.tensor([2 * math.tanh(s / 2) for s in scores.tolist()], dtype=torch.float64)
    torch.testing.assert_close(capped(scores, 2.0), expected)
    assert capped(scores, None) is scores
    for cap in (1e39, 10**400):  # more than the type can hold
        torch.testing.assert_close(capped(scores.float(), cap), scores.float())
    assert capped(scores.float(), 1e-46).abs().max() < 1e-37


def test_the_weights_are_the_softmax_of_capped_scores(inputs):
    steps, plain = attention(*inputs, PATTERN, score_cap=1.5), attention(*inputs, PATTERN)
    torch.testing.assert_close(steps.scores, 1.5 * torch.tanh(plain.scores / 1.5))
    hidden = plain.masked_scores.isinf()
    weights = steps.scores.masked_fill(hidden, -torch.inf).softmax(-1)
    torch.testing.assert_close(steps.weights, weights)
    assert (steps.weights - plain.weights).abs().max() > 0.1


def test_attend_caps_as_the_reference_does_with_a_sink_logit_too(inputs):
    for sink in (None, torch.tensor([0.0, 1.0, -2.0, 3.0])):
        expected = attention(*inputs, PATTERN, sink, 1.5).output
        assert torch.equal(attend(*inputs, PATTERN, sink_logit=sink, score_cap=1.5), expected)


@pytest.mark.parametrize("name", sorted(KERNELS.keys() - {"dense"}))
def test_a_named_kernel_that_cannot_cap_says_so(inputs, name):
    with pytest.raises(NotImplementedError, match=f"{name} cannot cap scores; dense can"):
        attend(*inputs, PATTERN, kernel=name, score_cap=1.5)


@pytest.mark.parametrize("cap", [0, -1.0, math.inf, math.nan])
def test_what_is_no_cap_is_refused(inputs, cap):
    for compute in (attention, attend):
        with pytest.raises(ValueError, match="score_cap must be a number above 0"):
            compute(*inputs, PATTERN, score_cap=cap)
