"""sdpa_full: torch's own full causal attention, the best that torch has.

This is the honest rival of every window: a fused kernel that skips the future by itself.  It can
do no other pattern, because its only rule is "not the future".
"""

import math

import torch.nn.functional as F

from swa_viz.attention import visible_pairs
from swa_viz.kernels.kernel import Kernel, Request
from swa_viz.patterns import Span


def compute(query, key, value, pattern):
    """One call of `scaled_dot_product_attention`.

    torch's `is_causal` lines the first query up with the first key.  Ours are the last queries, so
    fewer queries than keys need a mask, except a single one: it reads everything.
    """
    q_len, kv_len = query.shape[-2], key.shape[-2]
    mask = None
    if 1 < q_len < kv_len:
        mask = visible_pairs(pattern, q_len, kv_len, query.device)
    flat = (t.reshape(math.prod(t.shape[:-3]), *t.shape[-3:]) for t in (query, key, value))
    grouped = query.shape[-3] != key.shape[-3]
    output = F.scaled_dot_product_attention(
        *flat, attn_mask=mask, is_causal=1 < q_len == kv_len, enable_gqa=grouped
    )
    return output.reshape(query.shape)


def refuse(request: Request) -> str | None:
    """Full causal attention and nothing else."""
    pattern = request.pattern
    if pattern.is_band and pattern.span == Span(None, 0):
        return None
    return f"it does full causal attention only, not {pattern.label!r}"


SDPA_FULL = Kernel(
    name="sdpa_full",
    idea="torch's fused full causal attention, the rival to beat",
    refuse=refuse,
    compute=compute,
)
