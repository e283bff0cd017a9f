"""Attention in five lines of mathematics: the slow, obvious twin that defines truth.

Score every key, hide the keys that the pattern forbids, turn scores into weights that sum to 1,
and average the values.  Everything faster in this project is held equal to this function.
"""

import math

import torch
from einops import repeat

from swa_viz.patterns import Pattern, build_mask
from swa_viz.shapes import Float, Tensor
from swa_viz.trace import AttentionSteps


def repeat_kv(
    heads: Float[Tensor, "*batch n_kv_heads kv_len head_dim"], n_heads: int
) -> Float[Tensor, "*batch n_heads kv_len head_dim"]:
    """Give each group of neighbouring query heads its shared key/value head.

    Raises ValueError if n_heads is not a multiple of n_kv_heads.
    """
    n_kv_heads = heads.shape[-3]
    if n_kv_heads == 0 or n_heads % n_kv_heads:
        message = f"n_heads must be a multiple of n_kv_heads, but {n_heads} and {n_kv_heads}"
        raise ValueError(message)
    return repeat(heads, "... h n d -> ... (h g) n d", g=n_heads // n_kv_heads)


def attention(
    query: Float[Tensor, "*batch n_heads q_len head_dim"],
    key: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
    value: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
    pattern: Pattern,
) -> AttentionSteps:
    """Let every query look at the keys its `pattern` allows, and average their values.

    Grouped-query attention is the case `n_kv_heads < n_heads`: neighbouring query heads share one
    key/value head.  The last `q_len` of the `kv_len` positions are the queries, so decoding one
    token is simply `q_len == 1`.  Follows Vaswani et al. 2017 (arXiv 1706.03762), section 3.2.

    >>> query, key, value = torch.zeros(3, 1, 4, 8)     # equal scores: each query takes a mean
    >>> from swa_viz.patterns import SlidingWindow
    >>> attention(query, key, value, SlidingWindow(2)).weights[0]
    tensor([[1.0000, 0.0000, 0.0000, 0.0000],
            [0.5000, 0.5000, 0.0000, 0.0000],
            [0.0000, 0.5000, 0.5000, 0.0000],
            [0.0000, 0.0000, 0.5000, 0.5000]])
    """
    n_heads, q_len, head_dim = query.shape[-3:]
    key, value = repeat_kv(key, n_heads), repeat_kv(value, n_heads)
    visible = build_mask(pattern, q_len, key.shape[-2]).to(query.device)

    scores = query @ key.transpose(-2, -1) / math.sqrt(head_dim)
    masked_scores = scores.masked_fill(~visible, -torch.inf)
    weights = masked_scores.softmax(dim=-1)
    output = weights @ value
    return AttentionSteps(scores, masked_scores, weights, output)
