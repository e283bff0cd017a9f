"""A small Llama-style transformer in which every layer may have its own attention pattern.

A block is cut at its attention: `project` makes queries, keys and values, `update` takes what
attention made of them.  What lies between is the caller's choice: a fast kernel (`forward`), the
reference with all its steps (`trace_layers`), or a rolling cache.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import nn

from swa_viz.attention import attention
from swa_viz.kernels import attend
from swa_viz.models.config import TransformerConfig
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.rope import rope_angles, rotate
from swa_viz.shapes import Float, Int, Tensor
from swa_viz.trace import LayerTrace


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
    """One layer: attention moves information between tokens, SwiGLU works on each alone."""

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

    def project(
        self,
        x: Float[Tensor, "batch seq_len d_model"],
        angles: Float[Tensor, "seq_len half"],
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Query [batch, n_heads, seq_len, head_dim], key and value with n_kv_heads; RoPE done."""
        x = self.attention_norm(x)
        to_heads = "batch n (heads head_dim) -> batch heads n head_dim"
        query, key, value = (
            rearrange(linear(x), to_heads, head_dim=self.config.head_dim)
            for linear in (self.query, self.key, self.value)
        )
        return rotate(query, angles), rotate(key, angles), value

    def update(
        self,
        x: Float[Tensor, "batch seq_len d_model"],
        attended: Float[Tensor, "batch n_heads seq_len head_dim"],
    ) -> Float[Tensor, "batch seq_len d_model"]:
        """Add to the residual stream what attention brought, then what the token makes of it."""
        x = x + self.output(
            rearrange(attended, "batch heads n head_dim -> batch n (heads head_dim)")
        )
        return x + self.feed_forward(self.feed_forward_norm(x))


class Transformer(nn.Module):
    """Embeddings, a stack of blocks, and the embeddings again to read the next token off."""

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
        schedule = tuple(layer_schedule)
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

    def read_out(
        self, x: Float[Tensor, "batch seq_len d_model"]
    ) -> Float[Tensor, "batch seq_len vocab_size"]:
        """The logits of the next token at every position; tied to the embeddings."""
        return F.linear(self.norm(x), self.embedding.weight)

    def forward(
        self,
        token_ids: Int[Tensor, "batch seq_len"],
        layer_schedule: Sequence[Pattern] | None = None,
        kernel: str = "auto",
    ) -> Float[Tensor, "batch seq_len vocab_size"]:
        """The logits, through a fast kernel."""
        angles = self.angles(0, token_ids.shape[1])
        x = self.embedding(token_ids)
        for block, pattern in zip(self.blocks, self.check_schedule(layer_schedule), strict=True):
            query, key, value = block.project(x, angles)
            x = block.update(x, attend(query, key, value, pattern, kernel))
        return self.read_out(x)

    def trace_layers(
        self,
        token_ids: Int[Tensor, " seq_len"],
        layer_schedule: Sequence[Pattern] | None = None,
    ) -> tuple[tuple[LayerTrace, ...], Float[Tensor, "seq_len vocab_size"]]:
        """Every layer's attention steps and the logits, through the reference."""
        angles = self.angles(0, len(token_ids))
        x = self.embedding(token_ids)[None]
        layers = []
        for block, pattern in zip(self.blocks, self.check_schedule(layer_schedule), strict=True):
            query, key, value = block.project(x, angles)
            steps = attention(query, key, value, pattern)
            layers.append(
                LayerTrace(pattern, steps.scores[0], steps.masked_scores[0], steps.weights[0])
            )
            x = block.update(x, steps.output)
        return tuple(layers), self.read_out(x)[0]
