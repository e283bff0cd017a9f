"""One layer of a long text, in band storage: for each query only the keys that it reads.

A matrix of all pairs grows with the square of the text, and a trace holds several for each layer.
So the model runs by its fast kernels, and of the chosen layer only the vectors are kept that its
attention was given.  The weights of any queries follow from them, by the reference, for a few
queries at a time.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from swa_viz.attention import at_least_float32, capped, repeat_kv, softmax_beside
from swa_viz.models.language_model import LanguageModel, TokenIds
from swa_viz.patterns import Pattern
from swa_viz.products import pair_scores
from swa_viz.shapes import Bool, Float, Int, Tensor
from swa_viz.trace import Band, LayerInputs

# How many pairs of a query and a key are computed at once, in all heads together.
PAIRS_AT_ONCE = 2**22


@dataclass(frozen=True)
class LongReading:
    """A long text that was read: what one layer was given, and the state after the last layer."""

    token_ids: Int[Tensor, " seq_len"]
    layer: LayerInputs
    states: Float[Tensor, "seq_len d_model"]


@torch.inference_mode()
def read_long_text(
    model: LanguageModel,
    token_ids: TokenIds,
    layer: int,
    layer_schedule: Sequence[Pattern] | None = None,
    sink_logit: float | int | None = None,
) -> LongReading:
    """Read a text of any length and keep what one layer, from 0, was given.

    Memory grows with the text, not with its square.  Raises ValueError as `LanguageModel.run` does.
    """
    tokens, sinks = model.check_tokens(token_ids), model.sinks(sink_logit)
    model.check_layers([layer])
    inputs, states = model.transformer.watch_layer(tokens, layer, layer_schedule, sinks)
    return LongReading(tokens, inputs, states)


@torch.inference_mode()
def next_logits(
    model: LanguageModel, reading: LongReading, start: int, stop: int
) -> Float[Tensor, "n_positions vocab_size"]:
    """The logits after the tokens start .. stop - 1."""
    return model.transformer.unembed(reading.states[start:stop])


@torch.inference_mode()
def band(layer: LayerInputs, start: int, stop: int) -> Band:
    """The scores and weights of the queries start .. stop - 1, with only the keys that they read.

    The same steps as those of the reference, on fewer keys.
    """
    keys, is_read = keys_read(layer, start, stop)
    first, last = int(keys[is_read].min()), int(keys.max())
    query, key = at_least_float32(layer.query[:, start:stop], layer.key[:, first : last + 1])
    n_heads, head_dim = len(query), query.shape[-1]
    pairs = pair_scores(query, repeat_kv(key, n_heads)) / math.sqrt(head_dim)
    place = (keys - first).clamp(min=0).expand(n_heads, -1, -1)
    scores = capped(pairs.gather(-1, place), layer.score_cap).masked_fill(~is_read, -torch.inf)
    return Band(start, keys, scores, softmax_beside(layer.sink_logit, scores, is_read))


def keys_read(
    layer: LayerInputs, start: int, stop: int
) -> tuple[Int[Tensor, "q_len width"], Bool[Tensor, "q_len width"]]:
    """The keys that each query reads, -1 where it reads fewer than others, and where it reads."""
    device, seq_len = layer.key.device, layer.key.shape[1]
    query_pos = torch.arange(start, stop, device=device)[:, None]
    visible = layer.pattern.visible(query_pos, torch.arange(seq_len, device=device)[None, :])
    row, column = visible.expand(stop - start, seq_len).nonzero(as_tuple=True)
    counts = row.bincount(minlength=stop - start)
    place = torch.arange(len(row), device=device) - (counts.cumsum(0) - counts)[row]
    keys = torch.full((stop - start, int(counts.max())), -1, device=device)
    keys[row, place] = column
    return keys, keys >= 0


def block_shares(layer: LayerInputs, size: int) -> Float[Tensor, "n_heads n_blocks n_blocks"]:
    """The layer seen from afar, in blocks of `size` tokens.

    Entry i, j is the share of the attention of the queries in block i that goes to the keys in
    block j, on average.  So a row sums to 1, unless a sink logit takes some.
    """
    n_heads, seq_len = layer.query.shape[:2]
    n_blocks = -(-seq_len // size)
    step = size * max(1, PAIRS_AT_ONCE // (n_heads * seq_len * size))
    starts = range(0, seq_len, step)
    rows = [shares_by_block(band(layer, i, min(i + step, seq_len)), size, n_blocks) for i in starts]
    means = [block.mean(dim=1) for each in rows for block in each.split(size, dim=1)]
    return torch.stack(means, dim=1)


def shares_by_block(part: Band, size: int, n_blocks: int) -> Float[Tensor, "n_heads q_len blocks"]:
    """What each query of a band gives to the keys of each block."""
    shares = part.weights.new_zeros(*part.weights.shape[:-1], n_blocks)
    block = part.keys.clamp(min=0) // size
    return shares.scatter_add_(-1, block.expand(part.weights.shape), part.weights)
