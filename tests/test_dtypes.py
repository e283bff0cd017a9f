"""Every kernel in every floating-point type is as near to the truth as that type can be."""

import pytest
import torch

from swa_viz.kernels import KERNELS, attend
from tests.attention_cases import ON_PROCESSOR, pattern_for, random_inputs, truth

pytestmark = [pytest.mark.every_core, pytest.mark.usefixtures("flex_unrecorded")]

# One rounding of the output is an error of eps / 2 of its size; the products of fused kernels are
# in 16 bits where the inputs are, which makes a few more.
ROUNDINGS = 4
SHAPES = [((2,), 4, 2, 70, 130, 16), ((), 2, 2, 300, 300, 8)]
TYPES = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


def cases():
    """What is not refused."""
    for name in [*ON_PROCESSOR, "auto"]:
        for dtype in TYPES:
            if name == "auto" or KERNELS[name].supports(pattern_for(name), dtype) is None:
                yield pytest.param(name, dtype, id=f"{name}-{dtype}")


@pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")
@pytest.mark.parametrize("size", [1, 100, 1e4])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(("name", "dtype"), list(cases()))
def test_near_the_truth(name, dtype, shape, size):
    """Scores of size s are off by s roundings of float32, and so are the weights, relatively."""
    query, key, value = random_inputs(*shape, dtype=torch.float64)
    query, key, value = ((t * f).to(dtype) for t, f in ((query, size), (key, size), (value, 1)))
    output = attend(query, key, value, pattern_for(name), kernel=name)
    assert output.dtype == dtype
    computed_in = torch.promote_types(dtype, torch.float32)
    of_scores = size**2 * shape[-1] ** 0.5 * 8 * torch.finfo(computed_in).eps
    allowed = 4 * (ROUNDINGS * torch.finfo(dtype).eps + min(of_scores, 0.01))
    expected = truth(query, key, value, pattern_for(name))
    torch.testing.assert_close(output.double(), expected, atol=allowed, rtol=0)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("name", ["dense", "sdpa_full", "sdpa_mask", "band_torch"])
def test_gradients_in_16_bits(name, dtype):
    inputs = [t.requires_grad_() for t in random_inputs((), 2, 1, 290, 300, 8, dtype=dtype)]
    found = torch.autograd.grad(attend(*inputs, pattern_for(name), kernel=name).sum(), inputs)
    wide = [t.detach().double().requires_grad_() for t in inputs]
    expected = torch.autograd.grad(attend(*wide, pattern_for(name), kernel="dense").sum(), wide)
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == dtype
        scale = other.abs().max()
        assert (one.double() - other).abs().max() <= 8 * torch.finfo(dtype).eps * scale
