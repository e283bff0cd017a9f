"""A query that reads nothing gets zeros, from every kernel, and no gradient passes through it."""

import pytest
import torch

from swa_viz.attention import attention
from swa_viz.kernels import KERNELS, attend
from tests.attention_cases import (
    ON_PROCESSOR,
    OldKeys,
    gradients,
    random_inputs,
    row_by_row,
)

pytestmark = pytest.mark.every_core

ABLE = [name for name in ON_PROCESSOR if KERNELS[name].supports(OldKeys()) is None]
SHAPES = {40: ((2,), 4, 2, 40, 40, 8), 300: ((), 2, 1, 300, 300, 8)}


def test_which_kernels_can():
    assert {"dense", "sdpa_mask", "band_numba", "flex"} <= set(ABLE)


def test_the_reference_has_no_weights_there():
    inputs = random_inputs((), 2, 1, 12, 12, 4)
    steps = attention(*inputs, OldKeys(3))
    assert (steps.weights[:, :3] == 0).all() and (steps.output[:, :3] == 0).all()
    torch.testing.assert_close(steps.weights[:, 3:].sum(dim=-1), torch.ones(2, 9))


@pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")
@pytest.mark.parametrize("kv_len", SHAPES)
@pytest.mark.parametrize("name", [*ABLE, "auto"])
def test_zeros(name, kv_len):
    inputs = random_inputs(*SHAPES[kv_len])
    output = attend(*inputs, OldKeys(3), kernel=name)
    assert (output[..., :3, :] == 0).all()
    expected = row_by_row(*inputs, OldKeys(3)).float()
    torch.testing.assert_close(output[..., 3:, :], expected[..., 3:, :], atol=2e-6, rtol=0)


@pytest.mark.parametrize("kv_len", SHAPES)
@pytest.mark.parametrize("name", [n for n in ABLE if n not in ("flex", "band_numba")] + ["auto"])
def test_no_gradient(name, kv_len):
    inputs = random_inputs(*SHAPES[kv_len])
    found = gradients(inputs, OldKeys(3), name, lambda output: (output - 1).square().sum())
    assert (found[0][..., :3, :] == 0).all() and all(t.isfinite().all() for t in found)
    later = [t[..., 3:, :] if i == 0 else t for i, t in enumerate(inputs)]
    alone = gradients(later, OldKeys(3), name, lambda output: (output - 1).square().sum())
    torch.testing.assert_close(found[0][..., 3:, :], alone[0], atol=1e-5, rtol=1e-5)
    for one, other in zip(found[1:], alone[1:], strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("kv_len", SHAPES)
def test_an_empty_row_stays_zero_where_others_are_poisoned(kv_len):
    query, key, value = random_inputs(*SHAPES[kv_len])
    query[..., 1, :], value[..., 20, :] = torch.nan, torch.nan
    output = attend(query, key, value, OldKeys(3))
    assert (output[..., :3, :] == 0).all() and output[..., 23:, :].isnan().all()
