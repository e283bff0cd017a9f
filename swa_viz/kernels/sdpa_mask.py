"""sdpa_mask: torch's fused attention with the pattern as a boolean mask.

A mask alone saves nothing: all pairs are scored and most are thrown away.  It is here as the
contender that everyone tries first, and because it can do every pattern and has gradients.
"""

import torch.nn.functional as F

from swa_viz.attention import repeat_kv
from swa_viz.kernels.kernel import Kernel
from swa_viz.patterns import build_mask


def compute(query, key, value, pattern):
    """One call of `scaled_dot_product_attention` with a mask [q_len, kv_len]."""
    n_heads, q_len, _ = query.shape[-3:]
    mask = build_mask(pattern, q_len, key.shape[-2]).to(query.device)
    key, value = repeat_kv(key, n_heads), repeat_kv(value, n_heads)
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask)


SDPA_MASK = Kernel(
    name="sdpa_mask",
    idea="torch's fused attention, told by a mask what to throw away",
    refuse=lambda request: None,
    compute=compute,
    scored_pairs=lambda pattern, q_len, kv_len: q_len * kv_len,
)
