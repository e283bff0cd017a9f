"""The library's own kernels as contenders, forward and in a training step.

A kernel is called as everyone calls it: its plan is part of the time.  Only the mask of `sdpa_mask`
is drawn before, because a model draws it once for all its layers.
"""

from collections.abc import Callable
from dataclasses import replace

import torch.nn.functional as F

from swa_viz.cost import output_bytes
from swa_viz.kernels import KERNELS
from swa_viz.kernels.band_torch import MASK_ENTRIES, block_size, block_width, blocks_at_once
from swa_viz.kernels.kernel import Kernel, Request
from swa_viz.patterns import Causal, Pattern, SlidingWindow, build_mask
from swa_viz.timing.contender import Contender, Inputs, Prepared, Shape, whole_square

# Measured; a test holds them against a process of its own.  Per pair of tokens: the comparison of
# positions, the mask, and torch's copy of it in numbers.  In tensors as large as the output: a
# training step, and one in blocks, which keeps the blocks' masks too.  In bytes: one stretch of
# blocks with its masks and scores.
MASK_BYTES_PER_PAIR, KEPT_MASK_BYTES = 11, 9
STEP_OUTPUTS, BLOCKS_OUTPUTS = 5, 7
STRETCH_BYTES = 24 * MASK_ENTRIES


def one_output(pattern: Pattern, shape: Shape) -> int:
    """A fused kernel needs its output and next to nothing else: it never writes scores down."""
    return output_bytes(shape.seq_len, shape.n_heads, shape.head_dim)


def drawn_mask(pattern: Pattern, shape: Shape) -> int:
    """Drawing a mask takes some bytes for every pair of tokens."""
    return one_output(pattern, shape) + MASK_BYTES_PER_PAIR * shape.seq_len**2


def full_step(pattern: Pattern, shape: Shape) -> int:
    """Output, gradients, and torch's copies of them."""
    return STEP_OUTPUTS * one_output(pattern, shape)


def masked_step(pattern: Pattern, shape: Shape) -> int:
    """The mask is drawn before, and most of what that takes is given back."""
    return max(full_step(pattern, shape), drawn_mask(pattern, shape))


def one_stretch(pattern: Pattern, shape: Shape) -> int:
    """The output, and one stretch of blocks at a time."""
    return one_output(pattern, shape) + STRETCH_BYTES


def blocks_step(pattern: Pattern, shape: Shape) -> int:
    """Outputs and gradients, every block's mask, and the gradients of the keys near one stretch."""
    n = shape.seq_len
    pattern = SlidingWindow(min(pattern.window_size, n))
    block, width = block_size(pattern, n), block_width(pattern, n)
    stretch = min(n, block * blocks_at_once(pattern, n, group=shape.n_heads // shape.n_kv_heads))
    near = 2 * stretch / n * width / block
    outputs = BLOCKS_OUTPUTS + near
    return int(outputs * one_output(pattern, shape)) + KEPT_MASK_BYTES * n * width


def from_kernel(kernel: Kernel, **more) -> Contender:
    """A kernel of the library enters the race as it is."""

    def prepare(inputs: Inputs, pattern: Pattern) -> Prepared:
        return Prepared(lambda: kernel(*inputs, pattern))

    def refuse(request: Request, shape: Shape) -> str | None:
        return kernel.refuse(request)

    return Contender(kernel.name, kernel.idea, prepare, refuse, **{"n_bytes": one_output} | more)


def prepare_mask(inputs: Inputs, pattern: Pattern) -> Prepared:
    """Torch's fused attention with a mask [seq_len, seq_len] that is drawn before."""
    n, grouped = inputs.shape.seq_len, inputs.shape.n_kv_heads < inputs.shape.n_heads
    mask = build_mask(pattern, n, n).to(inputs.query.device)
    return Prepared(
        lambda: F.scaled_dot_product_attention(*inputs, attn_mask=mask, enable_gqa=grouped)
    )


def without_window(contender: Contender, name: str) -> Contender:
    """The same contender, which computes full causal attention whatever it is asked for."""
    return replace(contender, name=name, pattern=lambda asked: Causal())


def training(contender: Contender, n_bytes: Callable[[Pattern, Shape], int]) -> Contender:
    """The same contender, forward and backward, under a name of its own."""
    return replace(contender, name=f"{contender.name}_step", trains=True, n_bytes=n_bytes)


SDPA_FULL = without_window(from_kernel(KERNELS["sdpa_full"]), "sdpa_full")
SDPA_MASK = Contender(
    "sdpa_mask",
    "torch's fused attention with the pattern as a mask",
    prepare_mask,
    work=whole_square,
    n_bytes=drawn_mask,
)
BAND_NUMBA = from_kernel(KERNELS["band_numba"], package="numba", module="numba")
BAND_TORCH = from_kernel(KERNELS["band_torch"], n_bytes=one_stretch)
FLEX = from_kernel(KERNELS["flex"], n_bytes=drawn_mask)  # it draws all pairs to find empty blocks
FORWARD = {c.name: c for c in (SDPA_FULL, SDPA_MASK, BAND_NUMBA, BAND_TORCH, FLEX)}
TRAINING = {
    "sdpa_full": training(SDPA_FULL, full_step),
    "sdpa_mask": training(SDPA_MASK, masked_step),
    "band_torch": training(BAND_TORCH, blocks_step),
    "flex": training(FLEX, masked_step),
}
