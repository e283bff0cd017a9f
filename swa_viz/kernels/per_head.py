"""Heads that do not read alike: each distinct pattern is one call, on the heads that have it."""

from collections.abc import Callable

import torch

from swa_viz.patterns import PerHead
from swa_viz.shapes import Float, Tensor


def attend_by_pattern(
    attend: Callable[..., Tensor],
    query: Float[Tensor, "*batch n_heads q_len head_dim"],
    key: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
    value: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
    per_head: PerHead,
    sink_logit: Float[Tensor, " n_heads"] | None = None,
    **terms: object,
) -> Float[Tensor, "*batch n_heads q_len head_dim"]:
    """Call `attend` once for each distinct pattern, and put the heads back into their order.

    The heads of a pattern need not fill groups, so each of them brings a key/value head of its own.
    """
    group, outputs = query.shape[-3] // key.shape[-3], []
    found = per_head.heads()
    for pattern, heads in found.items():
        some = torch.tensor(heads, device=query.device)
        read = (tensor.index_select(-3, some // group) for tensor in (key, value))
        sinks = None if sink_logit is None else sink_logit[some]
        own = query.index_select(-3, some)
        outputs.append(attend(own, *read, pattern, sink_logit=sinks, **terms))
    order = [head for heads in found.values() for head in heads]
    places = torch.tensor(order, device=query.device).argsort()
    return torch.cat(outputs, dim=-3).index_select(-3, places)
