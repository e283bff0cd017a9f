"""The rolling cache: what a model must remember while it generates, and where it is kept.

Keys are stored with their rotary turn, which depends on the absolute position, so the order of
the slots (`swa_viz/slots.py`) does not matter: a mask made from the positions in the slots says
what may be read.
"""

import math

import torch
import torch.nn.functional as F

from swa_viz.attention import capped, repeat_kv, softmax_beside
from swa_viz.cost import kept_tokens
from swa_viz.models.transformer import Schedule, Transformer
from swa_viz.patterns import Pattern, PerHead, whole_number
from swa_viz.products import average, pair_scores
from swa_viz.shapes import Bool, Float, Int, Tensor
from swa_viz.slots import evicted_by, slot_of


def attend_slots(
    query: Float[Tensor, "n_heads q_len head_dim"],
    key: Float[Tensor, "n_heads kv_len head_dim"],
    value: Float[Tensor, "n_heads kv_len head_dim"],
    visible: Bool[Tensor, "*heads q_len kv_len"],
    sink_logit: Float[Tensor, " n_heads"] | None = None,
    score_cap: float | int | None = None,
) -> Float[Tensor, "n_heads q_len head_dim"]:
    """Attention over keys in any order; what is hidden takes no part, whatever it holds.

    torch's own kernel multiplies what is hidden by 0, so infinity there becomes NaN, and then the
    same is computed step by step; so it is with a sink logit or a cap, which that kernel lacks.

    >>> one = torch.ones(1, 1, 2)
    >>> poisoned = torch.tensor([[[5.0, 5.0], [torch.nan, torch.inf]]])
    >>> attend_slots(one, poisoned, poisoned, visible=torch.tensor([[True, False]]))
    tensor([[[5., 5.]]])
    """
    if sink_logit is None and score_cap is None:
        whole = query[None], key[None], value[None]
        fused = F.scaled_dot_product_attention(*whole, attn_mask=visible)
        if fused.isfinite().all():
            return fused[0]
    scores = capped(pair_scores(query, key) / math.sqrt(query.shape[-1]), score_cap)
    weights = softmax_beside(sink_logit, scores.masked_fill(~visible, -torch.inf), visible)
    return average(weights, value, visible)


class LayerCache:
    """The keys and values that one layer still needs: `positions[slot]` says whose they are."""

    def __init__(self, pattern: Pattern | PerHead, empty: Float[Tensor, "n_kv_heads 0 head_dim"]):
        self.pattern = pattern
        self.kept = kept_tokens(pattern)
        self.key, self.value = empty, empty
        self.positions = torch.empty(0, dtype=torch.long, device=empty.device)

    def attend(
        self,
        query: Float[Tensor, "n_heads q_len head_dim"],
        key: Float[Tensor, "n_kv_heads q_len head_dim"],
        value: Float[Tensor, "n_kv_heads q_len head_dim"],
        positions: Int[Tensor, " q_len"],
        **softmax_terms: object,
    ) -> Float[Tensor, "n_heads q_len head_dim"]:
        """Read the old slots and the new tokens, then write the new tokens that must be kept.

        In this order, because the first new query may still need what the last one evicts.
        """
        n_heads = query.shape[0]
        all_keys = repeat_kv(torch.cat([self.key, key], dim=1), n_heads)
        all_values = repeat_kv(torch.cat([self.value, value], dim=1), n_heads)
        key_pos = torch.cat([self.positions, positions])
        mask = self.pattern.visible(positions[:, None], key_pos[None, :])
        self.write(key, value, positions)
        return attend_slots(query, all_keys, all_values, mask, **softmax_terms)

    def write(self, key: Tensor, value: Tensor, positions: Int[Tensor, " q_len"]) -> None:
        """Put each position into its slot; of two that share one, only the later is kept."""
        newest = {slot_of(self.kept, p): i for i, p in enumerate(positions.tolist())}
        slots = torch.tensor(list(newest), device=positions.device)
        chosen = torch.tensor(list(newest.values()), device=positions.device)
        n_new = max(0, max(newest) + 1 - len(self.positions))
        self.key = F.pad(self.key, (0, 0, 0, n_new)).index_copy_(1, slots, key[:, chosen])
        self.value = F.pad(self.value, (0, 0, 0, n_new)).index_copy_(1, slots, value[:, chosen])
        self.positions = F.pad(self.positions, (0, n_new)).index_copy_(0, slots, positions[chosen])


class RollingCache:
    """What one transformer remembers of one text: a `LayerCache` per layer.

    `length` is how many tokens were read so far.  Raises ValueError for a pattern that looks ahead.
    """

    def __init__(self, transformer: Transformer, layer_schedule: Schedule):
        config, weight = transformer.config, transformer.embedding.weight
        empty = weight.new_empty(config.n_kv_heads, 0, config.head_dim)
        self.transformer = transformer
        self.layers = tuple(LayerCache(pattern, empty) for pattern in layer_schedule)
        self.length = 0

    def slots(self, position: int) -> tuple[int, ...]:
        """The slot of a position in each layer."""
        position = whole_number(position, "position", at_least=0)
        return tuple(slot_of(layer.kept, position) for layer in self.layers)

    def evicted(self, position: int) -> tuple[int | None, ...]:
        """The position that each layer forgets when this one is written, or None."""
        position = whole_number(position, "position", at_least=0)
        return tuple(evicted_by(layer.kept, position) for layer in self.layers)

    def held_positions(self) -> tuple[tuple[int, ...], ...]:
        """The positions in the slots of each layer, slot by slot."""
        return tuple(tuple(layer.positions.tolist()) for layer in self.layers)

    @property
    def n_bytes(self) -> int:
        """The bytes of all keys and values that are held now."""
        return sum(layer.key.nbytes + layer.value.nbytes for layer in self.layers)
