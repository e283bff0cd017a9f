"""A window, and beside it one small state that sums up all that fell out of it.

Keys and values older than the window are added into a matrix of head_dim x head_dim numbers, which
a query reads by one product: linear attention (Katharopoulos et al. 2020, arXiv 2006.16236).  The
matrix does not grow with the text; for that, it can hold only so much.  Today's hybrids (Gated
DeltaNet, Kimi Linear) are richer forms of it.
"""

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import nn

from swa_viz.models.blocks import JOIN_HEADS, Attend, Block
from swa_viz.models.config import TransformerConfig
from swa_viz.shapes import Float, Tensor

CLOSED = -2.0


def feature(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Positive numbers in place of any: elu(x) + 1 (arXiv 2006.16236, section 3.2)."""
    return F.elu(x) + 1


def state_output(
    query: Float[Tensor, "*batch n_heads seq_len head_dim"],
    key: Float[Tensor, "*batch n_heads seq_len head_dim"],
    value: Float[Tensor, "*batch n_heads seq_len head_dim"],
    window_size: int,
) -> Float[Tensor, "*batch n_heads seq_len head_dim"]:
    """What each query reads of all keys that are W tokens old or older; 0 where there are none.

    Written over all pairs, as it is trained: `sum_j (f(q_i) f(k_j)) v_j / sum_j f(q_i) f(k_j)`.
    """
    shares = feature(query) @ feature(key).transpose(-2, -1)
    shares = shares.tril(-window_size)
    return shares @ value / shares.sum(-1, keepdim=True).clamp_min(1e-6)


def state_output_step_by_step(
    query: Float[Tensor, "*batch n_heads seq_len head_dim"],
    key: Float[Tensor, "*batch n_heads seq_len head_dim"],
    value: Float[Tensor, "*batch n_heads seq_len head_dim"],
    window_size: int,
) -> Float[Tensor, "*batch n_heads seq_len head_dim"]:
    """The same as text is generated: a key enters the state when it leaves the window.

    The state is a matrix and a vector per head, however long the text becomes.
    """
    key, query, rows = feature(key), feature(query), []
    matrix = torch.zeros_like(key[..., 0, :, None] * value[..., 0, None, :])
    total = torch.zeros_like(key[..., 0, :])
    for position in range(query.shape[-2]):
        if position >= window_size:
            old = position - window_size
            matrix = matrix + key[..., old, :, None] * value[..., old, None, :]
            total = total + key[..., old, :]
        asked = query[..., position, :]
        read = (asked[..., None, :] @ matrix)[..., 0, :]
        rows.append(read / (asked * total).sum(-1, keepdim=True).clamp_min(1e-6))
    return torch.stack(rows, dim=-2)


class WindowStateBlock(Block):
    """A block whose heads read their window by `attend`, and a share of the state beside it.

    Each head has learned how much of the state it takes: `sigmoid(gate)`.
    """

    def __init__(self, config: TransformerConfig):
        super().__init__(config)
        self.gate = nn.Parameter(torch.full((config.n_heads,), CLOSED))

    def self_attention(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"] | None,
        attend: Attend,
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """The window's output, and the state's with its share.

        The state has no positions: its queries and keys are not rotated.
        """
        query, key, value = self.heads(x, angles)
        plain_query, plain_key, _ = self.heads(x, None)
        gate = rearrange(torch.sigmoid(self.gate), "n_heads -> n_heads 1 1")
        state = state_output(plain_query, plain_key, value, self.config.window_size)
        return self.output(rearrange(attend(query, key, value) + gate * state, JOIN_HEADS))
