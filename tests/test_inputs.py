"""What does not belong together is told what is allowed, at once and by every kernel."""

import jaxtyping
import numpy as np
import pytest
import torch

from swa_viz.attention import attention
from swa_viz.kernels import KERNELS, attend
from swa_viz.patterns import Causal, SlidingWindow
from tests.attention_cases import ON_PROCESSOR, pattern_for, random_inputs

pytestmark = [pytest.mark.every_core, pytest.mark.usefixtures("flex_unrecorded")]


@pytest.fixture
def shapes_unchecked():
    """Let the kernels themselves meet what does not fit, as they do outside of tests."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


def zeros(*shape, **kind):
    """A tensor of zeros, in float32."""
    return torch.zeros(shape, **kind)


FITS = zeros(2, 4, 8)
WRONG_TOGETHER = {
    "same head_dim, but they have 8 and 6": (FITS, zeros(2, 4, 6), zeros(2, 4, 6)),
    "same head_dim, but they have 0 and 0": (zeros(2, 4, 0),) * 3,
    "multiple of n_kv_heads, but .* 3 and 2": (zeros(3, 4, 8), FITS, FITS),
    "q_len is 5 and kv_len 4": (zeros(2, 5, 8), FITS, FITS),
    "q_len is 0 and kv_len 4": (zeros(2, 0, 8), FITS, FITS),
    "key and value must have one shape": (FITS, FITS, zeros(2, 5, 8)),
    "the same batch axes": (zeros(1, 2, 4, 8), zeros(2, 2, 4, 8), zeros(2, 2, 4, 8)),
    r"query must be \[\*batch, n_heads, seq_len, head_dim\], but .* \(4, 8\)": (zeros(4, 8),) * 3,
    "one floating-point type, but they are torch.float64, torch.float32": (
        FITS.double(), FITS, FITS,
    ),
}  # fmt: skip
WRONG_ALONE = {
    "a torch.Tensor, but it is ndarray": np.zeros((2, 4, 8), np.float32),
    "a torch.Tensor, but it is list": [[[0.0] * 8] * 4] * 2,
    "a torch.Tensor, but it is NoneType": None,
    "floating-point type .*, but it is torch.int32": FITS.int(),
    "floating-point type .*, but it is torch.bool": FITS.bool(),
    "floating-point type .*, but it is torch.complex64": FITS.to(torch.complex64),
    "floating-point type .*, but it is torch.float8_e4m3fn": FITS.to(torch.float8_e4m3fn),
    "it is sparse: call its to_dense": FITS.to_sparse(),
    "it is on the device 'meta'": FITS.to("meta"),
    "it is nested": torch.nested.nested_tensor([zeros(4, 8), zeros(3, 8)]),
}


def everyone():
    """All ways to ask for attention."""
    yield attention
    for name in ("auto", *KERNELS):
        yield lambda *inputs, name=name: attend(*inputs, kernel=name)
    yield KERNELS["band_numba"]


@pytest.mark.parametrize("sentence", WRONG_TOGETHER)
@pytest.mark.usefixtures("shapes_unchecked")
def test_tensors_that_do_not_belong_together(sentence):
    for ask in everyone():
        with pytest.raises(ValueError, match=sentence):
            ask(*WRONG_TOGETHER[sentence], SlidingWindow(2))


@pytest.mark.parametrize("sentence", WRONG_ALONE)
@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
@pytest.mark.usefixtures("shapes_unchecked")
def test_what_is_no_tensor_of_numbers(sentence):
    for ask in everyone():
        for place, name in enumerate(("query", "key", "value")):
            inputs = [FITS, FITS, FITS]
            inputs[place] = WRONG_ALONE[sentence]
            with pytest.raises(ValueError, match=f"{name} must .*{sentence}"):
                ask(*inputs, SlidingWindow(2))


@pytest.mark.parametrize("wrong", [4, None, SlidingWindow, "sliding"])
@pytest.mark.usefixtures("shapes_unchecked")
def test_a_pattern_must_be_a_pattern(wrong):
    for ask in everyone():
        with pytest.raises(ValueError, match=r"must be a Pattern such as SlidingWindow\(4\), but"):
            ask(FITS, FITS, FITS, wrong)


@pytest.mark.parametrize("wrong", ["fast", None, [], 3])
@pytest.mark.usefixtures("shapes_unchecked")
def test_an_unknown_kernel_is_told_the_known_ones(wrong):
    with pytest.raises(ValueError, match="unknown kernel .*; known are auto, dense, sdpa_full"):
        attend(*random_inputs((), 1, 1, 4, 4, 4), Causal(), kernel=wrong)


@pytest.mark.parametrize("name", [*ON_PROCESSOR, "auto"])
@pytest.mark.parametrize("kv_len", [9, 300])
def test_an_empty_batch_stays_empty(name, kv_len):
    inputs = random_inputs((0,), 2, 1, 9, kv_len, 4)
    assert attend(*inputs, pattern_for(name), kernel=name).shape == (0, 2, 9, 4)
    if name not in ("band_numba", "flex"):
        inputs = [t.requires_grad_() for t in inputs]
        output = attend(*inputs, pattern_for(name), kernel=name)
        grads = torch.autograd.grad(output.sum(), inputs)
        assert [g.shape for g in grads] == [t.shape for t in inputs]


LAYOUTS = {
    "as a model leaves them": lambda t: t.transpose(1, 2).contiguous().transpose(1, 2),
    "every second number": lambda t: t.repeat_interleave(2, dim=-1)[..., ::2],
    "features first": lambda t: t.mT.contiguous().mT,
    "one head for all": lambda t: t[:, :1].expand_as(t),
    "negated": lambda t: torch.complex(-t, -t).conj().imag,  # its minus is only noted
}


@pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", [*ON_PROCESSOR, "auto"])
@pytest.mark.parametrize("kv_len", [70, 300])
def test_tensors_may_lie_in_memory_as_they_like(name, layout, kv_len):
    views = [LAYOUTS[layout](t) for t in random_inputs((2,), 4, 2, kv_len, kv_len, 16)]
    plain = [t.resolve_neg().clone(memory_format=torch.contiguous_format) for t in views]
    expected = attend(*plain, pattern_for(name), kernel=name)
    output = attend(*views, pattern_for(name), kernel=name)
    torch.testing.assert_close(output, expected)
