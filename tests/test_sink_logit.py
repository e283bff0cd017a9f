"""A sink logit: the share that goes to nobody, the same in the reference and in every kernel."""

import math

import pytest
import torch

from swa_viz.attention import attention
from swa_viz.kernels import KERNELS, attend, choose_kernel
from swa_viz.kernels.behind_sink import BehindSink
from swa_viz.kernels.kernel import Request
from swa_viz.patterns import Causal, Chunked, GlobalWindow, SlidingWindow, build_mask
from tests.attention_cases import (
    EXAMPLES,
    ON_PROCESSOR,
    OldKeys,
    random_inputs,
)

pytestmark = pytest.mark.usefixtures("flex_unrecorded")

LOGITS = torch.tensor([-3.0, 0.0, 1.5, 4.0])


def truth(query, key, value, pattern, logits=LOGITS):
    wide = (t.double() for t in (query, key, value))
    return attention(*wide, pattern, sink_logit=logits.double()).output


@pytest.mark.parametrize("pattern", [Causal(), SlidingWindow(5), Chunked(7)], ids=repr)
def test_it_scales_the_output_by_the_share_that_goes_to_somebody(pattern):
    """Softmax x sigmoid(LSE - s), which is how gpt-oss describes it."""
    inputs = [t.double() for t in random_inputs((2,), 4, 2, 20, 20, 8)]
    plain = attention(*inputs, pattern)
    lse = plain.masked_scores.logsumexp(dim=-1, keepdim=True)
    somebody = torch.sigmoid(lse - LOGITS.double()[:, None, None])
    steps = attention(*inputs, pattern, sink_logit=LOGITS)
    torch.testing.assert_close(steps.output, plain.output * somebody, atol=1e-12, rtol=0)
    torch.testing.assert_close(steps.weights, plain.weights * somebody, atol=1e-12, rtol=0)
    sums = steps.weights.sum(dim=-1, keepdim=True)
    torch.testing.assert_close(sums, somebody, atol=1e-12, rtol=0)


@pytest.mark.parametrize("name", ["auto", *ON_PROCESSOR])
@pytest.mark.parametrize("pattern", EXAMPLES.values(), ids=EXAMPLES)
@pytest.mark.parametrize(("q_len", "kv_len"), [(40, 40), (3, 70)])
def test_every_kernel_gives_what_the_reference_gives(name, pattern, q_len, kv_len):
    inputs = random_inputs((2,), 4, 2, q_len, kv_len, 8)
    if name != "auto" and (reason := KERNELS[name].supports(BehindSink(pattern))):
        with pytest.raises(NotImplementedError) as raised:
            attend(*inputs, pattern, name, sink_logit=LOGITS)
        assert reason in str(raised.value)
        return
    output = attend(*inputs, pattern, name, sink_logit=LOGITS)
    assert output.shape == inputs[0].shape
    torch.testing.assert_close(output.double(), truth(*inputs, pattern), atol=5e-6, rtol=0)


def test_the_kernels_for_long_texts_can_do_it():
    inputs = random_inputs((), 4, 1, 700, 700, 33)
    for name in ("band_numba", "sdpa_mask", "auto"):
        output = attend(*inputs, SlidingWindow(64), name, sink_logit=LOGITS)
        expected = truth(*inputs, SlidingWindow(64))
        torch.testing.assert_close(output.double(), expected, atol=5e-6, rtol=0)
    assert choose_kernel(Request(BehindSink(SlidingWindow(64))), 700).name == "band_numba"


@pytest.mark.parametrize("name", ["dense", "sdpa_mask", "auto"])
@pytest.mark.usefixtures("shapes_unchecked")
def test_the_logits_are_learned(name):
    """Each number is moved a little both ways; the forward test above checks the shapes."""
    inputs = [t.double().requires_grad_() for t in random_inputs((), 4, 2, 6, 9, 2)]
    logits = LOGITS.double().requires_grad_()

    def compute(query, key, value, logits):
        return attend(query, key, value, SlidingWindow(4), name, sink_logit=logits)

    assert torch.autograd.gradcheck(compute, (*inputs, logits))
    outputs = compute(*inputs, logits), attention(*inputs, SlidingWindow(4), logits).output
    learned, expected = (torch.autograd.grad(output.sum(), logits)[0] for output in outputs)
    torch.testing.assert_close(learned, expected)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_sixteen_bits_lose_only_what_the_output_loses(dtype):
    inputs = random_inputs((), 4, 2, 300, 300, 16, dtype)
    output = attend(*inputs, SlidingWindow(20), sink_logit=LOGITS.to(dtype))
    assert output.dtype == dtype
    expected = truth(*inputs, SlidingWindow(20), LOGITS.to(dtype))
    torch.testing.assert_close(output.double(), expected, atol=2e-2, rtol=0)
    rounded = expected.to(dtype).double()
    assert (output.double() - expected).abs().max() <= 2 * (rounded - expected).abs().max() + 1e-5


def test_a_query_that_reads_nothing_leaves_all_to_nobody_and_gets_zeros():
    inputs = random_inputs((), 4, 4, 10, 10, 8)
    logits = torch.tensor([-math.inf, *LOGITS[1:]])
    steps = attention(*inputs, OldKeys(), sink_logit=logits)
    assert (steps.output[:, :3] == 0).all() and (steps.weights[:, :3] == 0).all()
    assert (attend(*inputs, OldKeys(), sink_logit=logits)[:, :3] == 0).all()


def test_a_key_outside_the_window_still_changes_nothing():
    query, key, value = random_inputs((), 4, 2, 300, 300, 8)
    expected = attend(query, key, value, SlidingWindow(8), sink_logit=LOGITS)
    key[:, 5], value[:, 5] = torch.nan, torch.inf
    output = attend(query, key, value, SlidingWindow(8), sink_logit=LOGITS)
    torch.testing.assert_close(output[:, 13:], expected[:, 13:])


def test_a_very_low_logit_is_none_and_a_very_high_one_takes_all():
    inputs = random_inputs((), 2, 2, 30, 30, 8)
    plain = attend(*inputs, SlidingWindow(6))
    for size in (80.0, 1e38, math.inf):
        logits = torch.tensor([-size, size])
        for output in (
            attention(*inputs, SlidingWindow(6), sink_logit=logits).output,
            *(attend(*inputs, SlidingWindow(6), name, logits) for name in ("auto", "band_numba")),
        ):
            torch.testing.assert_close(output[0], plain[0])
            assert output[1].abs().max() < 1e-20


@pytest.mark.parametrize("call", [attend, attention])
@pytest.mark.parametrize(
    ("logits", "words"),
    [
        (torch.zeros(3), "one number for each of 4 heads"),
        (torch.zeros(4, 1), "one number for each of 4 heads"),
        (torch.zeros(4, dtype=torch.int64), "floating-point tensor"),
        (0.5, "floating-point tensor"),
        (torch.zeros(4, device="meta"), "one device"),
    ],
)
@pytest.mark.usefixtures("shapes_unchecked")
def test_what_are_no_logits_is_said(call, logits, words):
    with pytest.raises(ValueError, match=words):
        call(*random_inputs((), 4, 2, 6, 6, 8), Causal(), sink_logit=logits)


@pytest.mark.parametrize("pattern", [SlidingWindow(3), GlobalWindow(2, (4,))], ids=repr)
def test_behind_the_sink_the_rule_is_the_same_one_place_on(pattern):
    inner, outer = build_mask(pattern, 9, 9), build_mask(BehindSink(pattern), 9, 10)
    assert outer[:, 0].all() and (outer[:, 1:] == inner).all()
    for query in range(1, 10):
        ranges = BehindSink(pattern).key_ranges(query, 10)
        keys = [key for start, stop, step in ranges for key in range(start, stop, step)]
        assert sorted(keys) == outer[query - 1].nonzero().flatten().tolist()
