"""Rotary positions: scores know the age and nothing else of where a query and a key stand."""

import pytest
import torch
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

from swa_viz.rope import Rope, rotate

HEAD_DIM = 16


def heads_at(heads, positions, theta=10_000.0):
    """The heads, turned for these positions."""
    return rotate(heads, Rope(theta).angles(torch.as_tensor(positions), HEAD_DIM))


@pytest.fixture
def heads():
    return torch.randn(2, 3, 5, HEAD_DIM, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("shift", [1, 7, 500])
def test_a_score_depends_on_the_age_alone(heads, shift):
    positions = torch.arange(5)
    here, there = heads_at(heads, positions), heads_at(heads, positions + shift)
    scores, shifted = here @ here.transpose(-1, -2), there @ there.transpose(-1, -2)
    torch.testing.assert_close(shifted, scores, atol=1e-3, rtol=0)
    moved_apart = here @ there.transpose(-1, -2)
    assert (moved_apart - scores).abs().max() > 0.1


def test_turning_keeps_the_length(heads):
    turned = heads_at(heads, torch.arange(5) * 1000)
    torch.testing.assert_close(turned.norm(dim=-1), heads.norm(dim=-1))


def test_position_zero_is_not_turned(heads):
    assert torch.equal(heads_at(heads, torch.zeros(5, dtype=torch.long)), heads)


@pytest.mark.parametrize("theta", [1e4, 1e6])
def test_equal_to_transformers(heads, theta):
    positions = torch.arange(40, 45)
    angles = Rope(theta).angles(positions, HEAD_DIM)
    inverse_frequency = 1 / theta ** (torch.arange(0, HEAD_DIM, 2) / HEAD_DIM)
    their_angles = (positions[:, None] * inverse_frequency).repeat(1, 2)[None]
    theirs, _ = apply_rotary_pos_emb(heads, heads, their_angles.cos(), their_angles.sin())
    torch.testing.assert_close(rotate(heads, angles), theirs, atol=2e-5, rtol=0)
