"""Rotary positions: turn each pair of features by an angle that grows with the position.

The score of a query and a key then depends on their age alone, so a window may slide and a cache
may store its keys already turned (Su et al. 2021, arXiv 2104.09864).
"""

import math
from dataclasses import dataclass

import torch
from einops import rearrange

from swa_viz.shapes import Float, Int, Tensor


@dataclass(frozen=True)
class LinearStretch:
    """Positions count `factor` times less, so that a longer text has the angles of a shorter one.

    Chen et al. 2023, arXiv 2306.15595.  Gemma 3 stretches its full layers so, by 8.
    """

    factor: float

    def apply(self, turns: Float[Tensor, " half"], theta: float) -> Float[Tensor, " half"]:
        """All pairs turn slower by the same factor."""
        return turns / self.factor


@dataclass(frozen=True)
class Llama3Stretch:
    """Only slow pairs are stretched: those that turn less than once in `original_len` tokens or so.

    A pair that turns more than `high_turns` times in the original length keeps its pace, one that
    turns less than `low_turns` times is slower by `factor`, and between them the two paces are
    mixed (Llama 3.1; transformers, modeling_rope_utils.py).
    """

    factor: float
    low_turns: float
    high_turns: float
    original_len: float

    def apply(self, turns: Float[Tensor, " half"], theta: float) -> Float[Tensor, " half"]:
        """The new radians per token of each pair."""
        n_turns = self.original_len * turns / (2 * math.pi)
        kept = (n_turns - self.low_turns) / (self.high_turns - self.low_turns)
        kept = kept.clamp(0, 1)
        return kept * turns + (1 - kept) * turns / self.factor


@dataclass(frozen=True)
class YarnStretch:
    """As Llama's, but the mixture is even over the pairs, not over their turns.

    Peng et al. 2023, arXiv 2309.00071.  Pairs that turn more than `fast` times in the original
    length keep their pace, those that turn less than `slow` times are slower by `factor`; with
    `whole` the two bounds are moved outwards to whole pairs.
    """

    factor: float
    fast: float
    slow: float
    original_len: float
    whole: bool = True

    def apply(self, turns: Float[Tensor, " half"], theta: float) -> Float[Tensor, " half"]:
        """The new radians per token of each pair."""
        n_pairs = len(turns)
        low, high = (self.pair_with(n, theta, n_pairs) for n in (self.fast, self.slow))
        if self.whole:
            low, high = math.floor(low), math.ceil(high)
        low, high = max(low, 0), min(high, 2 * n_pairs - 1)
        steps = torch.arange(n_pairs, device=turns.device)
        slowed = ((steps - low) / max(high - low, 0.001)).clamp(0, 1)
        return (1 - slowed) * turns + slowed * turns / self.factor

    def pair_with(self, n_turns: float, theta: float, n_pairs: int) -> float:
        """The pair, as a real number, that turns so many times in the original length."""
        return n_pairs * math.log(self.original_len / (n_turns * 2 * math.pi)) / math.log(theta)


Stretch = LinearStretch | Llama3Stretch | YarnStretch


@dataclass(frozen=True)
class Rope:
    """How fast the pairs of features turn, and how that was changed for longer texts."""

    theta: float = 10_000.0
    stretch: Stretch | None = None

    def angles(
        self, positions: Int[Tensor, " seq_len"], head_dim: int
    ) -> Float[Tensor, "seq_len half"]:
        """Angle in radians of each position and feature pair: position / theta^(2i / head_dim)."""
        pair = torch.arange(0, head_dim, 2, device=positions.device)
        if self.stretch is None:
            return positions[:, None].float() / self.theta ** (pair.float() / head_dim)
        turns = self.stretch.apply(1 / self.theta ** (pair.float() / head_dim), self.theta)
        return positions[:, None].float() * turns


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
