"""A result is right if a sample of its rows and all its gradients equal the float64 reference."""

import pytest
import torch

from swa_viz.attention import attention
from swa_viz.patterns import Causal, CentredWindow, SinkWindow, SlidingWindow
from swa_viz.timing.check import check_gradients, check_output, get_ready, sample_rows, tolerance
from swa_viz.timing.contender import Shape, unit_normal_inputs
from swa_viz.timing.contenders import FORWARD, TRAINING, training
from tests.timed import made_up, right

TINY, WINDOW = unit_normal_inputs(Shape(64)), SlidingWindow(8)


def is_right(compute, pattern=WINDOW, inputs=TINY):
    return get_ready(made_up("it", compute), inputs, pattern).check().right


def with_row_off(row, by):
    def compute(inputs, pattern):
        output = right(inputs, pattern).clone()
        output[0, 3, row, 5] += by
        return output

    return compute


@pytest.mark.parametrize("row", [0, 63])
@pytest.mark.parametrize("by", [1e-3, float("nan"), float("inf")])
def test_the_first_and_the_last_row_are_looked_at(row, by):
    assert is_right(right) and not is_right(with_row_off(row, by))


def test_another_window_or_another_shape_is_wrong():
    assert not is_right(lambda inputs, pattern: right(inputs, SlidingWindow(9)))
    assert not is_right(lambda inputs, pattern: right(inputs, Causal()))
    assert not is_right(lambda inputs, pattern: right(inputs, pattern)[..., 1:, :])
    assert check_output(TINY.query.transpose(1, 2), TINY, WINDOW).error == float("inf")


@pytest.mark.parametrize("pattern", [Causal(), CentredWindow(4), SinkWindow(4, n_sink_tokens=2)])
@pytest.mark.parametrize("shape", [Shape(64), Shape(50, n_kv_heads=2), Shape(5, head_dim=16)])
def test_every_pattern_and_shape_can_be_checked(pattern, shape):
    inputs = unit_normal_inputs(shape)
    assert is_right(right, pattern, inputs)
    assert not is_right(with_row_off(-1, 0.01), pattern, inputs)


def test_the_rows_are_a_sample_however_long_the_text():
    assert sample_rows(3) == [0, 1, 2]
    assert sample_rows(131_072)[::15] == [0, 131_071] and len(sample_rows(131_072)) == 16


def test_one_rule_says_how_large_an_error_may_be():
    assert tolerance(torch.float32) == 1e-5
    assert tolerance(torch.float64) == 1e-5
    assert tolerance(torch.float16) == 2 * 2**-10
    assert tolerance(torch.bfloat16) == 2 * 2**-7
    assert tolerance(torch.float32, gradient=True) == 5 * tolerance(torch.float32)


def test_a_result_of_16_bits_may_be_rounded_and_no_more():
    halves = type(TINY)(*(tensor.bfloat16() for tensor in TINY))
    exact = attention(*(tensor.double() for tensor in halves), WINDOW).output
    assert check_output(exact.bfloat16(), halves, WINDOW).right
    assert not check_output((1.05 * exact).bfloat16(), halves, WINDOW).right


class OneIsLost(torch.autograd.Function):
    """Passes numbers on, and loses the gradient of the last ones."""

    @staticmethod
    def forward(ctx, numbers):
        return numbers.clone()

    @staticmethod
    def backward(ctx, upstream):
        upstream = upstream.clone()
        upstream[0, 0, -1] = 0
        return upstream


@pytest.mark.parametrize("name", ["query", "key", "value"])
def test_a_wrong_gradient_is_caught_beside_a_right_output(name):
    def compute(inputs, pattern):
        lossy = {name: OneIsLost.apply(getattr(inputs, name))}
        return right(inputs._replace(**lossy), pattern)

    steps = [training(made_up("it", c), lambda pattern, shape: 0) for c in (right, compute)]
    assert [get_ready(step, TINY, WINDOW).check().right for step in steps] == [True, False]
    assert is_right(compute)


def test_a_wrong_output_is_caught_beside_right_gradients():
    shifted = made_up("it", lambda inputs, pattern: right(inputs, pattern) + 0.01)
    assert not get_ready(training(shifted, lambda *_: 0), TINY, WINDOW).check().right


def test_torchs_own_defaults_change_nothing():
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        again = unit_normal_inputs(Shape(64))
        assert torch.equal(again.query, TINY.query) and again.query.dtype == torch.float32
        with torch.device("meta"):
            assert torch.equal(unit_normal_inputs(Shape(64)).key, TINY.key)
            assert check_output(right(TINY, WINDOW), TINY, WINDOW).right
    finally:
        torch.set_default_dtype(before)


def test_gradients_of_grouped_heads_are_checked_against_autograd():
    inputs = unit_normal_inputs(Shape(40, n_heads=4, n_kv_heads=2, head_dim=8))

    def gradients(upstream):
        leaves = [tensor.requires_grad_() for tensor in map(torch.clone, inputs)]
        return torch.autograd.grad(attention(*leaves, CentredWindow(3)).output, leaves, upstream)

    assert check_gradients(gradients, inputs, CentredWindow(3)).right
    assert not check_gradients(gradients, inputs, CentredWindow(4)).right


@pytest.mark.parametrize("library", [FORWARD, TRAINING], ids=["forward", "training"])
def test_the_librarys_own_contenders_are_right(library):
    for contender in library.values():
        if contender.trains and contender is library.get("flex"):
            continue  # it has no gradients on the processor
        ready = get_ready(contender, TINY, contender.pattern(WINDOW))
        assert ready.check().right, contender.name
        assert not any(tensor.requires_grad for tensor in TINY)
