"""What was computed, as plain frozen data: the waist between the mechanisms and the views."""

from dataclasses import dataclass

from swa_viz.patterns import Pattern, PerHead
from swa_viz.shapes import Float, Int, Tensor


@dataclass(frozen=True)
class AttentionSteps:
    """The four stages of attention, each under its own name."""

    scores: Float[Tensor, "*batch n_heads q_len kv_len"]
    masked_scores: Float[Tensor, "*batch n_heads q_len kv_len"]
    weights: Float[Tensor, "*batch n_heads q_len kv_len"]
    output: Float[Tensor, "*batch n_heads q_len head_dim"]


@dataclass(frozen=True)
class LayerTrace:
    """One layer's attention on one text: from scores to weights to the average of the values.

    In `masked_scores` a hidden key has minus infinity.
    """

    pattern: Pattern | PerHead
    scores: Float[Tensor, "n_heads seq_len seq_len"]
    masked_scores: Float[Tensor, "n_heads seq_len seq_len"]
    weights: Float[Tensor, "n_heads seq_len seq_len"]
    value: Float[Tensor, "n_kv_heads seq_len head_dim"]
    output: Float[Tensor, "n_heads seq_len head_dim"]


@dataclass(frozen=True)
class LayerInputs:
    """What one layer made of its queries and keys: from it follow the weights of any query."""

    pattern: Pattern
    query: Float[Tensor, "n_heads seq_len head_dim"]
    key: Float[Tensor, "n_kv_heads seq_len head_dim"]
    sink_logit: Float[Tensor, " n_heads"] | None
    score_cap: float | int | None


@dataclass(frozen=True)
class Band:
    """Some neighbouring queries of a layer in band storage: each with the keys that it reads alone.

    Query number i stands at `first + i` and reads `keys[i]`, the oldest first.  A query that reads
    fewer keys than others has -1 in the places that remain, a weight of 0 and a score of minus
    infinity.
    """

    first: int
    keys: Int[Tensor, "q_len width"]
    scores: Float[Tensor, "n_heads q_len width"]
    weights: Float[Tensor, "n_heads q_len width"]


@dataclass(frozen=True)
class ForwardTrace:
    """Everything a view may ask about one run of a model over one text."""

    token_ids: Int[Tensor, " seq_len"]
    tokens: tuple[str, ...]
    layers: tuple[LayerTrace, ...]
    logits: Float[Tensor, "seq_len vocab_size"]


@dataclass(frozen=True)
class CacheStep:
    """One generated token, and what the rolling cache did to make room for it.

    `slots` are each layer's place for the token at `position`; `evicted` the position that each
    layer forgot there, or None while it still had room.
    """

    token_id: int
    text: str
    position: int
    slots: tuple[int, ...]
    evicted: tuple[int | None, ...]
