"""Rotary positions: turn each pair of features by an angle that grows with the position.

The score of a query and a key then depends on their age alone, so a window may slide and a cache
may store its keys already turned (Su et al. 2021, arXiv 2104.09864).
"""

import torch
from einops import rearrange

from swa_viz.shapes import Float, Int, Tensor


def rope_angles(
    positions: Int[Tensor, " seq_len"], head_dim: int, theta: float
) -> Float[Tensor, "seq_len half"]:
    """Angle in radians of each position and feature pair i: position / theta^(2i / head_dim)."""
    pair = torch.arange(0, head_dim, 2, device=positions.device)
    return positions[:, None].float() / theta ** (pair.float() / head_dim)


def rotate(
    heads: Float[Tensor, "*batch heads seq_len head_dim"], angles: Float[Tensor, "seq_len half"]
) -> Float[Tensor, "*batch heads seq_len head_dim"]:
    """Turn feature i and feature i + head_dim / 2 together (the order of Llama in transformers).

    >>> rotate(torch.tensor([[[1.0, 0.0]]]), torch.tensor([[torch.pi / 2]])).round()
    tensor([[[-0., 1.]]])
    """
    first, second = rearrange(heads, "... (two half) -> two ... half", two=2)
    cos, sin = angles.cos().to(heads.dtype), angles.sin().to(heads.dtype)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)
