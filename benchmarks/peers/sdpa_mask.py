"""torch's fused attention with a mask that was drawn before: what everyone tries first."""

import torch.nn.functional as F

from benchmarks.contender import Contender, Inputs, Prepared, Shape, whole_square
from swa_viz.patterns import Pattern, build_mask

BYTES_PER_PAIR = 14  # measured: the mask as truths, as numbers, and what drawing it takes


def prepare(inputs: Inputs, pattern: Pattern) -> Prepared:
    """The mask is the same in every layer, so drawing it is not timed."""
    shape = inputs.shape
    mask = build_mask(pattern, shape.seq_len, shape.seq_len)
    grouped = shape.n_kv_heads < shape.n_heads
    return Prepared(
        lambda: F.scaled_dot_product_attention(*inputs, attn_mask=mask, enable_gqa=grouped)
    )


def n_bytes(pattern: Pattern, shape: Shape) -> int:
    """All of it grows with the square of the length."""
    return BYTES_PER_PAIR * shape.seq_len**2


SDPA_MASK = Contender(
    "sdpa_mask",
    "torch's fused attention with the pattern as a mask",
    prepare,
    work=whole_square,
    n_bytes=n_bytes,
)
