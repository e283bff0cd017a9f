"""The parts of a transformer: feed-forward networks, and a block of attention and one of them.

A block does not know how attention is computed.  Whoever runs it hands it one function
`attend(query, key, value)`.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import nn

from swa_viz.models.config import TransformerConfig
from swa_viz.rope import rotate
from swa_viz.shapes import Float, Tensor

# attend(query, key, value) -> output; keys and values may have fewer heads than queries and output.
Attend = Callable[
    [
        Float[Tensor, "*batch n_heads seq_len head_dim"],
        Float[Tensor, "*batch n_kv_heads seq_len head_dim"],
        Float[Tensor, "*batch n_kv_heads seq_len head_dim"],
    ],
    Float[Tensor, "*batch n_heads seq_len head_dim"],
]
SPLIT_HEADS = "... seq_len (heads head_dim) -> ... heads seq_len head_dim"
JOIN_HEADS = "... heads seq_len head_dim -> ... seq_len (heads head_dim)"


def gelu_tanh(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """GELU in its tanh form (Hendrycks & Gimpel 2016, arXiv 1606.08415)."""
    return F.gelu(x, approximate="tanh")


ACTIVATIONS = {"silu": F.silu, "gelu": F.gelu, "gelu_tanh": gelu_tanh}


def linear(config: TransformerConfig, name: str, n_in: int, n_out: int) -> nn.Linear:
    """A linear map, with a bias if the family gives one to this name."""
    return nn.Linear(n_in, n_out, bias=name in config.style.biases)


def norm(config: TransformerConfig, width: int) -> nn.Module:
    """The family's normalisation of vectors of this width."""
    kind = {"rms": nn.RMSNorm, "layer": nn.LayerNorm}[config.style.norm]
    return kind(width, config.norm_eps)


class GatedFeedForward(nn.Module):
    """The feed-forward half of a block: a gate times a linear map (Shazeer 2020, arXiv 2002.05202).

    With the activation "silu" it is SwiGLU, with GELU it is GeGLU.
    """

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.activation = ACTIVATIONS[config.style.activation]
        self.gate = linear(config, "gate", config.d_model, config.d_ff)
        self.up = linear(config, "up", config.d_model, config.d_ff)
        self.down = linear(config, "down", config.d_ff, config.d_model)

    def forward(
        self, x: Float[Tensor, "*batch seq_len d_model"]
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """Each token by itself: nothing travels between positions here."""
        return self.down(self.activation(self.gate(x)) * self.up(x))


class PlainFeedForward(nn.Module):
    """Two linear maps with an activation between them (Vaswani et al. 2017, section 3.3)."""

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.activation = ACTIVATIONS[config.style.activation]
        self.up = linear(config, "up", config.d_model, config.d_ff)
        self.down = linear(config, "down", config.d_ff, config.d_model)

    def forward(
        self, x: Float[Tensor, "*batch seq_len d_model"]
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """Each token by itself."""
        return self.down(self.activation(self.up(x)))


class ExpertsFeedForward(nn.Module):
    """A mixture of experts: each token goes through the few whose router scores are highest.

    Gate and up projections are interleaved in one matrix, clamped, and the linear part is shifted
    by 1 (gpt-oss: `GptOssExperts` in transformers).
    """

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.experts = experts = config.experts
        self.router = nn.Linear(config.d_model, experts.n_experts)
        gate_up, down = (config.d_model, 2 * config.d_ff), (config.d_ff, config.d_model)
        self.gate_up = nn.Parameter(torch.zeros(experts.n_experts, *gate_up))
        self.gate_up_bias = nn.Parameter(torch.zeros(experts.n_experts, gate_up[1]))
        self.down = nn.Parameter(torch.zeros(experts.n_experts, *down))
        self.down_bias = nn.Parameter(torch.zeros(experts.n_experts, down[1]))

    def forward(
        self, x: Float[Tensor, "*batch seq_len d_model"]
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """Each token by itself, through its own experts, in shares by the softmax of scores."""
        tokens = x.reshape(-1, x.shape[-1])
        scores, chosen = self.router(tokens).topk(self.experts.n_per_token, dim=-1)
        shares, output = scores.softmax(dim=-1), torch.zeros_like(tokens)
        for number in chosen.unique().tolist():
            token, place = (chosen == number).nonzero(as_tuple=True)
            made = self.expert(number, tokens[token])
            output.index_add_(0, token, made * shares[token, place, None])
        return output.view_as(x)

    def expert(self, number: int, x: Tensor) -> Tensor:
        """One expert on some tokens."""
        limit, gain = self.experts.limit, self.experts.gain
        gate, up = rearrange(x @ self.gate_up[number], "n (d two) -> two n d", two=2)
        bias = rearrange(self.gate_up_bias[number], "(d two) -> two d", two=2)
        gate, up = (gate + bias[0]).clamp(max=limit), (up + bias[1]).clamp(-limit, limit)
        gated = gate * torch.sigmoid(gain * gate) * (up + 1)
        return gated @ self.down[number] + self.down_bias[number]


FEED_FORWARDS = {
    "gated": GatedFeedForward,
    "plain": PlainFeedForward,
    "experts": ExpertsFeedForward,
}


class Block(nn.Module):
    """One layer: attention moves information between tokens, the second half works on each alone.

    Each half reads a normalised copy of the residual stream and adds to the stream what it made
    of it ("pre-norm", Xiong et al. 2020, arXiv 2002.04745).
    """

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.config, style = config, config.style
        query_width = config.n_heads * config.head_dim
        kv_width = config.n_kv_heads * config.head_dim
        self.attention_norm = norm(config, config.d_model)
        self.query = linear(config, "query", config.d_model, query_width)
        self.key = linear(config, "key", config.d_model, kv_width)
        self.value = linear(config, "value", config.d_model, kv_width)
        self.output = linear(config, "output", query_width, config.d_model)
        self.feed_forward_norm = norm(config, config.d_model)
        self.feed_forward = FEED_FORWARDS[style.feed_forward](config)
        per_head, after = style.query_key_norm, style.norms_after
        self.query_norm = norm(config, config.head_dim) if per_head else nn.Identity()
        self.key_norm = norm(config, config.head_dim) if per_head else nn.Identity()
        self.after_attention_norm = norm(config, config.d_model) if after else nn.Identity()
        self.after_feed_forward_norm = norm(config, config.d_model) if after else nn.Identity()
        self.sink_logit = nn.Parameter(torch.zeros(config.n_heads)) if style.sink_logits else None

    @property
    def softmax_terms(self) -> dict:
        """What changes this layer's softmax, as `attention` and `attend` take it."""
        return {"sink_logit": self.sink_logit, "score_cap": self.config.style.score_cap}

    def forward(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"] | None,
        attend: Attend,
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """The residual stream after this layer."""
        attended = self.self_attention(self.attention_norm(x), angles, attend)
        x = x + self.after_attention_norm(attended)
        return x + self.after_feed_forward_norm(self.feed_forward(self.feed_forward_norm(x)))

    def heads(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"] | None,
    ) -> tuple[
        Float[Tensor, "*batch n_heads seq_len head_dim"],
        Float[Tensor, "*batch n_kv_heads seq_len head_dim"],
        Float[Tensor, "*batch n_kv_heads seq_len head_dim"],
    ]:
        """Queries, keys and values, split into heads; the first two rotated by their positions."""
        return self.project(x, angles, (self.query, self.key, self.value))

    def project(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"] | None,
        projections: tuple[nn.Linear, nn.Linear, nn.Linear],
    ) -> tuple[
        Float[Tensor, "*batch n_heads seq_len head_dim"],
        Float[Tensor, "*batch n_kv_heads seq_len head_dim"],
        Float[Tensor, "*batch n_kv_heads seq_len head_dim"],
    ]:
        """The same by any three linear maps."""
        query, key, value = (
            rearrange(project(x), SPLIT_HEADS, head_dim=self.config.head_dim)
            for project in projections
        )
        query, key = self.query_norm(query), self.key_norm(key)
        if angles is not None:
            query, key = rotate(query, angles), rotate(key, angles)
        return query, key, value

    def self_attention(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"] | None,
        attend: Attend,
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """Split into heads, attend, join the heads."""
        return self.output(rearrange(attend(*self.heads(x, angles)), JOIN_HEADS))
