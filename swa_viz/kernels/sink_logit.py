"""A learned sink logit, for every kernel: one more key, which every query reads.

A sink logit is a number per head that joins the softmax and is then dropped, so that a head may
leave part of its attention to nobody (gpt-oss: `sinks` in its model).  It is not a sink token.

No kernel needs to know of it.  Put a key before all others that every query may read, with the
value 0.  One more number in each query and key makes its score the logit: it is 0 in all real keys,
1 in the new one, and the logit in the query.  The kernels divide scores by the square root of the
length of a key, which has grown, and so the queries are stretched by as much.
"""

import math

import torch
from einops import repeat

from swa_viz.attention import at_least_float32, bounded
from swa_viz.shapes import Float, Tensor

MULTIPLE = 8  # the kernels are quick for keys of such lengths


def with_sink_key(
    query: Float[Tensor, "*batch n_heads q_len head_dim"],
    key: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
    value: Float[Tensor, "*batch n_kv_heads kv_len head_dim"],
    sink_logit: Float[Tensor, " n_heads"],
) -> tuple[Tensor, Tensor, Tensor]:
    """The same attention with one more key, in float32 at least, and with longer vectors.

    The first `head_dim` numbers of its output are those that were asked for.
    """
    query, key, value = at_least_float32(query, key, value)
    head_dim, q_len = query.shape[-1], query.shape[-2]
    longer = MULTIPLE * (head_dim // MULTIPLE + 1)
    room = longer - head_dim
    logits = repeat(bounded(sink_logit.to(query)) * math.sqrt(longer), "h -> h q 1", q=q_len)
    logits = torch.nn.functional.pad(logits, (0, room - 1)).expand(*query.shape[:-1], room)
    query = torch.cat([query * math.sqrt(longer / head_dim), logits], dim=-1)
    key, value = (torch.nn.functional.pad(t, (0, room, 1, 0)) for t in (key, value))
    is_sink = torch.zeros(key.shape[-2:], dtype=torch.bool, device=key.device)
    is_sink[0, head_dim] = True
    return query, torch.where(is_sink, 1, key), value
