"""A small Llama-style transformer in which every layer may have its own attention pattern.

The layers do not know how attention is computed.  Whoever runs them hands one function
`attend(query, key, value)` to each layer: a fast kernel (`Transformer.forward`), the reference with
all its steps (`Transformer.trace_layers`), or a rolling cache (`LanguageModel.extend`).
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import nn

from swa_viz import kernels
from swa_viz.attention import attention
from swa_viz.models.config import TransformerConfig
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.rope import rope_angles, rotate
from swa_viz.shapes import Float, Int, Tensor
from swa_viz.trace import LayerTrace

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


class SwiGLU(nn.Module):
    """The feed-forward half of a block (Shazeer 2020, arXiv 2002.05202)."""

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.gate = nn.Linear(config.d_model, config.d_ff, bias=False)
        self.up = nn.Linear(config.d_model, config.d_ff, bias=False)
        self.down = nn.Linear(config.d_ff, config.d_model, bias=False)

    def forward(
        self, x: Float[Tensor, "*batch seq_len d_model"]
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """Each token by itself: nothing travels between positions here."""
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Block(nn.Module):
    """One layer of a Llama: attention moves information between tokens, SwiGLU works on each alone.

    Each half reads a normalised copy of the residual stream and adds to the stream what it made
    of it ("pre-norm", Xiong et al. 2020, arXiv 2002.04745).
    """

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.config = config
        kv_width = config.n_kv_heads * config.head_dim
        self.attention_norm = nn.RMSNorm(config.d_model, config.norm_eps)
        self.query = nn.Linear(config.d_model, config.d_model, bias=False)
        self.key = nn.Linear(config.d_model, kv_width, bias=False)
        self.value = nn.Linear(config.d_model, kv_width, bias=False)
        self.output = nn.Linear(config.d_model, config.d_model, bias=False)
        self.feed_forward_norm = nn.RMSNorm(config.d_model, config.norm_eps)
        self.feed_forward = SwiGLU(config)

    def forward(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"],
        attend: Attend,
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """The residual stream after this layer."""
        x = x + self.self_attention(self.attention_norm(x), angles, attend)
        return x + self.feed_forward(self.feed_forward_norm(x))

    def self_attention(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"],
        attend: Attend,
    ) -> Float[Tensor, "*batch seq_len d_model"]:
        """Split into heads, rotate queries and keys by their positions, attend, join the heads."""
        query, key, value = (
            rearrange(linear(x), SPLIT_HEADS, head_dim=self.config.head_dim)
            for linear in (self.query, self.key, self.value)
        )
        attended = attend(rotate(query, angles), rotate(key, angles), value)
        return self.output(rearrange(attended, JOIN_HEADS))


class Transformer(nn.Module):
    """Embeddings, a stack of blocks, and the embeddings again to get the next token's logits."""

    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.d_model)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.n_layers))
        self.norm = nn.RMSNorm(config.d_model, config.norm_eps)

    @property
    def native_schedule(self) -> tuple[Pattern, ...]:
        """The pattern of each layer in training."""
        window_size = self.config.window_size
        pattern = Causal() if window_size is None else SlidingWindow(window_size)
        return (pattern,) * self.config.n_layers

    def check_schedule(self, layer_schedule: Sequence[Pattern] | None) -> tuple[Pattern, ...]:
        """The schedule as a tuple, the native one for None.

        Raises ValueError if it does not have one pattern per layer.
        """
        if layer_schedule is None:
            return self.native_schedule
        schedule = tuple(layer_schedule) if isinstance(layer_schedule, Iterable) else ()
        if len(schedule) != len(self.blocks) or not all(isinstance(p, Pattern) for p in schedule):
            raise ValueError(
                f"layer_schedule needs one pattern for each of the {len(self.blocks)} layers, "
                f"but it is {layer_schedule!r}"
            )
        return schedule

    def angles(self, start: int, stop: int) -> Float[Tensor, "seq_len half"]:
        """RoPE angles of the positions start .. stop - 1."""
        positions = torch.arange(start, stop, device=self.embedding.weight.device)
        return rope_angles(positions, self.config.head_dim, self.config.rope_theta)

    def residual_states(
        self,
        x: Float[Tensor, "*batch seq_len d_model"],
        attends: Sequence[Attend],
        start: int = 0,
    ) -> list[Float[Tensor, "*batch seq_len d_model"]]:
        """The residual stream before the first layer, which is `x` itself, and after each layer.

        `attends` has one function per layer; `start` is the position of the first token.
        """
        angles, states = self.angles(start, start + x.shape[-2]), [x]
        for block, attend in zip(self.blocks, attends, strict=True):
            states.append(block(states[-1], angles, attend))
        return states

    def unembed(
        self, x: Float[Tensor, "*batch seq_len d_model"]
    ) -> Float[Tensor, "*batch seq_len vocab_size"]:
        """The logits of the next token at every position: its weights are the embeddings."""
        return F.linear(self.norm(x), self.embedding.weight)

    def forward(
        self,
        token_ids: Int[Tensor, "batch seq_len"],
        layer_schedule: Sequence[Pattern] | None = None,
        kernel: str = "auto",
    ) -> Float[Tensor, "batch seq_len vocab_size"]:
        """The logits of a batch of texts of equal length, by a fast kernel."""
        schedule = self.check_schedule(layer_schedule)
        attends = [partial(kernels.attend, pattern=pattern, kernel=kernel) for pattern in schedule]
        return self.unembed(self.residual_states(self.embedding(token_ids), attends)[-1])

    def trace_layers(
        self,
        token_ids: Int[Tensor, " seq_len"],
        layer_schedule: Sequence[Pattern] | None = None,
    ) -> tuple[tuple[LayerTrace, ...], Float[Tensor, "seq_len vocab_size"]]:
        """Every layer's attention steps and the logits, by the reference."""
        layers = []

        def traced(query, key, value, pattern):
            steps = attention(query, key, value, pattern)
            stages = (steps.scores, steps.masked_scores, steps.weights)
            layers.append(LayerTrace(pattern, *stages, value, steps.output))
            return steps.output

        attends = [partial(traced, pattern=p) for p in self.check_schedule(layer_schedule)]
        states = self.residual_states(self.embedding(token_ids), attends)
        return tuple(layers), self.unembed(states[-1])
