"""sdpa_mask: torch's fused attention with the pattern as a boolean mask.

A mask alone saves nothing: all pairs are scored and most are thrown away.  It is here as the
contender that everyone tries first, and because it can do every pattern and has gradients.
"""

import math

import torch.nn.functional as F

from swa_viz.attention import repeat_kv, visible_pairs
from swa_viz.kernels.kernel import Kernel


def compute(query, key, value, pattern):
    """One call of `scaled_dot_product_attention` with a mask [q_len, kv_len].

    A query that reads nothing has no average: it is shown everything, and then gets zeros.
    """
    n_heads, q_len, _ = query.shape[-3:]
    mask = visible_pairs(pattern, q_len, key.shape[-2], query.device)
    reads_nothing = ~mask.any(dim=-1, keepdim=True)
    all_heads = query, repeat_kv(key, n_heads), repeat_kv(value, n_heads)
    flat = (t.reshape(math.prod(t.shape[:-3]), *t.shape[-3:]) for t in all_heads)
    output = F.scaled_dot_product_attention(*flat, attn_mask=mask | reads_nothing)
    return output.masked_fill(reads_nothing, 0).reshape(query.shape)


SDPA_MASK = Kernel(
    name="sdpa_mask",
    idea="torch's fused attention, told by a mask what to throw away",
    refuse=lambda request: None,
    compute=compute,
    scored_pairs=lambda pattern, q_len, kv_len: q_len * kv_len,
)
