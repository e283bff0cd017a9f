"""band_torch: cut the queries into blocks, and give each block only the keys near it.

A block of B queries and a window that looks `back` tokens behind and `ahead` tokens before it
touch back + B + ahead keys in all, wherever the block lies: n / B blocks cost n * (W + B - 1)
scores instead of n * n.  Many blocks go through one call of torch's attention, with gradients, on
any device.  Blocks are cut as overlapping views, so no key is copied for its second block.
"""

import math

import torch
import torch.nn.functional as F
from einops import rearrange, repeat

from swa_viz.kernels.kernel import Kernel, Request
from swa_viz.patterns import CentredWindow, Pattern, SlidingWindow
from swa_viz.shapes import Bool, Float, Tensor

SMALLEST_BLOCK, LARGEST_BLOCK = 32, 256
MASK_ENTRIES = 2**22  # of one call: bounds the extra memory, however long the text


def span(pattern: Pattern) -> tuple[int, int]:
    """How many tokens back and ahead of itself a query reads."""
    if isinstance(pattern, SlidingWindow):
        return pattern.window_size - 1, 0
    return pattern.radius, pattern.radius


def within(pattern: Pattern, kv_len: int) -> Pattern:
    """The same rule on a text of `kv_len` tokens, with a window no wider than the text.

    >>> within(SlidingWindow(4096), kv_len=1024), within(CentredWindow(3), kv_len=1024)
    (SlidingWindow(window_size=1024), CentredWindow(radius=3))
    """
    if isinstance(pattern, SlidingWindow):
        return SlidingWindow(min(pattern.window_size, kv_len))
    return CentredWindow(min(pattern.radius, kv_len - 1))


def block_size(pattern: Pattern, q_len: int) -> int:
    """Queries per block: half of what a query reads, so that a third of the scores are edge.

    Not too small, for each block costs a start; not too large, for its scores should stay in the
    processor's cache.
    """
    half = (sum(span(pattern)) + 1) // 2
    return min(q_len, max(SMALLEST_BLOCK, min(half, LARGEST_BLOCK)))


def block_width(pattern: Pattern, q_len: int) -> int:
    """Keys that one block touches."""
    return sum(span(pattern)) + block_size(pattern, q_len)


def blocks_at_once(pattern: Pattern, q_len: int, group: int) -> int:
    """Blocks per call, so that their masks together stay below MASK_ENTRIES, but at least one."""
    entries = group * block_size(pattern, q_len) * block_width(pattern, q_len)
    return max(1, MASK_ENTRIES // entries)


def block_mask(
    pattern: Pattern, kv_len: int, block: int, firsts: range, device: torch.device
) -> Bool[Tensor, "n_blocks block width"]:
    """Which near keys each query may read, for the blocks whose first queries are `firsts`.

    Keys before or after the text are never visible; queries after it may read anything, for a row
    that reads nothing has no average.
    """
    back, ahead = span(pattern)
    first = torch.tensor(firsts, device=device)[:, None, None]
    query_pos = first + torch.arange(block, device=device)[None, :, None]
    key_pos = first + torch.arange(-back, block + ahead, device=device)[None, None, :]
    inside = (key_pos >= 0) & (key_pos < kv_len)
    return (pattern.visible(query_pos, key_pos) & inside) | (query_pos >= kv_len)


def near_keys(
    heads: Float[Tensor, "batch n_kv_heads kv_len head_dim"], pattern: Pattern, q_len: int
) -> Float[Tensor, "batch_heads n_blocks width head_dim"]:
    """For every block of queries, a view of the keys (or values) near it, zeros beyond the text."""
    (back, ahead), block = span(pattern), block_size(pattern, q_len)
    before = back - (heads.shape[-2] - q_len)
    after = -q_len % block + ahead
    padded = F.pad(heads, (0, 0, before, after)).flatten(0, 1)
    return padded.unfold(1, block_width(pattern, q_len), block).transpose(-2, -1)


def compute(query, key, value, pattern):
    """Cut into blocks, attend inside each, put the blocks together again.

    Query heads that share a key head stand above each other in one block, so keys never repeat.
    """
    n_heads, q_len, _ = query.shape[-3:]
    kv_len = key.shape[-2]
    pattern = within(pattern, kv_len)
    block = block_size(pattern, q_len)
    n_batch, group = math.prod(query.shape[:-3]), n_heads // key.shape[-3]
    flat_query, key, value = (t.reshape(n_batch, *t.shape[-3:]) for t in (query, key, value))
    padded = F.pad(flat_query, (0, 0, 0, -q_len % block))
    to_blocks = "batch (h g) (n block) d -> (batch h) n (g block) d"
    queries = rearrange(padded, to_blocks, g=group, block=block)
    keys, values = (near_keys(heads, pattern, q_len) for heads in (key, value))

    firsts = range(kv_len - q_len, kv_len, block)
    at_once = blocks_at_once(pattern, q_len, group)
    outputs = []
    for n in range(0, len(firsts), at_once):
        some = slice(n, n + at_once)
        mask = block_mask(pattern, kv_len, block, firsts[some], query.device)
        mask = repeat(mask, "n block width -> n (g block) width", g=group)
        outputs.append(
            F.scaled_dot_product_attention(
                queries[:, some], keys[:, some], values[:, some], attn_mask=mask[None]
            )
        )
    from_blocks = "(batch h) n (g block) d -> batch (h g) (n block) d"
    output = rearrange(torch.cat(outputs, dim=1), from_blocks, batch=n_batch, g=group)
    return output[:, :, :q_len].reshape(query.shape)


def scored_pairs(pattern: Pattern, q_len: int, kv_len: int) -> int:
    """Every block scores all its near keys, padding included."""
    pattern = within(pattern, kv_len)
    block = block_size(pattern, q_len)
    return len(range(kv_len - q_len, kv_len, block)) * block * block_width(pattern, q_len)


def refuse(request: Request) -> str | None:
    """Only patterns that are one band."""
    if isinstance(request.pattern, (SlidingWindow, CentredWindow)):
        return None
    return f"it cuts a band into blocks, and {request.pattern.label!r} is not one band"


BAND_TORCH = Kernel(
    name="band_torch",
    idea="cuts the queries into blocks and shows each block only the keys near it",
    refuse=refuse,
    compute=compute,
    scored_pairs=scored_pairs,
)
