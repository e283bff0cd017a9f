"""What the tests of attention share: patterns, random inputs, and the truth in float64."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from swa_viz.attention import attention, repeat_kv
from swa_viz.kernels import KERNELS, attend
from swa_viz.patterns import (
    Causal,
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    KeyRange,
    Pattern,
    SinkWindow,
    SlidingWindow,
    build_mask,
)
from tests import pattern_examples

EXAMPLES = pattern_examples.ONE_OF_EACH | {
    "causal": Causal(),
    "sliding": SlidingWindow(9),
    "centred": CentredWindow(4),
    "sink": SinkWindow(6, 3),
    "global": GlobalWindow(5, (0, 7, 60, 5000)),
    "dilated": DilatedWindow(5, 3),
    "chunked": Chunked(7),
}
ON_PROCESSOR = [name for name in KERNELS if name != "flash"]
WITH_GRADIENTS = ["dense", "sdpa_full", "sdpa_mask", "band_torch"]


@dataclass(frozen=True)
class OldKeys(Pattern):
    """A rule with empty rows: only keys of a certain age, which the first queries do not have."""

    min_age: int = 3
    label: ClassVar[str] = "old keys"
    rule: ClassVar[str] = "age ≥ 3"

    def visible(self, query_pos, key_pos):
        return query_pos - key_pos >= self.min_age

    def key_ranges(self, query_pos, kv_len):
        return (KeyRange(0 * query_pos, np.maximum(query_pos - self.min_age + 1, 0)),)


def pattern_for(name, pattern=SlidingWindow(9)):  # noqa: B008
    """The pattern, or full causal attention for the kernel that knows nothing else."""
    return Causal() if name == "sdpa_full" else pattern


def random_inputs(batch, n_heads, n_kv_heads, q_len, kv_len, head_dim, dtype=torch.float32):
    """Query, key and value, always the same."""
    source = torch.Generator().manual_seed(2)
    query = torch.randn(*batch, n_heads, q_len, head_dim, generator=source)
    key, value = torch.randn(2, *batch, n_kv_heads, kv_len, head_dim, generator=source)
    return query.to(dtype), key.to(dtype), value.to(dtype)


def truth(query, key, value, pattern):
    """The reference in float64."""
    return attention(query.double(), key.double(), value.double(), pattern).output


def row_by_row(query, key, value, pattern):
    """Each query against its visible keys alone, in float64: what is hidden is not even there."""
    query, key, value = (t.double() for t in (query, key, value))
    (n_heads, q_len, head_dim), kv_len = query.shape[-3:], key.shape[-2]
    key, value = repeat_kv(key, n_heads), repeat_kv(value, n_heads)
    rows = []
    for row, visible in enumerate(build_mask(pattern, q_len, kv_len)):
        keys, values = key[..., visible, :], value[..., visible, :]
        scores = query[..., row : row + 1, :] @ keys.mT / math.sqrt(head_dim)
        rows.append(scores.softmax(dim=-1) @ values)
    return torch.cat(rows, dim=-2)


def gradients(inputs, pattern, kernel, loss):
    """The gradients of `loss(output)` at fresh copies of the inputs."""
    copies = [t.detach().clone().requires_grad_() for t in inputs]
    return torch.autograd.grad(loss(attend(*copies, pattern, kernel=kernel)), copies)
