"""The way back through a model by the chain rule: a browser has no automatic derivatives.

Tests hold it equal to the automatic ones.
"""

import math
from dataclasses import dataclass

import torch
from einops import rearrange, reduce
from torch import nn

from swa_viz.models.blocks import JOIN_HEADS, SPLIT_HEADS, Block, GatedFeedForward
from swa_viz.rope import rotate
from swa_viz.shapes import Float, Tensor


@dataclass(frozen=True)
class Steps:
    """What the attention of one layer computed, as far as the way back needs it."""

    query: Float[Tensor, "n_heads n head_dim"]
    key: Float[Tensor, "n_heads n head_dim"]
    value: Float[Tensor, "n_heads n head_dim"]
    scores: Float[Tensor, "n_heads n n"]
    weights: Float[Tensor, "n_heads n n"]
    output: Float[Tensor, "n_heads n head_dim"]


def pull_norm(
    norm: nn.RMSNorm, x: Float[Tensor, "n d"], gradient: Float[Tensor, "probes n d"]
) -> Float[Tensor, "probes n d"]:
    """Back through y = weight * x / rms(x)."""
    scale = torch.rsqrt(x.square().mean(-1, keepdim=True) + norm.eps)
    straight = gradient * norm.weight
    return scale * (straight - x * scale.square() * (straight * x).mean(-1, keepdim=True))


def pull_feed_forward(
    feed_forward: GatedFeedForward, x: Float[Tensor, "n d"], gradient: Float[Tensor, "probes n d"]
) -> Float[Tensor, "probes n d"]:
    """Back through down(silu(gate(x)) * up(x)); silu(g) = g s and silu'(g) = s + g s (1 - s)."""
    gate, up = feed_forward.gate(x), feed_forward.up(x)
    s = gate.sigmoid()
    hidden = gradient @ feed_forward.down.weight
    to_gate = hidden * (up * (s + gate * s * (1 - s)))
    return to_gate @ feed_forward.gate.weight + (hidden * (gate * s)) @ feed_forward.up.weight


def pull_attention(
    block: Block,
    steps: Steps,
    angles: Float[Tensor, "n half"],
    gradient: Float[Tensor, "probes n d"],
) -> Float[Tensor, "probes n d"]:
    """Back through output(softmax(QK^T / sqrt(head_dim)) V), down to what the attention read."""
    config = block.config
    to_output = rearrange(gradient @ block.output.weight, SPLIT_HEADS, head_dim=config.head_dim)
    to_weights = to_output @ steps.value.transpose(-2, -1)
    weighted = to_weights * steps.weights
    to_scores = weighted - steps.weights * weighted.sum(-1, keepdim=True)
    to_scores = to_scores / math.sqrt(config.head_dim)
    to_query = to_scores @ steps.key
    to_key = to_scores.transpose(-2, -1) @ steps.query
    to_value = steps.weights.transpose(-2, -1) @ to_output
    # A key/value head is shared by neighbouring query heads, so what they send back adds up.
    shared = "probes (kv_heads group) n head_dim -> probes kv_heads n head_dim"
    to_key, to_value = (
        reduce(part, shared, "sum", kv_heads=config.n_kv_heads) for part in (to_key, to_value)
    )
    ends = (
        (rotate(to_query, -angles), block.query),
        (rotate(to_key, -angles), block.key),
        (to_value, block.value),
    )
    return sum(rearrange(part, JOIN_HEADS) @ linear.weight for part, linear in ends)


def pull_layer(
    block: Block,
    entered: Float[Tensor, "n d"],
    steps: Steps,
    angles: Float[Tensor, "n half"],
    gradient: Float[Tensor, "probes n d"],
) -> Float[Tensor, "probes n d"]:
    """Back through one layer: the residual stream itself, and what each half added to it."""
    attended = entered + block.output(rearrange(steps.output, JOIN_HEADS))
    inner = pull_feed_forward(block.feed_forward, block.feed_forward_norm(attended), gradient)
    gradient = gradient + pull_norm(block.feed_forward_norm, attended, inner)
    inner = pull_attention(block, steps, angles, gradient)
    return gradient + pull_norm(block.attention_norm, entered, inner)
