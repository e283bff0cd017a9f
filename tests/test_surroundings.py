"""What is set globally around a call changes nothing: it is the inputs that count."""

from contextlib import contextmanager

import pytest
import torch

from swa_viz.attention import attention
from swa_viz.kernels import KERNELS, attend
from swa_viz.kernels.band_numba import PLANS
from swa_viz.kernels.flex import MASKS
from tests.attention_cases import ON_PROCESSOR, pattern_for, random_inputs

LENGTHS = [100, 300]
UNCOMPILED = pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")


@contextmanager
def default_dtype(dtype):
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


@contextmanager
def deterministic():
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(False)


AROUND = {
    "autocast to bfloat16": lambda: torch.autocast("cpu", torch.bfloat16),
    "autocast to float16": lambda: torch.autocast("cpu", torch.float16),
    "default float64": lambda: default_dtype(torch.float64),
    "default float16": lambda: default_dtype(torch.float16),
    "default device meta": lambda: torch.device("meta"),
    "gradients off": lambda: torch.set_grad_enabled(False),
    "gradients on": lambda: torch.set_grad_enabled(True),
    "deterministic": deterministic,
}


@UNCOMPILED
@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("name", [*ON_PROCESSOR, "auto"])
@pytest.mark.parametrize("kv_len", LENGTHS)
def test_the_output_is_the_same(around, name, kv_len):
    inputs = random_inputs((), 2, 1, kv_len - 3, kv_len, 8)
    expected = attend(*inputs, pattern_for(name), kernel=name)
    PLANS.kept.clear(), MASKS.kept.clear()
    with AROUND[around]():
        output = attend(*inputs, pattern_for(name), kernel=name)
        steps = attention(*inputs, pattern_for(name))
        if KERNELS.get(name, KERNELS["dense"]).scored_pairs:
            assert KERNELS["band_numba"].scored_pairs(pattern_for(name), 20, 20) > 0
    assert output.dtype == torch.float32 and output.device.type == "cpu"
    torch.testing.assert_close(output, expected, atol=1e-6, rtol=0)
    assert steps.scores.dtype == steps.output.dtype == torch.float32
    torch.testing.assert_close(steps.output, expected, atol=2e-6, rtol=0)


@pytest.mark.parametrize("around", [a for a in AROUND if not a.startswith("gradients")])
@pytest.mark.parametrize("name", ["dense", "sdpa_full", "sdpa_mask", "band_torch", "auto"])
@pytest.mark.parametrize("kv_len", LENGTHS)
def test_the_gradients_are_the_same(around, name, kv_len):
    """First and second ones, with the way back inside too."""
    inputs = [t.requires_grad_() for t in random_inputs((), 2, 1, kv_len, kv_len, 8)]

    def both_orders():
        output = attend(*inputs, pattern_for(name), kernel=name)
        first = torch.autograd.grad(output.square().sum(), inputs, retain_graph=True)
        kept = torch.autograd.grad(output.square().sum(), inputs, create_graph=True)
        return *first, *torch.autograd.grad(sum(g.square().sum() for g in kept), inputs)

    expected = both_orders()
    with AROUND[around]():
        found = both_orders()
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == torch.float32
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)
