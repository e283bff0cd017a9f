"""band_torch: cut the queries into blocks, and give each block only the keys near it.

A block of B queries and a window that looks `back` tokens behind and `ahead` tokens before it
touch back + B + ahead keys in all, wherever the block lies: n / B blocks cost n * (W + B - 1)
scores instead of n * n.  All blocks go through one call of torch's attention, with gradients, on
any device.
"""

import torch
import torch.nn.functional as F
from einops import rearrange

from swa_viz.attention import repeat_kv
from swa_viz.kernels.kernel import Kernel, Request
from swa_viz.patterns import CentredWindow, Pattern, SlidingWindow
from swa_viz.shapes import Bool, Float, Tensor

SMALLEST_BLOCK = 32


def span(pattern: Pattern) -> tuple[int, int]:
    """How many tokens back and ahead of itself a query reads."""
    if isinstance(pattern, SlidingWindow):
        return pattern.window_size - 1, 0
    return pattern.radius, pattern.radius


def block_size(pattern: Pattern, q_len: int) -> int:
    """Queries per block: as many as the window is wide, so that at most half the work is edge."""
    return min(q_len, max(SMALLEST_BLOCK, sum(span(pattern)) + 1))


def block_mask(
    pattern: Pattern, q_len: int, kv_len: int, block: int
) -> Bool[Tensor, "n_blocks block width"]:
    """Which of its near keys each query of each block may read; padding is never visible."""
    back, ahead = span(pattern)
    first = torch.arange(kv_len - q_len, kv_len, block)[:, None, None]
    query_pos = first + torch.arange(block)[None, :, None]
    key_pos = first + torch.arange(-back, block + ahead)[None, None, :]
    inside = (key_pos >= 0) & (key_pos < kv_len)
    padding_query = query_pos >= kv_len
    return (pattern.visible(query_pos, key_pos) & inside) | padding_query


def near_keys(
    heads: Float[Tensor, "*batch n_heads kv_len head_dim"], pattern: Pattern, q_len: int, block: int
) -> Float[Tensor, "*batch n_heads n_blocks width head_dim"]:
    """For every block of queries, the keys (or values) that lie near it, zeros beyond the text."""
    back, ahead = span(pattern)
    kv_len, n_blocks = heads.shape[-2], -(-q_len // block)
    before = back - (kv_len - q_len)
    after = n_blocks * block + ahead - q_len
    padded = F.pad(heads, (0, 0, before, after))
    return padded.unfold(-2, back + block + ahead, block).transpose(-2, -1)


def compute(query, key, value, pattern):
    """Cut into blocks, attend inside each, put the blocks together again."""
    n_heads, q_len, _ = query.shape[-3:]
    kv_len, block = key.shape[-2], block_size(pattern, q_len)
    padding = -q_len % block
    blocks = rearrange(F.pad(query, (0, 0, 0, padding)), "... (n b) d -> ... n b d", b=block)
    near_key, near_value = (
        near_keys(repeat_kv(heads, n_heads), pattern, q_len, block) for heads in (key, value)
    )
    mask = block_mask(pattern, q_len, kv_len, block).to(query.device)
    output = F.scaled_dot_product_attention(blocks, near_key, near_value, attn_mask=mask)
    return rearrange(output, "... n b d -> ... (n b) d")[..., :q_len, :]


def refuse(request: Request) -> str | None:
    """Only patterns that are one band."""
    if isinstance(request.pattern, (SlidingWindow, CentredWindow)):
        return None
    return f"it cuts a band into blocks, and {request.pattern.label} is not one band"


BAND_TORCH = Kernel(
    name="band_torch",
    idea="cuts the queries into blocks and shows each block only the keys near it",
    refuse=refuse,
    compute=compute,
)
