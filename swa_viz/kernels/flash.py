"""flash: the FlashAttention package, whose kernel knows windows, where it is installed.

Its window counts tokens to the left and right *besides* the query, so our W is its (W - 1, 0)
(FlashAttention README; Dao 2023, arXiv 2307.08691).  With fewer queries than keys it takes the
queries as the last ones, as we do.  It runs on CUDA, in 16 bits, and the package is no requirement
of the lab.
"""

import math
from importlib.util import find_spec

import torch
from einops import rearrange

from swa_viz.kernels.kernel import Kernel, Request
from swa_viz.patterns import Pattern

EVERYTHING = (-1, -1)
HALVES = (torch.float16, torch.bfloat16)
LARGEST_HEAD = 256


def window_of(pattern: Pattern) -> tuple[bool, tuple[int, int]]:
    """The package's `causal` and `window_size` for a pattern that is one band.

    >>> from swa_viz.patterns import Causal, CentredWindow, SlidingWindow
    >>> window_of(SlidingWindow(8)), window_of(CentredWindow(3)), window_of(Causal())
    ((True, (7, 0)), (False, (3, 3)), (True, (-1, -1)))
    """
    back, ahead = pattern.span
    return pattern.causal, EVERYTHING if back is None else (back, ahead)


def compute(query, key, value, pattern):
    """One call; the package wants [batch, seq_len, n_heads, head_dim] and groups heads itself."""
    from flash_attn import flash_attn_func

    flat = (t.reshape(math.prod(t.shape[:-3]), *t.shape[-3:]) for t in (query, key, value))
    inputs = (rearrange(t, "batch heads n head_dim -> batch n heads head_dim") for t in flat)
    causal, window_size = window_of(pattern)
    output = flash_attn_func(*inputs, causal=causal, window_size=window_size)
    return rearrange(output, "batch n heads head_dim -> batch heads n head_dim").reshape(
        query.shape
    )


def refuse(request: Request) -> str | None:
    """One band, in 16 bits, on CUDA, with the package installed."""
    if not request.pattern.is_band:
        return f"it knows one band of keys, and {request.pattern.label!r} is not one"
    if request.device_type != "cuda":
        return f"it runs on CUDA, and the tensors are on {request.device_type}"
    if request.dtype not in HALVES:
        return f"it computes in 16 bits, and the tensors are {request.dtype}"
    if request.head_dim > LARGEST_HEAD:
        return f"it knows heads of at most {LARGEST_HEAD} numbers, not {request.head_dim}"
    if find_spec("flash_attn") is None:
        return "the package flash-attn is not installed"
    return None


FLASH = Kernel(
    name="flash",
    idea="the FlashAttention package: a fused CUDA kernel that knows windows",
    refuse=refuse,
    compute=compute,
)
