"""flex: FlexAttention, which compiles a pattern's own predicate into a fused kernel.

`create_block_mask` asks the predicate which 128 x 128 blocks hold anything at all; the kernel skips
the empty ones (PyTorch, "FlexAttention", 2024).  Compiled on CUDA.  Elsewhere the same function
runs uncompiled: right, but it scores every pair.
"""

import math
from functools import cache

import torch
from torch.nn.attention.flex_attention import BlockMask, create_block_mask, flex_attention

from swa_viz.kernels.kernel import Kernel, Request
from swa_viz.kernels.memory import Memory, is_value
from swa_viz.patterns import Pattern

SMALLEST_HEAD = 16  # what the generated CUDA code can multiply


def n_bytes(mask: BlockMask) -> int:
    """The memory of a block mask."""
    return sum(part.nbytes for part in mask.as_tuple() if isinstance(part, torch.Tensor))


MASKS = Memory(n_bytes)


def block_mask(pattern: Pattern, q_len: int, kv_len: int, device: torch.device) -> BlockMask:
    """The mask of a pattern, drawn once."""

    def draw() -> BlockMask:
        return draw_block_mask(pattern, q_len, kv_len, device)

    return MASKS.get((pattern, q_len, kv_len, device), draw) if is_value(pattern) else draw()


def draw_block_mask(pattern: Pattern, q_len: int, kv_len: int, device: torch.device) -> BlockMask:
    """Which blocks hold a visible pair.  The queries are the last `q_len` positions."""
    earlier = kv_len - q_len
    return create_block_mask(
        lambda batch, head, row, key_pos: pattern.visible(row + earlier, key_pos),
        B=None,
        H=None,
        Q_LEN=q_len,
        KV_LEN=kv_len,
        device=str(device),
    )


@cache
def compiled():
    """The fused kernel; torch generates and compiles it on first use."""
    return torch.compile(flex_attention, dynamic=False)


def compute(query, key, value, pattern):
    """One call with the pattern's block mask; heads that share keys are grouped by torch."""
    flat = (t.reshape(math.prod(t.shape[:-3]), *t.shape[-3:]) for t in (query, key, value))
    mask = block_mask(pattern, query.shape[-2], key.shape[-2], query.device)
    attend = compiled() if query.device.type == "cuda" else flex_attention
    grouped = query.shape[-3] != key.shape[-3]
    return attend(*flat, block_mask=mask, enable_gqa=grouped).reshape(query.shape)


def refuse(request: Request) -> str | None:
    """Any pattern; on the processor torch offers no gradients for it."""
    if request.device_type == "cpu" and request.needs_grad:
        return "torch has no gradients for FlexAttention on the processor (cpu)"
    if request.device_type == "cuda" and request.dtype == torch.float64:
        return "on CUDA it is compiled for 32 bits and less, and the tensors are torch.float64"
    if request.device_type == "cuda" and request.head_dim < SMALLEST_HEAD:
        return f"on CUDA it needs heads of at least {SMALLEST_HEAD} numbers: {request.head_dim}"
    return None


FLEX = Kernel(
    name="flex",
    idea="torch's FlexAttention: skips blocks that the pattern leaves empty, compiled on CUDA",
    refuse=refuse,
    compute=compute,
)
