"""Attention in five lines of mathematics: the slow, obvious twin that defines truth.

Score every key, hide the keys that the pattern forbids, turn scores into weights that sum to 1,
and average the values.  Everything faster in this project is held equal to this function.
"""

import math

import torch
from einops import repeat

from swa_viz.inputs import check_inputs, check_softmax
from swa_viz.patterns import Pattern, PerHead
from swa_viz.products import average, pair_scores, softmax
from swa_viz.shapes import Bool, Float, Tensor
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


def at_least_float32(*tensors: Tensor) -> tuple[Tensor, ...]:
    """The same numbers, in float32 if they came in 16 bits: there scores overflow and lose digits.

    >>> [t.dtype for t in at_least_float32(torch.ones(1).half(), torch.ones(1).double())]
    [torch.float32, torch.float64]
    """
    return tuple(t.to(torch.promote_types(t.dtype, torch.float32)) for t in tensors)


def visible_pairs(
    pattern: Pattern | PerHead, q_len: int, kv_len: int, device: torch.device
) -> Bool[Tensor, "*heads {q_len} {kv_len}"]:
    """The rule drawn where the tensors are: True where a query (row) may attend to a key (column).

    The queries are the last `q_len` of the `kv_len` positions.  `PerHead` draws one for each head.
    """
    query_pos = torch.arange(kv_len - q_len, kv_len, device=device)[:, None]
    visible = pattern.visible(query_pos, torch.arange(kv_len, device=device)[None, :])
    return visible.expand(*visible.shape[:-2], q_len, kv_len)


def capped(scores: Float[Tensor, "*shape"], cap: float | int | None) -> Float[Tensor, "*shape"]:
    """Scores that never leave -cap .. cap; None leaves them as they are.

    Bello et al. 2016 (arXiv 1611.09940); Gemma 2 (arXiv 2408.00118) calls it soft-capping.  A cap
    that the type of the scores cannot hold becomes the nearest one that it can.

    >>> capped(torch.tensor([1.0, 100.0, -100.0]), cap=50.0)
    tensor([  0.9999,  48.2014, -48.2014])
    """
    if cap is None:
        return scores
    limits = torch.finfo(scores.dtype)
    cap = float(min(max(cap, limits.tiny), limits.max))
    return cap * torch.tanh(scores / cap)


def bounded(sink_logit: Float[Tensor, " n_heads"]) -> Float[Tensor, " n_heads"]:
    """The same logits between bounds that no score comes near, for infinity times 0 is no number.

    So a logit of minus infinity takes nothing, and one of infinity takes all.
    """
    bound = min(1e30, torch.finfo(sink_logit.dtype).max)
    return sink_logit.clamp(-bound, bound)


def softmax_beside(
    sink_logit: Float[Tensor, " n_heads"] | None,
    masked_scores: Float[Tensor, "*batch n_heads q_len kv_len"],
    visible: Bool[Tensor, "*heads q_len kv_len"],
) -> Float[Tensor, "*batch n_heads q_len kv_len"]:
    """The softmax over the visible keys and one more score per head, whose weight is dropped.

    Without a sink logit it is the softmax.

    >>> softmax_beside(torch.zeros(1), torch.zeros(1, 1, 3), torch.ones(1, 3, dtype=torch.bool))
    tensor([[[0.2500, 0.2500, 0.2500]]])
    """
    if sink_logit is None:
        return softmax(masked_scores, visible)
    sink = repeat(bounded(sink_logit.to(masked_scores)), "h -> h q 1", q=visible.shape[-2])
    sink = sink.expand(*masked_scores.shape[:-1], 1)
    beside = torch.nn.functional.pad(visible, (0, 1), value=True)
    return softmax(torch.cat([masked_scores, sink], dim=-1), beside)[..., :-1]


def attention(
    query: Float[Tensor, "*batch n_heads q_len head_dim"],
    key: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
    value: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
    pattern: Pattern | PerHead,
    sink_logit: Float[Tensor, " n_heads"] | None = None,
    score_cap: float | int | None = None,
) -> AttentionSteps:
    """Let every query look at the keys its `pattern` allows, and average their values.

    Grouped-query attention is the case `n_kv_heads < n_heads`: neighbouring query heads share one
    key/value head.  The last `q_len` of the `kv_len` positions are the queries, so decoding one
    token is simply `q_len == 1`.  Follows Vaswani et al. 2017 (arXiv 1706.03762), section 3.2.

    `sink_logit`, one number per head, joins the softmax and is dropped: that share of a head's
    attention goes to nobody, and its weights sum to less than 1 (gpt-oss).  `score_cap` bends each
    score smoothly into -cap .. cap before anything is hidden (Gemma 2).

    A key outside the pattern changes nothing, even where it is infinite or NaN (see `products`).
    A query that reads nothing gets zeros.  The steps are in float32 at least, the output in the
    type of the query.  Raises ValueError for inputs that do not belong together.

    >>> query, key, value = torch.zeros(3, 1, 4, 8)     # equal scores: each query takes a mean
    >>> from swa_viz.patterns import SlidingWindow
    >>> attention(query, key, value, SlidingWindow(2)).weights[0]
    tensor([[1.0000, 0.0000, 0.0000, 0.0000],
            [0.5000, 0.5000, 0.0000, 0.0000],
            [0.0000, 0.5000, 0.5000, 0.0000],
            [0.0000, 0.0000, 0.5000, 0.5000]])
    """
    check_inputs(query, key, value, pattern)
    check_softmax(sink_logit, score_cap, query)
    dtype, (n_heads, q_len, head_dim) = query.dtype, query.shape[-3:]
    query, key, value = at_least_float32(query, repeat_kv(key, n_heads), repeat_kv(value, n_heads))
    visible = visible_pairs(pattern, q_len, key.shape[-2], query.device)

    scores = capped(pair_scores(query, key) / math.sqrt(head_dim), score_cap)
    masked_scores = scores.masked_fill(~visible, -torch.inf)
    weights = softmax_beside(sink_logit, masked_scores, visible)
    output = average(weights, value, visible)
    return AttentionSteps(scores, masked_scores, weights, output.to(dtype))
