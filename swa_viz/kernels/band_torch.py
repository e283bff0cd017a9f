"""band_torch: cut the queries into blocks, and give each block only the keys near it.

A block of B queries that look at most `back` tokens behind and `ahead` tokens before themselves
touch back + B + ahead keys in all, wherever the block lies: n / B blocks cost n * (W + B - 1)
scores instead of n * n.  A stretch of neighbouring blocks goes through one call of torch's
attention, with gradients, on any device; its blocks are overlapping views of the keys, so no key is
copied for its second block.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from einops import rearrange, repeat
from torch.autograd.function import once_differentiable

from swa_viz.kernels.kernel import Kernel, Request
from swa_viz.patterns import Pattern, Span
from swa_viz.shapes import Bool, Float, Tensor

SMALLEST_BLOCK, LARGEST_BLOCK = 32, 256
MASK_ENTRIES = 2**20  # of one call: bounds the extra memory, however long the text


@dataclass(frozen=True)
class Within(Pattern):
    """The same rule on a text of `kv_len` tokens: nobody looks further than the text goes.

    >>> from swa_viz.patterns import SlidingWindow
    >>> Within(SlidingWindow(4096), kv_len=1024).span
    Span(back=1023, ahead=0)
    """

    pattern: Pattern
    kv_len: int

    def visible(self, query_pos, key_pos):
        return self.pattern.visible(query_pos, key_pos)

    @property
    def span(self):
        return Span(*(min(side, self.kv_len - 1) for side in self.pattern.span))


def block_size(pattern: Pattern, q_len: int) -> int:
    """Queries per block: half of what a query reads, so that a third of the scores are edge.

    Not too small, for each block costs a start; not too large, for its scores should stay in the
    processor's cache.
    """
    half = (sum(pattern.span) + 1) // 2
    return min(q_len, max(SMALLEST_BLOCK, min(half, LARGEST_BLOCK)))


def block_width(pattern: Pattern, q_len: int) -> int:
    """Keys that one block touches."""
    return sum(pattern.span) + block_size(pattern, q_len)


def blocks_at_once(pattern: Pattern, q_len: int, group: int) -> int:
    """Blocks per call, so that their masks together stay below MASK_ENTRIES, but at least one."""
    entries = group * block_size(pattern, q_len) * block_width(pattern, q_len)
    return max(1, MASK_ENTRIES // entries)


class Stretch(NamedTuple):
    """Neighbouring blocks: which of the queries, and which of the keys lie near them."""

    queries: slice
    keys: slice

    def of(self, query: Tensor, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Views of its own part of the whole text's queries, keys and values."""
        return query[:, :, self.queries], key[:, self.keys], value[:, self.keys]


def stretches(pattern: Pattern, q_len: int, kv_len: int, group: int) -> Iterator[Stretch]:
    """The text, cut so that each part goes through one call."""
    (back, ahead), past = pattern.span, kv_len - q_len
    n_queries = blocks_at_once(pattern, q_len, group) * block_size(pattern, q_len)
    for first in range(0, q_len, n_queries):
        stop = min(first + n_queries, q_len)
        near = slice(max(past + first - back, 0), min(past + stop + ahead, kv_len))
        yield Stretch(slice(first, stop), near)


def block_mask(
    pattern: Pattern, kv_len: int, block: int, firsts: range, device: torch.device
) -> Bool[Tensor, "n_blocks block width"]:
    """Which near keys each query may read, for the blocks whose first queries are `firsts`.

    Keys before or after the text are never visible.
    """
    back, ahead = pattern.span
    first = torch.tensor(firsts, device=device)[:, None, None]
    query_pos = first + torch.arange(block, device=device)[None, :, None]
    key_pos = first + torch.arange(-back, block + ahead, device=device)[None, None, :]
    inside = (key_pos >= 0) & (key_pos < kv_len)
    return pattern.visible(query_pos, key_pos) & inside


def near_keys(
    heads: Float[Tensor, "batch_heads near head_dim"], before: int, width: int, firsts: range
) -> Float[Tensor, "batch_heads n_blocks width head_dim"]:
    """For every block of queries, a view of the keys (or values) near it, zeros beyond the text.

    `before` keys are missing at the text's start.
    """
    after = (len(firsts) - 1) * firsts.step + width - before - heads.shape[1]
    if before or after:  # only at the text's ends: it copies
        heads = F.pad(heads, (0, 0, before, after))
    return heads.unfold(1, width, firsts.step).transpose(-2, -1)


def attend_stretch(
    query: Float[Tensor, "batch_heads group queries head_dim"],
    key: Float[Tensor, "batch_heads near head_dim"],
    value: Float[Tensor, "batch_heads near head_dim"],
    pattern: Pattern,
    stretch: Stretch,
    q_len: int,
    kv_len: int,
) -> Float[Tensor, "batch_heads group queries head_dim"]:
    """Cut into blocks, attend inside each, put the blocks together again.

    Query heads that share a key head stand above each other in one block.  A query that reads
    nothing has no average: it is shown everything, and then gets zeros.
    """
    group, n_queries = query.shape[1:3]
    block, width = block_size(pattern, q_len), block_width(pattern, q_len)
    first = kv_len - q_len + stretch.queries.start
    firsts = range(first, first + n_queries, block)
    padded = F.pad(query, (0, 0, 0, -n_queries % block))
    queries = rearrange(padded, "bh g (n block) d -> bh n (g block) d", block=block)
    before = pattern.span[0] - (first - stretch.keys.start)
    keys, values = (near_keys(heads, before, width, firsts) for heads in (key, value))
    mask = block_mask(pattern, kv_len, block, firsts, query.device)
    mask = repeat(mask, "n block width -> n (g block) width", g=group)
    idle = ~mask.any(dim=-1, keepdim=True)
    output = F.scaled_dot_product_attention(queries, keys, values, attn_mask=(mask | idle)[None])
    if output.is_cuda or idle.any():  # CUDA would have to be waited for to say
        output = output.masked_fill(idle, 0)
    return rearrange(output, "bh n (g block) d -> bh g (n block) d", g=group)[:, :, :n_queries]


class Band(torch.autograd.Function):
    """Attention stretch by stretch; on the way back each stretch adds to its own part only.

    Left to itself, autograd would make a gradient as large as the whole text for every stretch.
    """

    @staticmethod
    def forward(ctx, query, key, value, pattern, needs_grad):
        """Write the output of every stretch to its place."""
        (_, group, q_len, _), kv_len = query.shape, key.shape[1]
        ctx.shapes, ctx.graphs = (query.shape, key.shape, value.shape), []
        output = torch.empty_like(query)
        for stretch in stretches(pattern, q_len, kv_len, group):
            leaves = [t.detach().requires_grad_(needs_grad) for t in stretch.of(query, key, value)]
            with torch.set_grad_enabled(needs_grad):
                own = attend_stretch(*leaves, pattern, stretch, q_len, kv_len)
            output[:, :, stretch.queries] = own.detach()
            if needs_grad:
                ctx.graphs.append((stretch, leaves, own))
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx, output_grad):
        """Neighbouring stretches share keys, so what they give back is added up."""
        grads = [output_grad.new_zeros(shape) for shape in ctx.shapes]
        for stretch, leaves, own in ctx.graphs:
            own_grad = output_grad[:, :, stretch.queries]
            given = torch.autograd.grad(own, leaves, own_grad)
            for total, part in zip(stretch.of(*grads), given, strict=True):
                total += part
        return *grads, None, None


def compute(query, key, value, pattern):
    """Query heads that share a key head stand side by side, so that keys never repeat."""
    group, kv_len = query.shape[-3] // key.shape[-3], key.shape[-2]
    queries = query.reshape(-1, group, *query.shape[-2:])
    keys, values = (heads.reshape(-1, *heads.shape[-2:]) for heads in (key, value))
    needs_grad = torch.is_grad_enabled() and any(t.requires_grad for t in (query, key, value))
    output = Band.apply(queries, keys, values, Within(pattern, kv_len), needs_grad)
    return output.reshape(query.shape)


def scored_pairs(pattern: Pattern, q_len: int, kv_len: int) -> int:
    """Every block scores all its near keys, padding included."""
    pattern = Within(pattern, kv_len)
    block = block_size(pattern, q_len)
    return len(range(kv_len - q_len, kv_len, block)) * block * block_width(pattern, q_len)


def refuse(request: Request) -> str | None:
    """Only patterns that say how far a query looks, with nothing read from any distance."""
    pattern = request.pattern
    if pattern.states("span") and None not in pattern.span and pattern.n_pinned == 0:
        return None
    return f"it gives each block the keys near it, and {pattern.label!r} reads others too"


BAND_TORCH = Kernel(
    name="band_torch",
    idea="cuts the queries into blocks and shows each block only the keys near it",
    refuse=refuse,
    compute=compute,
    scored_pairs=scored_pairs,
)
